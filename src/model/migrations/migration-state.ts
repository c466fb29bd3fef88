import type { ClientBase } from 'pg';
import { type Migration, matchesChecksum, readMigrations } from './migration-folder.js';
import { type RecordedMigration, readHistory } from './migration-history.js';

/** How a database stands to a folder of migrations. */
export interface MigrationState {
  /** To be applied, in order; a failed one is among them. */
  readonly pending: readonly Migration[];
  /** Names of those that are applied, in the order of application. */
  readonly applied: readonly string[];
  /** Those whose last attempt failed. */
  readonly failed: readonly RecordedMigration[];
  /** Names of applied ones whose file has been changed since. */
  readonly edited: readonly string[];
  /** Names of applied ones that the folder doesn't have: the database is ahead, or of another project. */
  readonly unknown: readonly string[];
}

/**
 * Compares the folder with the database's `_prisma_migrations`, as `prisma migrate status` does. Changes nothing.
 *
 * @param directory usually `prisma/migrations`
 * @throws SluiceError MIGRATION_FAILED for a migration without a migration.sql
 */
export async function findPendingMigrations(client: ClientBase, directory: string): Promise<MigrationState> {
  const migrations = await readMigrations(directory);
  const history = await readHistory(client);
  const applied = history.filter((record) => record.finishedAt !== null);
  const byName = new Map(migrations.map((migration) => [migration.name, migration]));
  const appliedNames = new Set(applied.map((record) => record.name));
  return {
    pending: migrations.filter((migration) => !appliedNames.has(migration.name)),
    applied: [...appliedNames],
    failed: history.filter((record) => record.finishedAt === null && !appliedNames.has(record.name)),
    edited: applied
      .filter((record) => isEdited(record, byName.get(record.name)))
      .map((record) => record.name),
    unknown: [...appliedNames].filter((name) => !byName.has(name)),
  };
}

function isEdited(record: RecordedMigration, migration: Migration | undefined): boolean {
  return migration !== undefined && !matchesChecksum(migration, record.checksum);
}
