import { hash } from 'node:crypto';
import { z } from 'zod';
import { inTransaction } from '../../changes/capture/schema-transaction.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { SqlClient } from '../../model/database-catalog.js';
import type { ModelGraph } from '../../model/model-graph.js';
import { quoteIdentifier, quoteQualified } from '../../model/sql/identifiers.js';
import { quoteLiteral } from '../../model/sql/literals.js';
import type { RollupDefinition, RollupSource } from './rollup-definition.js';

export interface InstalledRollups {
  /** Made or mended: they are computed anew as a whole. */
  readonly installed: readonly string[];
  /** Whose triggers were taken away, as the app has them no longer. */
  readonly removed: readonly string[];
}

interface Place {
  readonly rollup: RollupDefinition;
  readonly source: RollupSource;
  /** With its schema, quoted. */
  readonly table: string;
  readonly schema: string;
  readonly functionName: string;
}

const OPERATIONS = {
  insert: { event: 'INSERT', tables: 'REFERENCING NEW TABLE AS new_rows', changed: 'TABLE new_rows' },
  update: {
    event: 'UPDATE',
    tables: 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows',
    changed: 'TABLE old_rows UNION ALL TABLE new_rows',
  },
  delete: { event: 'DELETE', tables: 'REFERENCING OLD TABLE AS old_rows', changed: 'TABLE old_rows' },
} as const;
type Operation = keyof typeof OPERATIONS;

const PREFIX = 'rollup_';
const NAME = /^[a-z][a-z0-9-]{0,40}$/;
const recorded = z.array(z.object({ name: z.string(), comment: z.string().nullable() }));

/**
 * Makes writers note which slices they touch, in their own transactions; what is as it should be stays untouched.
 *
 * @param client a connection of the tables' owner that nobody else uses meanwhile, outside a transaction
 * @throws SluiceError `CONFIG_INVALID` for rollups that can't be as they are defined
 */
export async function installRollups(
  client: SqlClient,
  definitions: readonly RollupDefinition[],
  { graph, defaultSchema }: { readonly graph: ModelGraph; readonly defaultSchema: string },
): Promise<InstalledRollups> {
  const places = definitions.flatMap((rollup) =>
    rollup.sources.map((source) => findPlace(rollup, source, graph, defaultSchema)),
  );
  await checkSlices(client, places);
  const present = await readPresent(client);
  const wanted = new Map(places.map((place) => [place.functionName, hashPlace(place)]));
  const installed = new Set<string>();
  for (const place of places) {
    if (present.get(place.functionName) === wanted.get(place.functionName)) continue;
    await inTransaction(client, place.source.model, () => installPlace(client, place));
    installed.add(place.rollup.name);
  }
  const strays = [...present.keys()].filter((name) => !wanted.has(name));
  for (const name of strays)
    await client.query(`DROP FUNCTION sluice.${quoteIdentifier(name)}() CASCADE`, []);
  return { installed: [...installed], removed: strays };
}

/** Rollups whose triggers aren't as they should be: nobody keeps those up. */
export async function findStaleRollups(
  client: SqlClient,
  definitions: readonly RollupDefinition[],
  { graph, defaultSchema }: { readonly graph: ModelGraph; readonly defaultSchema: string },
): Promise<readonly string[]> {
  const present = await readPresent(client);
  const stale = definitions.filter((rollup) =>
    rollup.sources.some((source) => {
      const place = findPlace(rollup, source, graph, defaultSchema);
      return present.get(place.functionName) !== hashPlace(place);
    }),
  );
  return stale.map(({ name }) => name);
}

async function readPresent(client: SqlClient): Promise<ReadonlyMap<string, string | null>> {
  const { rows } = await client.query(
    `SELECT proname AS name, obj_description(oid, 'pg_proc') AS comment FROM pg_proc
     WHERE pronamespace = to_regnamespace('sluice') AND starts_with(proname, $1)`,
    [PREFIX],
  );
  return new Map(recorded.parse(rows).map(({ name, comment }) => [name, comment]));
}

