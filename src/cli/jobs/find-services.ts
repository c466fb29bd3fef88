import { join } from 'node:path';
import { findRunningRedis } from '../../embedded/redis-server.js';
import type { Config } from '../../kernel/config/config.js';
import type { ClosingStack } from '../closing-stack.js';
import type { CommandContext } from '../command-context.js';
import { connectRedis } from '../connect-redis.js';
import { openOwnedDatabase } from '../database/owned-database.js';
import { openUsedDatabase } from '../use-database.js';

export interface UsedServices {
  readonly databaseUrl: string;
  /** Null: queues are in PostgreSQL. */
  readonly redisUrl: string | null;
}

/** Those that servers of this folder use. */
export async function findServices(context: CommandContext, closing: ClosingStack): Promise<UsedServices> {
  const config = context.readConfig();
  const service = await openUsedDatabase(context, closing);
  const databaseUrl = service.url ?? (await openOwnedDatabase(service.adminUrl ?? '')).url;
  return { databaseUrl, redisUrl: await findRedis(context, config) };
}

/** The configured Redis, else the private one of a Sluice that runs. */
async function findRedis(context: CommandContext, { redis }: Config): Promise<string | null> {
  if (redis.url !== null) return redis.url;
  const url = findRunningRedis(join(context.paths.stateDirectory, 'redis'));
  if (url === null) return null;
  const client = connectRedis(url, { onLost: () => undefined, onBack: () => undefined });
  try {
    await client.ping();
    return url;
  } catch {
    // It has been left behind by one that is gone.
    return null;
  } finally {
    client.disconnect();
  }
}
