import { readdir, readFile } from 'node:fs/promises';
import { z } from 'zod';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { SqlClient } from '../../model/database-catalog.js';

const SQL = new URL('../sql/', import.meta.url);
const FILE = /^(\d{3})-[a-z-]+\.sql$/;

const foundRow = z.object({ found: z.boolean() });
const versionRow = z.object({ version: z.int() });

/** One step of the engine's own schema. */
interface SchemaStep {
  readonly version: number;
  readonly file: string;
}

/** Files of `src/changes/sql` that have been applied by a call. */
export type AppliedSteps = readonly string[];

/**
 * Brings the schema `sluice` to what this version of Sluice needs, in one transaction. Several processes may call this
 * at a time: one does the work, the others wait for it.
 *
 * @param client a connection that nobody else uses meanwhile, outside a transaction
 * @throws SluiceError `DATABASE_SCHEMA_LAGS` where a later version of Sluice has been here: nothing is changed
 */
export async function applyEngineSchema(client: SqlClient): Promise<AppliedSteps> {
  const steps = await readSteps();
  if ((await findPending(client, steps)).length === 0) return [];
  await client.query('BEGIN', []);
  try {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('sluice.schema_version'))", []);
    await client.query('CREATE SCHEMA IF NOT EXISTS sluice', []);
    await client.query(
      `CREATE TABLE IF NOT EXISTS sluice.schema_version (
         version integer PRIMARY KEY, file text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
       )`,
      [],
    );
    const pending = await findPending(client, steps);
    for (const { version, file } of pending) {
      // Without parameters, a text may hold several statements.
      await client.query(await readFile(new URL(file, SQL), 'utf8'), []);
      await client.query('INSERT INTO sluice.schema_version (version, file) VALUES ($1, $2)', [
        version,
        file,
      ]);
    }
    await client.query('COMMIT', []);
    return pending.map(({ file }) => file);
  } catch (error) {
    await Promise.allSettled([client.query('ROLLBACK', [])]);
    throw error;
  }
}

/** What `applyEngineSchema` would apply. */
export async function findPendingEngineSchema(client: SqlClient): Promise<readonly string[]> {
  return (await findPending(client, await readSteps())).map(({ file }) => file);
}

async function readSteps(): Promise<readonly SchemaStep[]> {
  const steps = (await readdir(SQL)).flatMap((file): SchemaStep[] => {
    const version = FILE.exec(file)?.[1];
    return version === undefined ? [] : [{ version: Number(version), file }];
  });
  return steps.sort((a, b) => a.version - b.version);
}

async function findPending(client: SqlClient, steps: readonly SchemaStep[]): Promise<readonly SchemaStep[]> {
  const found = await client.query("SELECT to_regclass('sluice.schema_version') IS NOT NULL AS found", []);
  if (!foundRow.parse(found.rows[0]).found) return steps;
  const { rows } = await client.query('SELECT version FROM sluice.schema_version', []);
  const applied = new Set(
    z
      .array(versionRow)
      .parse(rows)
      .map(({ version }) => version),
  );
  const known = new Set(steps.map(({ version }) => version));
  const ahead = [...applied].filter((version) => !known.has(version));
  if (ahead.length > 0) {
    throw new SluiceError(
      'DATABASE_SCHEMA_LAGS',
      `The schema sluice of this database was made by a later version of Sluice (step ${Math.max(...ahead)})`,
      {
        hint: 'Run that version, or drop the schema sluice, which holds none of your data, and migrate again.',
      },
    );
  }
  return steps.filter(({ version }) => !applied.has(version));
}
