/**
 * The time in milliseconds since 1970, with microseconds as its fraction, by the clock of the server that has the keys.
 */
export const SERVER_CLOCK = `
local clock = redis.call('TIME')
local now = clock[1] * 1000 + clock[2] / 1000`;

/**
 * Decides operations in order, each granted whole or denied whole. It writes last.
 *
 * KEYS: hashes, one for each caller, whose fields are
 *   `<window in ms>:<rule>` the grants of one budget, see below
 *   `violations`            the same for violations
 *   `block`                 until when the caller is blocked, in milliseconds since 1970
 * ARGV: 1 JSON: [budgets, rules, shapes, callers, operations, violations]
 *   budgets    [field, window in ms]
 *   rules      [budget, limit, what stamps are rounded up to in ms]
 *   shapes     [1 for the subject of an operation, else 0, ...budgets that are charged]
 *   callers    for each of KEYS its shape
 *   operations one after another: 1 to charge or 0 to look, subject's index in KEYS or 0, number of charges, and for
 *              each charge index in KEYS, rule, amount
 *   violations [how many block, within how many ms, for how many ms]
 * Returns the time in microseconds; then for each operation 0 granted, 1 limited, 2 limited and blocked from now on,
 * 3 blocked, and the milliseconds that are left of a block; then for each of its charges units left, or
 * -1 - units left where there was no room, and the milliseconds until more are free, -1 for never.
 *
 * Grants are bytes: a head of 10 and 10 for each grant. The head holds when a violation of the rule was last counted
 * (6 bytes, ms) and the sum of all units that have left (4, modulo 2^32); a grant its stamp (6) and the sum up to it.
 * A grant counts while stamp + window > now.
 *
 * @param clock Lua that sets `now`
 */
