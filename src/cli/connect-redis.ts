import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { EXPECTED_REDIS_URL, readRedisUrl } from '../kernel/config/redis-url.js';
import type { RedisClient } from '../kernel/redis-client.js';
import { SluiceError } from '../kernel/sluice-error.js';

const CONNECT_TIMEOUT_MS = 2_000;
/** A helper that is slower than this is taken for lost, and the request goes on without it. */
const COMMAND_TIMEOUT_MS = 1_000;
/** Its timer runs on where the connection was lost already, and would hold up the end of the process. */
const DISCONNECT_TIMEOUT_MS = 100;
const MAX_RECONNECT_DELAY_MS = 2_000;

const SETTINGS: RedisOptions = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  commandTimeout: COMMAND_TIMEOUT_MS,
  disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  maxRetriesPerRequest: 1,
};

export interface RedisListeners {
  /** Once per outage, not once per attempt to come back. */
  onLost(error: unknown): void;
  onBack(): void;
}

/**
 * A client that connects by itself, again and again; the caller disconnects it.
 *
 * @throws SluiceError `CONFIG_INVALID`
 */
export function connectRedis(url: string, { onLost, onBack }: RedisListeners): RedisClient {
  const redis = open(url, SETTINGS);
  let isLost = false;
  redis.on('error', (error) => {
    if (!isLost) onLost(error);
    isLost = true;
  });
  redis.on('ready', () => {
    if (isLost) onBack();
    isLost = false;
  });
  return redis;
}

/**
 * A client for queues of jobs, which wait in Redis itself for what comes, and for Redis where it is away. The caller
 * disconnects it.
 *
 * @throws SluiceError `CONFIG_INVALID`
 */
export function connectQueueRedis(url: string): RedisClient {
  const { connectTimeout, disconnectTimeout } = SETTINGS;
  const redis = open(url, { connectTimeout, disconnectTimeout, maxRetriesPerRequest: null });
  // That Redis is lost is told by those who ask something of it.
  redis.on('error', () => undefined);
  return redis;
}

function open(url: string, settings: RedisOptions): RedisClient {
  const place = readRedisUrl(url);
  if (place === null) {
    throw new SluiceError('CONFIG_INVALID', 'The URL of a Redis says nothing that can be connected to', {
      hint: `Expected: ${EXPECTED_REDIS_URL}.`,
    });
  }
  if (place.kind === 'server') return new Redis(url, { ...settings, retryStrategy: delayOf });
  const { nodes, username, password, isTls } = place;
  const own = { ...settings, username, password, tls: isTls ? {} : undefined };
  if (place.kind === 'cluster') {
    return new Cluster([...nodes], { redisOptions: own, clusterRetryStrategy: delayOf });
  }
  return new Redis({
    ...own,
    sentinels: [...nodes],
    name: place.master,
    db: place.db,
    sentinelPassword: place.sentinelPassword,
    sentinelTLS: isTls ? {} : undefined,
    enableTLSForSentinelMode: isTls,
    retryStrategy: delayOf,
    sentinelRetryStrategy: delayOf,
  });
}

function delayOf(attempt: number): number {
  return Math.min(attempt * 100, MAX_RECONNECT_DELAY_MS);
}
