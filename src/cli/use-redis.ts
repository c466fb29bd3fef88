import { join } from 'node:path';
import { findRunningRedis } from '../embedded/redis-server.js';
import { redactPassword } from '../kernel/config/redact-value.js';
import type { RedisClient } from '../kernel/redis-client.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { CommandContext } from './command-context.js';
import { connectRedis } from './connect-redis.js';

/**
 * Connects to the Redis that servers of this folder use: the configured one, or the private one of a Sluice that runs.
 * The caller disconnects it.
 *
 * @param without what is so where there is no Redis, to begin the error's sentence's second half
 * @throws SluiceError `SERVICE_MISSING`
 */
export async function useRedis(context: CommandContext, without: string): Promise<RedisClient> {
  const url = findUrl(context, without);
  const redis = connectRedis(url, { onLost: () => undefined, onBack: () => undefined });
  try {
    await redis.ping();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new SluiceError('SERVICE_MISSING', `Redis at ${redactPassword(url)} can't be reached`, {
      hint: 'Start Sluice, or correct REDIS_URL.',
      cause: error,
    });
  }
}

function findUrl(context: CommandContext, without: string): string {
  const { database, redis } = context.readConfig();
  // The private one belongs to the embedded database, and to whatever else is served from this folder.
  const url = redis.url ?? findRunningRedis(join(context.paths.stateDirectory, 'redis'));
  if (url !== null) return url;
  throw new SluiceError('SERVICE_MISSING', `There is no Redis, so ${without}`, {
    hint:
      database.url === null
        ? 'Install redis-server (apt-get install redis-server, brew install redis) and start Sluice again.'
        : 'Set REDIS_URL to the one that the servers have.',
  });
}
