/**
 * Appends a record and sets the heartbeat unless the one that is there is younger. One from the future is not: another
 * server wrote it, or this one by a clock that has been set since.
 *
 * KEYS: 1 the heartbeat · 2 the list of records of the heartbeat's epoch
 * ARGV: 1 the heartbeat · 2 life of both keys in seconds · 3 records to keep; a tenth more at times ·
 *       4 id of the record, or empty where there is none · 5 the record
 * Returns 1, or 0 where the list ends with this id or a later one; nothing is written then.
 */
export const APPEND_SCRIPT = `
if ARGV[4] ~= '' then
  local newest = redis.call('LINDEX', KEYS[2], -1)
  if newest and tonumber(string.match(newest, '^%d+')) >= tonumber(ARGV[4]) then return 0 end
  local length = redis.call('RPUSH', KEYS[2], ARGV[5])
  if length > ARGV[3] * 1.1 then redis.call('LTRIM', KEYS[2], -ARGV[3], -1) end
  redis.call('EXPIRE', KEYS[2], ARGV[2])
end
local function split(heartbeat)
  return tonumber(string.match(heartbeat, '^%S+')), string.match(heartbeat, '%S+$')
end
local standing = redis.call('GET', KEYS[1])
if standing then
  local time, epoch = split(ARGV[1])
  local standing_time, standing_epoch = split(standing)
  local clock = redis.call('TIME')
  local now = clock[1] * 1000 + clock[2] / 1000
  if standing_epoch == epoch and standing_time > time and standing_time <= now then return 1 end
end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
`;
