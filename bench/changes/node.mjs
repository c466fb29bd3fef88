import { Redis } from 'ioredis';
import { createChanges } from '../../dist/changes/node/create-changes.js';
import { createLogger } from '../../dist/telemetry/logger.js';
import { createMetrics } from '../../dist/telemetry/metrics.js';

/** A node as the gateway makes it, with its connection to Redis. */
export async function openNode({ databaseUrl, redisUrl, ...options }) {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 0 });
  await new Promise((resolve, reject) => {
    redis.once('ready', resolve);
    redis.once('error', reject);
  });
  const metrics = createMetrics();
  const changes = createChanges({
    databaseUrl,
    redis,
    metrics: metrics.changes,
    log: createLogger({ level: 'error', format: 'json' }),
    findUncaptured: async () => [],
    ...options,
  });
  return {
    changes,
    metrics: metrics.changes,
    close: async () => {
      await changes.close();
      redis.disconnect();
    },
  };
}
