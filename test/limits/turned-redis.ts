import { randomBytes } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import type { BlockPolicy } from '../../src/limits/blocks/block-policy.js';
import { RedisBlocks } from '../../src/limits/redis/redis-blocks.js';
import { createRedisLimitKeys } from '../../src/limits/redis/redis-limit-keys.js';
import { RedisLimiter, type RedisLimiterOptions } from '../../src/limits/redis/redis-limiter.js';
import { CALLERS, type LimiterSubject } from './limiter-contract.js';

/** Of a test's own. */
export function newPlace(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

/** Beside each caller's budgets stands what time it is for them, in the same slot of a cluster. */
const TURNED_CLOCK = `
local now = 0
if KEYS[1] then now = tonumber(redis.call('GET', KEYS[1] .. ':now')) end`;

/** A limiter in Redis whose clock the test turns. */
export function openTurnedRedis(
  redis: Redis | Cluster,
  blocks: BlockPolicy,
  options: Partial<RedisLimiterOptions> = {},
): LimiterSubject & { readonly limiter: RedisLimiter; readonly place: string } {
  const place = newPlace();
  const keys = createRedisLimitKeys(place);
  const limiter = new RedisLimiter({
    ...{ redis, place, blocks, clock: TURNED_CLOCK, deadlineMs: 30_000 },
    ...options,
  });
  return {
    place,
    limiter,
    blocks: new RedisBlocks({ redis, place, deadlineMs: 30_000 }),
    setNow: async (nowMs) => {
      await Promise.all(
        CALLERS.map((key) => redis.set(`${keys.account(key)}:now`, String(nowMs), 'EX', 600)),
      );
    },
    remove: async () => {
      for (const key of CALLERS) await redis.del(keys.account(key), `${keys.account(key)}:now`);
      await redis.del(keys.blockEnds, keys.blockRecords);
    },
  };
}
