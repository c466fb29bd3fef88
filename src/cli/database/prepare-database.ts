import { relative } from 'node:path';
import type { ClientBase } from 'pg';
import { voidAll } from '../../changes/capture/void-all.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { readIndexFacts } from '../../model/index-facts.js';
import { type AppliedMigration, applyMigrations } from '../../model/migrations/apply-migrations.js';
import { findPendingMigrations } from '../../model/migrations/migration-state.js';
import { findMissingInDatabase } from '../../model/missing-in-database.js';
import type { ModelGraph } from '../../model/model-graph.js';
import { MIGRATE } from '../require-engine-schema.js';

export interface PrepareDatabaseOptions {
  readonly client: ClientBase;
  readonly migrationsDirectory: string;
  readonly graph: ModelGraph;
  /** `manual`: what is pending is a fault, and nothing is changed. */
  readonly migrate: 'manual' | 'on-start';
  onProgress(message: string): void;
}

const MAX_LISTED = 10;

/**
 * Makes sure that a database has what the model names, or says what it lacks.
 *
 * @throws SluiceError `DATABASE_SCHEMA_LAGS`, `MIGRATION_FAILED`
 */
export async function prepareDatabase(options: PrepareDatabaseOptions): Promise<readonly AppliedMigration[]> {
  const { client, migrationsDirectory, graph, migrate } = options;
  const { pending } = await findPendingMigrations(client, migrationsDirectory);
  let applied: readonly AppliedMigration[] = [];
  if (pending.length > 0) {
    if (migrate === 'manual') throw pendingFault(pending.map(({ name }) => name));
    applied = await applyMigrations(client, migrationsDirectory, (step, done, total) =>
      options.onProgress(
        done === total ? 'The database is migrated' : `Migrating: ${step} (${done + 1} of ${total})`,
      ),
    );
    await voidAll(client);
  }
  const missing = findMissingInDatabase(graph, await readIndexFacts(client, graph));
  if (missing.length > 0) throw lagFault(missing, relative(process.cwd(), migrationsDirectory));
  return applied;
}

function pendingFault(names: readonly string[]): SluiceError {
  const count = names.length === 1 ? '1 migration waits' : `${names.length} migrations wait`;
  return new SluiceError(
    'DATABASE_SCHEMA_LAGS',
    `The database lags behind the model: ${count} to be applied:\n${list(names)}`,
    { hint: `Run ${MIGRATE}, or set SLUICE_DATABASE_MIGRATE=on-start` },
  );
}

function lagFault(missing: readonly string[], directory: string): SluiceError {
  return new SluiceError(
    'DATABASE_SCHEMA_LAGS',
    `The database lags behind the model, though every migration in ${directory} is applied. It lacks:\n${list(missing)}`,
    {
      hint: 'Write a migration that adds it (npm run sluice -- migrate new <name>) or correct prisma/schema.prisma.',
    },
  );
}

function list(items: readonly string[]): string {
  const shown = items.slice(0, MAX_LISTED).map((item) => `  ${item}`);
  const more = items.length - shown.length;
  return [...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n');
}
