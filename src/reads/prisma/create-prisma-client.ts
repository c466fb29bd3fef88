import { PrismaPg } from '@prisma/adapter-pg';
import { createPool, type PoolSettings, readSchemaName } from '../pg/create-pool.js';

/** The options that a generated client's constructor is given. */
export interface PrismaClientOptions {
  readonly adapter: PrismaPg;
  /** Each statement is an event, for a reader's `onStatement`. */
  readonly log: { readonly emit: 'event'; readonly level: 'query' }[];
}

/**
 * A client of a generated class over a pool of its own, whose sessions are in UTC whatever the database is set
 * to: Prisma drops the zone of what it reads. No statement is prepared under a name, so it works through
 * PgBouncer as well. Connects when first used; the caller ends it with `$disconnect`, which ends the pool.
 */
export function createPrismaClient<Client>(
  clientClass: new (options: PrismaClientOptions) => Client,
  settings: PoolSettings,
): Client {
  const adapter = new PrismaPg(createPool(settings), {
    schema: readSchemaName(settings.url),
    disposeExternalPool: true,
  });
  return new clientClass({ adapter, log: [{ emit: 'event', level: 'query' }] });
}
