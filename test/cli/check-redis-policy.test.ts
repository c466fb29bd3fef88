import { Redis } from 'ioredis';
import { checkRedisPolicy } from '../../src/cli/check-redis-policy.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { until } from '../embedded/until.js';
import { startRedisChild } from '../gateway/redis-child.js';
import { captureLog } from '../gateway/small-gateway.js';

describe('the Redis that keeps state', () => {
  it('is warned of where it evicts, and not where it doesn’t, or doesn’t say', async () => {
    const child = await startRedisChild();
    const redis = new Redis(child.url, { maxRetriesPerRequest: 0, retryStrategy: () => 50 });
    redis.on('error', () => undefined);
    await until('the connection', () => redis.status === 'ready');
    const captured = captureLog();
    const log = createLogger({ level: 'debug', format: 'json', destination: captured.destination });
    await checkRedisPolicy(redis, log);
    expect(captured.lines).toEqual([]);
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    await checkRedisPolicy(redis, log);
    expect(captured.lines).toMatchObject([
      { policy: 'allkeys-lru', msg: expect.stringContaining('noeviction') },
    ]);
    await child.kill();
    await checkRedisPolicy(redis, log);
    expect(captured.lines).toHaveLength(1);
    redis.disconnect();
  });
});
