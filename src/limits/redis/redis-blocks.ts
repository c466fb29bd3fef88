import { type Clock, systemClock } from '../../kernel/clock.js';
import type { RedisClient } from '../../kernel/redis-client.js';
import type { BlockRecord, Blocks } from '../blocks/blocks.js';
import { SERVER_CLOCK } from './limit-script.js';
import { createRedisLimitKeys, type RedisLimitKeys } from './redis-limit-keys.js';
import { RedisScript } from './redis-script.js';

export interface RedisBlocksOptions {
  /** Stays its owner's. */
  readonly redis: RedisClient;
  /** As the limiter's. */
  readonly place: string;
  /** Records that are kept; those that end first are forgotten, though not their blocks. Default: 10,000. */
  readonly maxRecords?: number;
  /** Default: 1,000. Nobody's request waits for these. */
  readonly deadlineMs?: number;
  readonly clock?: Clock;
}

/**
 * Blocks of many nodes. What is in force stands with the caller's budgets, so that one call looks at both; the records
 * of all stand apart, as a cluster wants it, and are written once the block is.
 */
export class RedisBlocks implements Blocks {
  readonly #keys: RedisLimitKeys;
  readonly #clock: Clock;
  readonly #maxRecords: number;
  readonly #record: RedisScript;
  readonly #list: RedisScript;
  readonly #end: RedisScript;
  readonly #note: RedisScript;

  constructor(options: RedisBlocksOptions) {
    this.#keys = createRedisLimitKeys(options.place);
    this.#clock = options.clock ?? systemClock;
    this.#maxRecords = options.maxRecords ?? 10_000;
    const deadlineMs = options.deadlineMs ?? 1_000;
    const script = (text: string): RedisScript => new RedisScript(options.redis, { text, deadlineMs });
    this.#record = script(RECORD_SCRIPT);
    this.#list = script(LIST_SCRIPT);
    this.#end = script(END_SCRIPT);
    this.#note = script(NOTE_SCRIPT);
  }

  /** Writes down a block that was made now. */
  record(block: BlockRecord): Promise<void> {
    return this.#write(block, 1);
  }

  /** Writes down a block that is in force, unless it is written down. */
  ensureRecorded(block: BlockRecord): Promise<void> {
    return this.#write(block, 0);
  }

  async list(most: number): Promise<readonly BlockRecord[]> {
    const pairs = (await this.#list.run(this.#recordKeys, [most])) as (readonly [string, string | null])[];
    return pairs.map(([record, lifted]) => ({
      ...(JSON.parse(record) as BlockRecord),
      lifted: lifted === null ? null : (JSON.parse(lifted) as BlockRecord['lifted']),
    }));
  }

  async findEnd(subject: string): Promise<number | null> {
    const untilMs = Number(await this.#end.run([this.#keys.account(subject)], [0]));
    return untilMs === 0 ? null : untilMs;
  }

  async lift(subject: string, by: string): Promise<boolean> {
    const untilMs = Number(await this.#end.run([this.#keys.account(subject)], [1]));
    if (untilMs === 0) return false;
    const lifted = JSON.stringify({ atMs: this.#clock.nowMs(), by });
    await this.#note.run(this.#recordKeys, [subject, lifted]);
    return true;
  }

  async #write(block: BlockRecord, isNew: 0 | 1): Promise<void> {
    const { subject, untilMs } = block;
    const text = JSON.stringify({ ...block, lifted: null });
    await this.#record.run(this.#recordKeys, [subject, untilMs, text, this.#maxRecords, isNew]);
  }

  get #recordKeys(): readonly string[] {
    return [this.#keys.blockEnds, this.#keys.blockRecords];
  }
}

/**
 * KEYS: 1 ends of blocks · 2 hash of `record:<subject>` and `lifted:<subject>`
 * ARGV: 1 subject · 2 its end in ms since 1970 · 3 its record · 4 records to keep · 5 1 for a block that is new;
 *       else a record of the same block stays, with whoever lifted it
 */
const RECORD_SCRIPT = `${SERVER_CLOCK}
local function forget(subjects)
  for _, subject in ipairs(subjects) do
    redis.call('ZREM', KEYS[1], subject)
    redis.call('HDEL', KEYS[2], 'record:' .. subject, 'lifted:' .. subject)
  end
end
local known = redis.call('ZSCORE', KEYS[1], ARGV[1])
-- The same end, told a moment later, may be off by a rounding.
if ARGV[5] == '1' or not known or math.abs(known - ARGV[2]) > 10 then
  redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
  redis.call('HSET', KEYS[2], 'record:' .. ARGV[1], ARGV[3])
  redis.call('HDEL', KEYS[2], 'lifted:' .. ARGV[1])
end
forget(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 1000))
local over = redis.call('ZCARD', KEYS[1]) - ARGV[4]
if over > 0 then forget(redis.call('ZRANGE', KEYS[1], 0, over - 1)) end
local last = redis.call('ZRANGE', KEYS[1], -1, -1, 'WITHSCORES')
if last[2] then
  redis.call('PEXPIREAT', KEYS[1], math.ceil(last[2]))
  redis.call('PEXPIREAT', KEYS[2], math.ceil(last[2]))
end
`;

/**
 * KEYS: 1 ends of blocks · 2 hash of `record:<subject>` and `lifted:<subject>`
 * ARGV: 1 records at most
 * Returns pairs of a record that has not ended and who lifted it or nil, the last to end first.
 */
const LIST_SCRIPT = `${SERVER_CLOCK}
local subjects = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. string.format('%.3f', now), 'LIMIT', 0, ARGV[1])
local pairs = {}
for n, subject in ipairs(subjects) do
  pairs[n] = redis.call('HMGET', KEYS[2], 'record:' .. subject, 'lifted:' .. subject)
end
return pairs
`;

/**
 * KEYS: 1 a caller's hash
 * ARGV: 1 1 to lift its block and forget its violations, 0 to look only
 * Returns the end of the block that there is or was, in ms since 1970, 0 where there is none.
 */
const END_SCRIPT = `${SERVER_CLOCK}
local ends = redis.call('HGET', KEYS[1], 'block')
if ARGV[1] == '1' then redis.call('HDEL', KEYS[1], 'block', 'violations') end
if ends and tonumber(ends) > now then return ends end
return '0'
`;

/**
 * KEYS: 1 ends of blocks · 2 hash of `record:<subject>` and `lifted:<subject>`
 * ARGV: 1 subject · 2 when its block was lifted and by whom
 */
const NOTE_SCRIPT = `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then redis.call('HSET', KEYS[2], 'lifted:' .. ARGV[1], ARGV[2]) end
`;
