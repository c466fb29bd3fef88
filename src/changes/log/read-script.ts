/**
 * Reads the heartbeat, the records behind an id, and the time, at one moment. Records come as one text, and from a
 * list rather than a stream: entries of a stream take a script three times as long to go through, and a client that
 * gets them as a list of lists another ten times as long.
 *
 * KEYS: 1 the heartbeat · 2 the list of records, by ascending ids
 * ARGV: 1 id behind which to read · 2 records at most · 3 bytes of records after which to stop
 * Returns seconds and microseconds of the clock, the heartbeat or an empty text, 1 if more records follow, and the
 * records, two NULs between them.
 */
export const READ_SCRIPT = `
local time = redis.call('TIME')
local heartbeat = redis.call('GET', KEYS[1]) or ''
local id, rest, bytes = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local length = redis.call('LLEN', KEYS[2])
local function is_behind(index)
  return tonumber(string.match(redis.call('LINDEX', KEYS[2], index), '^%d+')) > id
end
-- The first that is behind lies from first to last. Most readers are near the end: steps from there, each twice as long.
local first, last, step = 0, length, 1
while first < last do
  local probe = math.max(first, last - step)
  if not is_behind(probe) then
    first = probe + 1
    break
  end
  last, step = probe, step * 2
end
while first < last do
  local middle = math.floor((first + last) / 2)
  if is_behind(middle) then last = middle else first = middle + 1 end
end
local parts = {}
while first < length and rest > 0 and bytes > 0 do
  local rows = redis.call('LRANGE', KEYS[2], first, first + math.min(rest, 250) - 1)
  local text = table.concat(rows, '\\0\\0')
  parts[#parts + 1] = text
  first, rest, bytes = first + #rows, rest - #rows, bytes - #text
end
return { time[1], time[2], heartbeat, first < length and 1 or 0, table.concat(parts, '\\0\\0') }
`;
