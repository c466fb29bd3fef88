import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { Migration } from './migration-folder.js';

/** What `_prisma_migrations` knows of one migration, its rolled-back attempts left out. */
export interface RecordedMigration {
  readonly name: string;
  readonly checksum: string;
  /** Null: begun and failed. */
  readonly finishedAt: Date | null;
  readonly startedAt: Date;
  /** Of a failed one, what went wrong. */
  readonly logs: string | null;
}

/** Reads the history in the order of application; empty where there is no table yet. */
export async function readHistory(client: ClientBase): Promise<RecordedMigration[]> {
  if (!(await hasHistory(client))) return [];
  const { rows } = await client.query<RecordedMigration>(
    `SELECT migration_name AS name, checksum, finished_at AS "finishedAt", started_at AS "startedAt", logs
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at, migration_name`,
  );
  return rows;
}

/** Makes the table as Prisma makes it, unless it is there. */
export async function createHistory(client: ClientBase): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`);
}

/**
 * Records an attempt. Failed attempts at the same migration before it become rolled back, which is what
 * Prisma calls one that no longer matters.
 */
export async function recordAttempt(
  client: ClientBase,
  migration: Migration,
  attempt: { readonly startedAt: Date; readonly failure: string | null },
): Promise<void> {
  await client.query(
    `UPDATE _prisma_migrations SET rolled_back_at = now()
      WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`,
    [migration.name],
  );
  await client.query(
    `INSERT INTO _prisma_migrations
       (id, checksum, migration_name, started_at, finished_at, logs, applied_steps_count)
     VALUES ($1, $2, $3, $4, CASE WHEN $5::text IS NULL THEN clock_timestamp() END, $5,
             CASE WHEN $5::text IS NULL THEN 1 ELSE 0 END)`,
    [randomUUID(), migration.checksum, migration.name, attempt.startedAt, attempt.failure],
  );
}

async function hasHistory(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ found: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found`,
  );
  return rows[0]?.found === true;
}
