import type { RedisClient } from '../kernel/redis-client.js';
import type { CheckDetail, ReadinessCheck } from './readiness.js';

/** As much of `pg.Pool` as a check needs. */
export interface QueryablePool {
  query(text: string): Promise<unknown>;
}

/** PostgreSQL answers. Without it the gateway can't serve. */
export function createDatabaseCheck(pool: QueryablePool): ReadinessCheck {
  return {
    name: 'database',
    isRequired: true,
    check: shareAttempt(async () => {
      await pool.query('SELECT 1');
      return null;
    }),
  };
}

/** Redis answers. Without it the gateway serves on, from memory. */
export function createRedisCheck(redis: RedisClient): ReadinessCheck {
  return {
    name: 'redis',
    isRequired: false,
    check: shareAttempt(async () => {
      // A lost connection queues commands until it is back; that isn't worth waiting for.
      if (redis.status !== 'ready') throw new Error(`the connection is ${redis.status}`);
      await redis.ping();
      return null;
    }),
  };
}

// Probes come every few seconds. While one hangs, the next ones share it, rather than take a connection each.
export function shareAttempt(attempt: ReadinessCheck['check']): ReadinessCheck['check'] {
  let pending: Promise<CheckDetail | null> | null = null;
  return () => {
    pending ??= attempt().finally(() => {
      pending = null;
    });
    return pending;
  };
}
