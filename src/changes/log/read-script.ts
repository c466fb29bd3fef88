/**
 * Reads the heartbeat, the records behind an id, and the time, at one moment. Records come as one text: as a list of
 * lists a client would take ten times as long to read them.
 *
 * KEYS: 1 the heartbeat · 2 the stream
 * ARGV: 1 id after which to read · 2 records at most · 3 bytes of records after which to stop
 * Returns seconds and microseconds of the clock, the heartbeat or an empty text, 1 if more records follow, and the
 * records: each its id, a NUL and its text, two NULs between them.
 */
export const READ_SCRIPT = `
local time = redis.call('TIME')
local heartbeat = redis.call('GET', KEYS[1]) or ''
local out, count, bytes, last, rest = {}, 0, 0, ARGV[1] .. '-0', tonumber(ARGV[2])
while rest > 0 and bytes < tonumber(ARGV[3]) do
  local step = math.min(rest, 250)
  local rows = redis.call('XRANGE', KEYS[2], '(' .. last, '+', 'COUNT', step)
  for i = 1, #rows do
    local row = rows[i]
    last = row[1]
    out[count + i] = last .. '\\0' .. row[2][2]
    bytes = bytes + #row[2][2]
  end
  count = count + #rows
  rest = rest - #rows
  if #rows < step then return { time[1], time[2], heartbeat, 0, table.concat(out, '\\0\\0') } end
end
return { time[1], time[2], heartbeat, 1, table.concat(out, '\\0\\0') }
`;