export function createLimitScript(clock: string): string {
  return `
local batch = cjson.decode(ARGV[1])
local budgets, rules, shapes, callers, operations = batch[1], batch[2], batch[3], batch[4], batch[5]
local violations_limit, violations_window, block_ms = batch[6][1], batch[6][2], batch[6][3]
${clock}
local call, pack, parse, sub = redis.call, struct.pack, struct.unpack, string.sub
local ceil, floor = math.ceil, math.floor
local now_up = ceil(now)
local SPAN = 4294967296
-- A budget's state: numbered fields take Redis half as long as named ones. GONE of COUNT grants in TEXT don't count any
-- more, TOTAL and BASE are the sums up to the last and to those, PENDING is what the operation at hand wants.
local WINDOW, TEXT, COUNT, GONE, BASE, TOTAL, USED = 1, 2, 3, 4, 5, 6, 7
local VIOLATED, LAST, PENDING, FIRST, TOP, IS_CHANGED, IS_DUE = 8, 9, 10, 11, 12, 13, 14

-- How many grants have a stamp of at most this.
local function count_until(text, count, stamp)
  local low, high = 0, count
  while low < high do
    local middle = floor((low + high) / 2)
    if parse('>I6', text, 11 + middle * 10) > stamp then high = middle else low = middle + 1 end
  end
  return low
end

local function open(text, window)
  local state = { window, text, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, false, false }
  if not text then
    state[TEXT] = ''
    return state
  end
  local count = (#text - 10) / 10
  if count == 0 then
    state[VIOLATED], state[BASE] = parse('>I6I4', text)
    state[TOTAL] = state[BASE]
    return state
  end
  local violated, base, first = parse('>I6I4I6', text)
  local last, total = parse('>I6I4', text, #text - 9)
  if first + window <= now then
    local gone = count_until(text, count, now - window)
    base = parse('>I4', text, 7 + gone * 10)
    if gone < count then first = parse('>I6', text, 11 + gone * 10) end
    state[GONE] = gone
  end
  state[COUNT], state[BASE], state[VIOLATED] = count, base, violated
  state[FIRST], state[LAST], state[TOTAL] = first, last, total
  state[USED] = (total - base) % SPAN
  return state
end

-- What grants are stamped with now. Those with a later stamp get this one: the clock was set back, or they were rounded
-- up further for a limit that was higher; either way they were granted by now.
local function stamp(state, granule)
  local top = now_up
  if granule > 1 then top = ceil(now / granule) * granule end
  if state[LAST] > top then
    local kept = count_until(state[TEXT], state[COUNT], top)
    state[TEXT] = sub(state[TEXT], 1, 10 + kept * 10) .. pack('>I6I4', top, state[TOTAL])
    state[COUNT], state[LAST], state[IS_CHANGED], state[IS_DUE] = kept + 1, top, true, true
    if state[FIRST] > top then state[FIRST] = top end
  end
  return top
end

local function charge(state, top)
  local kept = state[COUNT]
  if kept > state[GONE] and state[LAST] == top then kept = kept - 1 end
  local total = (state[TOTAL] + state[PENDING]) % SPAN
  if state[GONE] == 0 and kept == state[COUNT] and kept > 0 then
    state[TEXT] = state[TEXT] .. pack('>I6I4', top, total)
  else
    state[TEXT] = pack('>I6I4', state[VIOLATED], state[BASE])
      .. sub(state[TEXT], 11 + state[GONE] * 10, 10 + kept * 10) .. pack('>I6I4', top, total)
  end
  -- Once in a quarter of the window is often enough to look after the key's life, see below.
  local quarter = state[WINDOW] / 4
  if kept == 0 or floor(top / quarter) ~= floor(state[LAST] / quarter) then state[IS_DUE] = true end
  state[COUNT] = kept - state[GONE] + 1
  if state[COUNT] == 1 then state[FIRST] = top end
  state[GONE], state[LAST], state[TOTAL] = 0, top, total
  state[USED] = state[USED] + state[PENDING]
  state[PENDING], state[IS_CHANGED] = 0, true
end

-- Milliseconds until so many units of what counts have left.
local function wait_for(state, units)
  local low, high = state[GONE], state[COUNT] - 1
  while low < high do
    local middle = floor((low + high) / 2)
    if (parse('>I4', state[TEXT], 17 + middle * 10) - state[BASE]) % SPAN >= units then high = middle
    else low = middle + 1 end
  end
  return ceil(parse('>I6', state[TEXT], 11 + low * 10) + state[WINDOW] - now)
end

local fields = {}
for n, shape in ipairs(shapes) do
  local names = {}
  for at = 2, #shape do names[at - 1] = budgets[shape[at]][1] end
  if shape[1] == 1 then names[#shape] = 'block' end
  fields[n] = names
end

local accounts, violations, violators, blocks, touched = {}, {}, {}, {}, {}
for k, n in ipairs(callers) do
  local shape, account = shapes[n], {}
  local texts = call('HMGET', KEYS[k], unpack(fields[n]))
  for at = 2, #shape do account[shape[at]] = open(texts[at - 1], budgets[shape[at]][2]) end
  accounts[k] = account
  if shape[1] == 1 then blocks[k] = tonumber(texts[#shape] or 0) end
end

local reply, length = { floor(now * 1000) }, 1
local at = 1
while operations[at] do
  local is_take, subject, outcome, left, full = operations[at] == 1, operations[at + 1], 0, 0, nil
  local from, to = at + 3, at + 2 + operations[at + 2] * 3
  at = to + 1
  for c = from, to, 3 do
    local rule, amount = rules[operations[c + 1]], operations[c + 2]
    local state = accounts[operations[c]][rule[1]]
    state[TOP] = stamp(state, rule[3])
    if amount > 0 and state[USED] + state[PENDING] + amount > rule[2] then
      full, outcome = full or {}, 1
      full[c] = state[PENDING] + amount
    else
      state[PENDING] = state[PENDING] + amount
    end
  end
  if subject > 0 and blocks[subject] > now then
    outcome, left = 3, ceil(blocks[subject] - now)
  end
  for c = from, to, 3 do
    local state = accounts[operations[c]][rules[operations[c + 1]][1]]
    if is_take then
      if outcome == 0 and state[PENDING] > 0 then charge(state, state[TOP]) end
      if state[IS_CHANGED] then touched[operations[c]] = true end
    end
    state[PENDING] = 0
  end
  if is_take and outcome == 1 and subject > 0 then
    local is_new = false
    for c in pairs(full) do
      local state = accounts[operations[c]][rules[operations[c + 1]][1]]
      if state[VIOLATED] + state[WINDOW] <= now or state[VIOLATED] > now_up then is_new = true end
    end
    if is_new then
      for c in pairs(full) do
        local state = accounts[operations[c]][rules[operations[c + 1]][1]]
        state[VIOLATED] = now_up
        state[TEXT] = pack('>I6I4', now_up, state[BASE]) .. sub(state[TEXT], 11 + state[GONE] * 10)
        state[COUNT], state[GONE], state[IS_CHANGED], state[IS_DUE] = state[COUNT] - state[GONE], 0, true, true
        touched[operations[c]] = true
      end
      if violations[subject] == nil then violations[subject] = call('HGET', KEYS[subject], 'violations') end
      local counted = open(violations[subject], violations_window)
      local top = stamp(counted, 1)
      counted[PENDING] = 1
      charge(counted, top)
      violations[subject] = counted[TEXT]
      if counted[USED] >= violations_limit then
        blocks[subject], violations[subject] = now + block_ms, pack('>I6I4', 0, 0)
        outcome, left = 2, block_ms
      end
      touched[subject], violators[subject] = true, true
    end
  end
  reply[length + 1], reply[length + 2] = outcome, left
  length = length + 2
  for c = from, to, 3 do
    local rule = rules[operations[c + 1]]
    local state, limit, wanted = accounts[operations[c]][rule[1]], rule[2], full and full[c]
    local free, reset = limit - state[USED], 0
    if free < 0 then free = 0 end
    if wanted then
      free, reset = -1 - free, -1
      if wanted <= limit then reset = wait_for(state, state[USED] + wanted - limit) end
    elseif state[USED] > 0 then
      reset = ceil(state[FIRST] + state[WINDOW] - now)
    end
    reply[length + 1], reply[length + 2] = free, reset
    length = length + 2
  end
end

for k in pairs(touched) do
  local account, changed, count, life = accounts[k], {}, 0, 0
  for budget, state in pairs(account) do
    if state[IS_CHANGED] then
      changed[count + 1], changed[count + 2] = budgets[budget][1], state[TEXT]
      count = count + 2
      if state[IS_DUE] and state[WINDOW] > life then life = state[WINDOW] end
    end
  end
  if violators[k] then
    changed[count + 1], changed[count + 2] = 'violations', violations[k]
    count = count + 2
    if violations_window > life then life = violations_window end
    if blocks[k] > now then
      changed[count + 1], changed[count + 2] = 'block', string.format('%.0f', blocks[k])
      if block_ms > life then life = block_ms end
    end
  end
  call('HSET', KEYS[k], unpack(changed))
  -- What is needed is the window, and the sixtieth that stamps may lie ahead. What is set is enough for a quarter of a
  -- window more, in which nobody has to look again.
  if life > 0 and call('PTTL', KEYS[k]) < life * 1.3 then
    call('PEXPIRE', KEYS[k], ceil(life * 1.5))
  end
end
return reply
`;
}
