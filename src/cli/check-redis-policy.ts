import type { RedisClient } from '../kernel/redis-client.js';
import type { Logger } from '../telemetry/logger.js';

const WANTED = 'noeviction';

/**
 * Warns where the Redis that keeps state throws things away once it is full: a session, a persisted query, a count, a part
 * of the change log. Many a managed Redis doesn't say, and then nothing is said either.
 */
export async function checkRedisPolicy(redis: RedisClient, log: Logger): Promise<void> {
  const policy = await readPolicy(redis);
  if (policy === null || policy === WANTED) return;
  log.warn(
    { policy },
    `REDIS_URL's Redis evicts what it has no room for: set maxmemory-policy to ${WANTED}, and name another one for the caches with SLUICE_CACHE_REDIS_URL`,
  );
}

async function readPolicy(redis: RedisClient): Promise<string | null> {
  try {
    const found = await redis.config('GET', 'maxmemory-policy');
    return Array.isArray(found) && typeof found[1] === 'string' ? found[1] : null;
  } catch {
    return null;
  }
}
