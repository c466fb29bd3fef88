import { z } from 'zod';
import type { SqlClient } from '../../model/database-catalog.js';
import { quoteIdentifier } from '../../model/sql/identifiers.js';
import { quoteLiteral } from '../../model/sql/literals.js';
import { collapseTag } from '../tags/tag-grammar.js';
import { type CaptureSpec, hashSpec } from './capture-spec.js';
import { readCaptureStates } from './capture-state.js';
import { type CaptureTrigger, captureFunctions, captureTriggers, tableSql } from './capture-triggers.js';
import type { CapturePlan } from './plan-capture.js';
import { removeModel } from './remove-capture.js';
import { inTransaction } from './schema-transaction.js';

export interface InstalledCapture {
  /** Models whose triggers were made or mended. */
  readonly installed: readonly string[];
  /** Models that are no longer in the graph, or can't be captured any more. */
  readonly removed: readonly string[];
  /** Models that were as they should be. */
  readonly kept: readonly string[];
}

/**
 * Makes the database tell of every change to the plan's models; what is as it should be stays untouched. Each table
 * has a transaction of its own, in which it can be read but not written for some milliseconds, and which ends with the
 * word that anything may have changed before.
 *
 * @param client a connection of the tables' owner that nobody else uses meanwhile, outside a transaction
 * @throws SluiceError `TIMEOUT` where a table's writers don't let go of it in time; what is done by then stays
 */
export async function installCapture(client: SqlClient, plan: CapturePlan): Promise<InstalledCapture> {
  const { models, strays } = await readCaptureStates(client, plan);
  const wanted = [...plan.specs.values()].filter(({ model }) => models.get(model)?.kind !== 'captured');
  for (const model of strays) await removeModel(client, model);
  for (const spec of wanted) {
    // What is left on a table that was renamed would go on speaking for the model.
    const state = models.get(spec.model);
    if (state?.kind === 'broken' && state.fault === 'moved') await removeModel(client, spec.model);
    await installModel(client, spec);
  }
  const installed = new Set(wanted.map(({ model }) => model));
  return {
    installed: [...installed],
    removed: strays,
    kept: [...plan.specs.keys()].filter((model) => !installed.has(model)),
  };
}

/** All of it as a script, for those who want to read it first or to run it in their own way. */
export function printCaptureSql(plan: CapturePlan): string {
  const scripts = [...plan.specs.values()].map((spec) => {
    const triggers = captureTriggers(spec, plan.partitions.get(spec.model) ?? []);
    const statements = [
      'BEGIN',
      lockSql(spec),
      ...captureFunctions(spec),
      ...triggers.map(({ name, table }) => `DROP TRIGGER IF EXISTS ${name} ON ${tableSql(table)}`),
      ...triggers.flatMap((trigger) => [trigger.sql, enableSql(trigger)]),
      ...recordSql(spec),
      'COMMIT',
    ];
    return `-- ${spec.model}: ${tableSql(spec.table)}\n${statements.map((text) => `${text};\n`).join('')}`;
  });
  return scripts.join('\n');
}

async function installModel(client: SqlClient, spec: CaptureSpec): Promise<void> {
  await inTransaction(client, spec.model, async () => {
    await client.query(lockSql(spec), []);
    const partitions = await readPartitions(client, spec);
    for (const text of captureFunctions(spec)) await client.query(text, []);
    for (const trigger of captureTriggers(spec, partitions)) await ensureTrigger(client, trigger);
    if (spec.mode === 'row') await enableClones(client, spec);
    for (const text of recordSql(spec)) await client.query(text, []);
  });
}

const foundTrigger = z.object({ isFit: z.boolean(), isEnabled: z.boolean() });

/**
 * A trigger that fits is left alone: making one shuts out writers, dropping one readers too.
 */
async function ensureTrigger(client: SqlClient, trigger: CaptureTrigger): Promise<void> {
  const { rows } = await client.query(
    `SELECT t.tgtype = $3 AND p.proname = $4 AND t.tgqual IS NULL AND p.pronamespace = 'sluice'::regnamespace AS "isFit",
       t.tgenabled = 'A' AS "isEnabled"
     FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE t.tgrelid = $1::regclass AND t.tgname = $2`,
    [tableSql(trigger.table), trigger.name, trigger.type, trigger.functionName],
  );
  const [found] = z.array(foundTrigger).parse(rows);
  if (found !== undefined && !found.isFit) await client.query(dropSql(trigger), []);
  if (found === undefined || !found.isFit) await client.query(trigger.sql, []);
  if (!found?.isFit || !found.isEnabled) await client.query(enableSql(trigger), []);
}

const clone = z.object({ table: z.string(), name: z.string() });

/** Partitions' own copies of the triggers, which may have been disabled one by one. */
async function enableClones(client: SqlClient, { table }: CaptureSpec): Promise<void> {
  const { rows } = await client.query(
    `SELECT tgrelid::regclass::text AS table, tgname::text AS name FROM pg_trigger
     WHERE tgrelid IN (SELECT relid FROM pg_partition_tree($1::regclass))
       AND tgname IN ('sluice_insert', 'sluice_update', 'sluice_delete') AND tgenabled <> 'A'`,
    [tableSql(table)],
  );
  for (const found of z.array(clone).parse(rows)) {
    await client.query(`ALTER TABLE ${found.table} ENABLE ALWAYS TRIGGER ${quoteIdentifier(found.name)}`, []);
  }
}

const partition = z.object({ schema: z.string(), name: z.string() });

async function readPartitions(
  client: SqlClient,
  { table }: CaptureSpec,
): Promise<readonly z.infer<typeof partition>[]> {
  const { rows } = await client.query(
    `SELECT n.nspname AS schema, c.relname AS name
     FROM pg_partition_tree($1::regclass) p
     JOIN pg_class c ON c.oid = p.relid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE p.relid <> $1::regclass ORDER BY 1, 2`,
    [tableSql(table)],
  );
  return z.array(partition).parse(rows);
}

function lockSql({ table }: CaptureSpec): string {
  return `LOCK TABLE ${tableSql(table)} IN SHARE ROW EXCLUSIVE MODE`;
}

function dropSql({ name, table }: CaptureTrigger): string {
  return `DROP TRIGGER ${name} ON ${tableSql(table)}`;
}

/** They fire in sessions too that say `session_replication_role = replica`. */
function enableSql({ name, table }: CaptureTrigger): string {
  return `ALTER TABLE ${tableSql(table)} ENABLE ALWAYS TRIGGER ${name}`;
}

/** Notes what was installed, and voids what was known of the model while nothing told of its changes. */
function recordSql(spec: CaptureSpec): readonly string[] {
  const relation = `${quoteLiteral(tableSql(spec.table))}::regclass`;
  return [
    `INSERT INTO sluice.capture (model, relation, spec, hash, state, generation)
  VALUES (${quoteLiteral(spec.model)}, ${relation}, ${quoteLiteral(JSON.stringify(spec))}::jsonb,
    ${quoteLiteral(hashSpec(spec))}, sluice.describe_capture(${relation}), sluice.capture_generation(${relation}))
  ON CONFLICT (model) DO UPDATE SET relation = excluded.relation, spec = excluded.spec, hash = excluded.hash,
    state = excluded.state, generation = excluded.generation, installed_at = excluded.installed_at`,
    `INSERT INTO sluice.outbox (tags) VALUES (ARRAY[${quoteLiteral(collapseTag(spec.model))}])`,
  ];
}
