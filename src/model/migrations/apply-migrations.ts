import type { ClientBase } from 'pg';
import { SluiceError } from '../../kernel/sluice-error.js';
import { StatementRefused, toMigrationError, toMigrationLog } from './migration-fault.js';
import type { Migration } from './migration-folder.js';
import { createHistory, readHistory, recordAttempt } from './migration-history.js';
import { withLockedSession, withLockedTransaction } from './migration-lock.js';
import { findPendingMigrations, type MigrationState } from './migration-state.js';
import { needsNoTransaction, type SqlStatement, splitStatements } from './sql-statements.js';

export interface AppliedMigration {
  readonly name: string;
  readonly durationMs: number;
}

/** Told before each migration what is being done, and how many of how many are done. */
export type MigrationProgress = (step: string, done: number, total: number) => void;

/**
 * Applies what is pending, in order, each migration in a transaction of its own that also records it in
 * `_prisma_migrations` the way Prisma does. A migration with statements that PostgreSQL refuses in a transaction
 * (CREATE INDEX CONCURRENTLY), or with transactions of its own, runs statement by statement. Several processes
 * may call this at a time: one does the work, the others wait for it.
 *
 * @param client a connection that nobody else uses meanwhile; it stays open
 * @param directory usually `prisma/migrations`
 * @returns what this call applied
 * @throws SluiceError MIGRATION_FAILED naming file, line and PostgreSQL's message. The failure is recorded, and
 *   the next call tries that migration again. Likewise, with nothing applied, where something is pending and
 *   the file of an applied migration has been changed.
 */
export async function applyMigrations(
  client: ClientBase,
  directory: string,
  onProgress: MigrationProgress = () => {},
): Promise<AppliedMigration[]> {
  const state = await findPendingMigrations(client, directory);
  const total = state.pending.length;
  if (total === 0) return [];
  refuseEdited(state);
  const applied: AppliedMigration[] = [];
  for (const [done, migration] of state.pending.entries()) {
    onProgress(migration.name, done, total);
    const onWait = (): void => onProgress('waiting for another process that migrates', done, total);
    const begunMs = performance.now();
    const isMine = await applyMigration(client, migration, onWait);
    if (isMine) applied.push({ name: migration.name, durationMs: performance.now() - begunMs });
  }
  onProgress('migrated', total, total);
  return applied;
}

function refuseEdited({ edited }: MigrationState): void {
  if (edited.length === 0) return;
  throw new SluiceError(
    'MIGRATION_FAILED',
    `Changed since they were applied to this database: ${edited.join(', ')}. Nothing was applied.`,
    { hint: 'Put the files back as they were, and write the change as a new migration.' },
  );
}

/** False where another process had applied it meanwhile. */
async function applyMigration(
  client: ClientBase,
  migration: Migration,
  onWait: () => void,
): Promise<boolean> {
  const statements = splitStatements(migration.sql);
  const isTransactional = !statements.some(needsNoTransaction);
  const withLock = isTransactional ? withLockedTransaction : withLockedSession;
  const startedAt = new Date();
  try {
    return await withLock(client, onWait, async () => {
      await createHistory(client);
      const history = await readHistory(client);
      if (history.some(({ name, finishedAt }) => name === migration.name && finishedAt !== null))
        return false;
      await runStatements(client, statements);
      await recordAttempt(client, migration, { startedAt, failure: null });
      return true;
    });
  } catch (error) {
    const recordError = await recordFailure(client, migration, { startedAt, error });
    throw toMigrationError({ migration, isRolledBack: isTransactional, error, recordError });
  }
}

async function runStatements(client: ClientBase, statements: readonly SqlStatement[]): Promise<void> {
  for (const statement of statements) {
    try {
      await client.query(statement.text);
    } catch (error) {
      throw new StatementRefused(statement, error);
    }
  }
}

/** What kept the failure from being recorded, or null. */
async function recordFailure(
  client: ClientBase,
  migration: Migration,
  { startedAt, error }: { readonly startedAt: Date; readonly error: unknown },
): Promise<unknown> {
  try {
    await withLockedTransaction(
      client,
      () => {},
      async () => {
        await createHistory(client);
        await recordAttempt(client, migration, { startedAt, failure: toMigrationLog(error) });
      },
    );
    return null;
  } catch (recordError) {
    return recordError;
  }
}
