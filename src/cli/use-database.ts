import { join } from 'node:path';
import type pg from 'pg';
import { findRunningPostgres } from '../embedded/postgres-server.js';
import { SluiceError } from '../kernel/sluice-error.js';
import { ClosingStack } from './closing-stack.js';
import type { CommandContext } from './command-context.js';
import { connectDatabase } from './database/connect-database.js';
import { openOwnedDatabase } from './database/owned-database.js';
import { type DatabaseService, openDatabaseService } from './open-services.js';
import { orStopped } from './wait-for-end.js';

export interface UsedDatabase {
  readonly client: pg.Client;
  readonly url: string;
  /** Of the embedded server; null for a database of the user's. */
  readonly adminUrl: string | null;
}

/**
 * Runs a command's work on the configured database, or on the embedded one: the one that a running Sluice of
 * this folder has, else one that is started for the time being.
 */
export async function useDatabase<Result>(
  context: CommandContext,
  work: (database: UsedDatabase) => Promise<Result>,
): Promise<Result> {
  const closing = new ClosingStack();
  try {
    const service = await openUsedDatabase(context, closing);
    const url = service.url ?? (await openOwnedDatabase(service.adminUrl ?? '')).url;
    const client = await connectDatabase(url, context.readConfig().database.connectTimeoutMs);
    closing.add(() => client.end());
    const working = work({ client, url, adminUrl: service.adminUrl });
    return await orStopped(working, context.stopSignal).catch((error) => {
      throw service.explain(error);
    });
  } finally {
    await closing.close();
  }
}

const explain = (error: unknown): unknown => error;

/** The configured database, or the embedded one: the one that runs, else one that is started. What is started is added to `closing`. */
export async function openUsedDatabase(
  context: CommandContext,
  closing: ClosingStack,
): Promise<DatabaseService> {
  const { stateDirectory } = context.paths;
  try {
    return await openDatabaseService({
      config: context.readConfig(),
      stateDirectory,
      path: context.env.PATH ?? '',
      closing,
      onProgress: (message) => context.terminal.note(message),
    });
  } catch (error) {
    if (!(error instanceof SluiceError && error.code === 'ALREADY_RUNNING')) throw error;
    const adminUrl = findRunningPostgres(join(stateDirectory, 'postgres'));
    return {
      adminUrl,
      url: null,
      description: 'the embedded PostgreSQL that is running',
      ended: null,
      explain,
    };
  }
}
