import { Redis } from 'ioredis';

const CONNECT_TIMEOUT_MS = 2_000;
/** A helper that is slower than this is taken for lost, and the request goes on without it. */
const COMMAND_TIMEOUT_MS = 1_000;
/** Its timer runs on where the connection was lost already, and would hold up the end of the process. */
const DISCONNECT_TIMEOUT_MS = 100;
const MAX_RECONNECT_DELAY_MS = 2_000;

export interface RedisListeners {
  /** Once per outage, not once per attempt to come back. */
  onLost(error: unknown): void;
  onBack(): void;
}

/** A client that connects by itself, again and again; the caller disconnects it. */
export function connectRedis(url: string, { onLost, onBack }: RedisListeners): Redis {
  const redis = new Redis(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: COMMAND_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    maxRetriesPerRequest: 1,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_DELAY_MS),
  });
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
