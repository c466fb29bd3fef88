import { join } from 'node:path';
import { startEmbeddedPostgres } from '../embedded/postgres-server.js';
import { type EmbeddedRedis, startEmbeddedRedis } from '../embedded/redis-server.js';
import type { Config } from '../kernel/config/config.js';
import { redactPassword } from '../kernel/config/redact-value.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { ClosingStack } from './closing-stack.js';

export interface ServiceOptions {
  readonly config: Config;
  readonly stateDirectory: string;
  /** `PATH`, where a `redis-server` is looked for. */
  readonly path: string;
  /** What is started is added, to be stopped. */
  readonly closing: ClosingStack;
  onProgress(message: string): void;
}

/** A PostgreSQL to use. */
export interface DatabaseService {
  /** Null: one of the user's own, which is never filled or dropped. */
  readonly adminUrl: string | null;
  /** Of the user's own; null where Sluice opens one on the embedded server. */
  readonly url: string | null;
  /** For people. */
  readonly description: string;
  /** Resolves with the reason if an embedded server ends by itself. */
  readonly ended: Promise<string> | null;
  /** The error again, or what on the server's side brought it about. */
  explain(error: unknown): unknown;
}

/** A Redis to use, or none. */
export interface RedisService {
  readonly url: string | null;
  readonly description: string;
}

/** The configured PostgreSQL, or the embedded one, started. */
export async function openDatabaseService(options: ServiceOptions): Promise<DatabaseService> {
  const { url } = options.config.database;
  if (url !== null) {
    return { adminUrl: null, url, description: redactPassword(url), ended: null, explain: (error) => error };
  }
  const directory = join(options.stateDirectory, 'postgres');
  const postgres = await startEmbeddedPostgres({ directory, onProgress: options.onProgress });
  options.closing.add(() => postgres.stop());
  return {
    adminUrl: postgres.adminUrl,
    url: null,
    description: `PostgreSQL ${postgres.version}, embedded (port ${postgres.port}, data in .sluice/postgres)`,
    ended: postgres.ended,
    explain: (error) => (postgres.isOutOfSpace() ? diskFull(error) : error),
  };
}

function diskFull(cause: unknown): SluiceError {
  return new SluiceError('DISK_FULL', 'The disk is full: PostgreSQL can not write its data', {
    hint: 'Free some space and start again.',
    cause,
  });
}

/** The configured Redis, or a private `redis-server` where the machine has one, else none. */
export async function openRedisService(options: ServiceOptions): Promise<RedisService> {
  const { url } = options.config.redis;
  if (url !== null) return { url, description: redactPassword(url) };
  const redis = await startRedis(options);
  if (typeof redis === 'string') return { url: null, description: redis };
  options.closing.add(() => redis.stop());
  return {
    url: redis.url,
    description: `redis-server ${redis.version}, started privately (port ${redis.port}, data in .sluice/redis)`,
  };
}

/** The server, or why memory serves in its place. */
async function startRedis({ stateDirectory, path }: ServiceOptions): Promise<EmbeddedRedis | string> {
  try {
    const redis = await startEmbeddedRedis({ directory: join(stateDirectory, 'redis'), path });
    return redis ?? 'none: no redis-server on the PATH, so memory serves';
  } catch (error) {
    // Two nodes of one folder on one database are fine; they only don't share a private Redis.
    if (error instanceof SluiceError && error.code === 'ALREADY_RUNNING') {
      return 'none: another Sluice of this folder has the private one, so memory serves';
    }
    throw error;
  }
}
