/**
 * Appends a record and sets the heartbeat unless the one that is there is younger.
 *
 * KEYS: 1 the heartbeat · 2 the stream of the heartbeat's epoch
 * ARGV: 1 the heartbeat · 2 life of both keys in seconds · 3 records to keep, about ·
 *       4 id of the record, or empty where there is none · 5 the record
 * Returns 1, or 0 where the stream has had this id or a later one; nothing is written then.
 */
export const APPEND_SCRIPT = `
if ARGV[4] ~= '' then
  local added = redis.pcall('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], ARGV[4] .. '-0', 'r', ARGV[5])
  if type(added) == 'table' and added.err then
    if string.find(added.err, 'equal or smaller', 1, true) then return 0 end
    return added
  end
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end
local standing = redis.call('GET', KEYS[1])
local function split(heartbeat)
  return tonumber(string.match(heartbeat, '^%S+')), string.match(heartbeat, '%S+$')
end
local time, epoch = split(ARGV[1])
if standing then
  local standing_time, standing_epoch = split(standing)
  if standing_epoch == epoch and standing_time > time then return 1 end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
`;