function findPlace(
  rollup: RollupDefinition,
  source: RollupSource,
  graph: ModelGraph,
  defaultSchema: string,
): Place {
  const model = graph.models.get(source.model);
  if (model === undefined || !NAME.test(rollup.name)) {
    throw new SluiceError(
      'CONFIG_INVALID',
      model === undefined
        ? `The rollup "${rollup.name}" sums up ${source.model}, which is no model`
        : `"${rollup.name}" is no name of a rollup: small letters, digits and dashes, 41 at most`,
    );
  }
  const schema = model.dbSchema ?? defaultSchema;
  return {
    rollup,
    source,
    schema,
    table: quoteQualified(schema, model.dbName),
    functionName: `${PREFIX}${hash('sha256', `${rollup.name} ${source.model}`, 'hex').slice(0, 16)}`,
  };
}

function hashPlace(place: Place): string {
  return hash('sha256', functionSql(place) + place.table, 'hex').slice(0, 16);
}

/** A mistake in it would otherwise be every writer's. */
async function checkSlices(client: SqlClient, places: readonly Place[]): Promise<void> {
  for (const { rollup, source, table, schema } of places) {
    try {
      await client.query('BEGIN READ ONLY', []);
      await client.query(`SET LOCAL search_path = ${quoteIdentifier(schema)}`, []);
      await client.query(`WITH changed AS (SELECT * FROM ${table} WHERE false) ${source.slices}`, []);
    } catch (error) {
      throw new SluiceError(
        'CONFIG_INVALID',
        `The rollup "${rollup.name}" can't tell which slices a change of ${source.model} touches: ${String(error)}`,
        { cause: error },
      );
    } finally {
      await client.query('ROLLBACK', []);
    }
  }
}

async function installPlace(client: SqlClient, place: Place): Promise<void> {
  const { rollup, table, functionName } = place;
  const name = `sluice.${quoteIdentifier(functionName)}`;
  await client.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`, []);
  await client.query(`DROP FUNCTION IF EXISTS ${name}() CASCADE`, []);
  await client.query(functionSql(place), []);
  for (const operation of Object.keys(OPERATIONS) as Operation[]) {
    const { event, tables } = OPERATIONS[operation];
    await client.query(
      `CREATE TRIGGER ${quoteIdentifier(`${functionName}_${operation}`)} AFTER ${event} ON ${table} ${tables}
       FOR EACH STATEMENT EXECUTE FUNCTION ${name}()`,
      [],
    );
  }
  await client.query(
    `CREATE TRIGGER ${quoteIdentifier(`${functionName}_truncate`)} AFTER TRUNCATE ON ${table}
     FOR EACH STATEMENT EXECUTE FUNCTION ${name}()`,
    [],
  );
  await client.query(`COMMENT ON FUNCTION ${name}() IS ${quoteLiteral(hashPlace(place))}`, []);
  // Nobody knows what was written before.
  await client.query("INSERT INTO sluice.rollup_marks (rollup, slice) VALUES ($1, '{}')", [rollup.name]);
}

function functionSql({ rollup, source, schema, functionName }: Place): string {
  const mark = (changed: string) => `INSERT INTO sluice.rollup_marks (rollup, slice)
    SELECT DISTINCT ${quoteLiteral(rollup.name)}, to_jsonb(slice)
    FROM (WITH changed AS (${changed}) ${source.slices}) AS slice`;
  return `CREATE FUNCTION sluice.${quoteIdentifier(functionName)}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${quoteIdentifier(schema)}, pg_temp AS $sluice_rollup$
BEGIN
  IF TG_OP = 'INSERT' THEN
    ${mark(OPERATIONS.insert.changed)};
  ELSIF TG_OP = 'UPDATE' THEN
    ${mark(OPERATIONS.update.changed)};
  ELSIF TG_OP = 'DELETE' THEN
    ${mark(OPERATIONS.delete.changed)};
  ELSE
    INSERT INTO sluice.rollup_marks (rollup, slice) VALUES (${quoteLiteral(rollup.name)}, '{}');
  END IF;
  RETURN NULL;
END
$sluice_rollup$`;
}
