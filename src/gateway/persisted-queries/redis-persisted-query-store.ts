import { type Clock, systemClock } from '../../kernel/clock.js';
import type { RedisClient } from '../../kernel/redis-client.js';
import { MAX_QUERIES, MAX_QUERY_BYTES, type PersistedQueryStore } from './persisted-query-store.js';

/**
 * Keeps one document and drops those registered longest ago beyond the bound, atomically.
 *
 * KEYS: 1 the document's key · 2 the index, a sorted set of hashes by time of registration
 * ARGV: 1 hash · 2 document · 3 life in seconds · 4 now in milliseconds · 5 documents at most · 6 key prefix
 * Returns how many were dropped.
 */
const SAVE_SCRIPT = `
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[1])
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. (ARGV[4] - ARGV[3] * 1000))
local dropped = redis.call('ZPOPMIN', KEYS[2], math.max(0, redis.call('ZCARD', KEYS[2]) - ARGV[5]))
for i = 1, #dropped, 2 do
  redis.call('DEL', ARGV[6] .. dropped[i])
end
return #dropped / 2
`;

/** Persisted queries in Redis, shared by all nodes. The connection belongs to whoever made it. */
export class RedisPersistedQueryStore implements PersistedQueryStore {
  readonly #redis: RedisClient;
  readonly #ttlSeconds: number;
  readonly #maxQueries: number;
  readonly #clock: Clock;
  // The hash tag keeps documents and index on one node of a cluster, which the script needs.
  readonly #prefix: string;

  constructor(options: {
    readonly redis: RedisClient;
    readonly ttlSeconds: number;
    /** Default: `MAX_QUERIES`. */
    readonly maxQueries?: number;
    /** Default: `sluice:v1`. */
    readonly namespace?: string;
    readonly clock?: Clock;
  }) {
    this.#redis = options.redis;
    this.#ttlSeconds = options.ttlSeconds;
    this.#maxQueries = options.maxQueries ?? MAX_QUERIES;
    this.#clock = options.clock ?? systemClock;
    this.#prefix = `${options.namespace ?? 'sluice:v1'}:{persisted-queries}:`;
  }

  async findQuery(hash: string): Promise<string | undefined> {
    return (await this.#redis.get(`${this.#prefix}${hash}`)) ?? undefined;
  }

  async saveQuery(hash: string, query: string): Promise<void> {
    if (Buffer.byteLength(query) > MAX_QUERY_BYTES) return;
    const keys = [`${this.#prefix}${hash}`, `${this.#prefix}index`];
    const values = [hash, query, this.#ttlSeconds, this.#clock.nowMs(), this.#maxQueries, this.#prefix];
    await this.#redis.eval(SAVE_SCRIPT, keys.length, ...keys, ...values);
  }
}
