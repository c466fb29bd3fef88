import { SluiceError } from '../../kernel/sluice-error.js';
import { applyMigrations } from '../../model/migrations/apply-migrations.js';
import type { CommandContext } from '../command-context.js';
import { connectDatabase } from '../database/connect-database.js';
import { fillOwnedDatabase, readOwnedState, resetOwnedDatabase } from '../database/owned-database.js';
import { loadProject } from '../load-project.js';
import { createProgress } from '../progress.js';
import { type UsedDatabase, useDatabase } from '../use-database.js';

export interface SeedCommandOptions {
  readonly scale: number;
  readonly isReset: boolean;
}

/**
 * Fills Sluice's own database.
 *
 * @throws SluiceError `CONFLICT` for a database that Sluice did not make, and for one that is filled unless it
 *   is to be reset
 */
export async function seed(context: CommandContext, { scale, isReset }: SeedCommandOptions): Promise<void> {
  const project = context.findProject();
  const { app } = await loadProject(project);
  await useDatabase(context, async (database) => {
    await refuseForeign(database);
    if (isReset) await reset(database);
    const client = isReset ? await connectDatabase(database.url, 5_000) : database.client;
    try {
      await refuseFilled(client);
      await applyMigrations(client, project.migrationsDirectory);
      const progress = createProgress('Seeding', context.terminal);
      const begunMs = performance.now();
      const { env } = context.readConfig();
      const onProgress = progress.update;
      await fillOwnedDatabase({ client, databaseUrl: database.url, app, scale, env, onProgress });
      progress.finish(`Seeded at scale ${scale} in ${((performance.now() - begunMs) / 1000).toFixed(1)} s`);
    } finally {
      if (isReset) await client.end();
    }
  });
}

async function refuseForeign({ client, adminUrl }: UsedDatabase): Promise<void> {
  if (adminUrl !== null && (await readOwnedState(client)) !== null) return;
  throw new SluiceError(
    'CONFLICT',
    'Sluice fills no database that it did not make itself; nothing was changed',
    {
      hint: 'Unset DATABASE_URL to fill the embedded one.',
    },
  );
}

async function refuseFilled(client: UsedDatabase['client']): Promise<void> {
  if ((await readOwnedState(client)) !== 'filled') return;
  throw new SluiceError('CONFLICT', 'The embedded database is filled already; nothing was changed', {
    hint: 'To throw away all that it holds and fill it anew: npm run sluice -- seed --reset',
  });
}

async function reset({ client, adminUrl }: UsedDatabase): Promise<void> {
  await client.end();
  if (adminUrl !== null) await resetOwnedDatabase(adminUrl);
}
