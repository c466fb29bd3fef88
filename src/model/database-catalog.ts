import { z } from 'zod';

/** As much of a `pg` client or pool as the catalogue's readers use. */
export interface SqlClient {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
}

/** An object of the database; without a schema the connection's search_path decides. */
export interface CatalogName {
  readonly schema: string | null;
  readonly name: string;
}

/** What statements about tables and views, as they are named in `$1` and `$2`, begin their FROM with. */
export const WANTED_TABLES = `
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (schema, name, position)
JOIN pg_catalog.pg_class AS class ON class.relname = wanted.name::name AND class.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
WHERE CASE WHEN wanted.schema IS NULL THEN pg_catalog.pg_table_is_visible(class.oid)
  ELSE namespace.nspname = wanted.schema END`;

// pg_index.indoption has a bit each: 1 for descending, 2 for nulls first.
const TABLES = `
SELECT
  wanted.position::int - 1 AS position,
  class.relkind::text AS kind,
  class.reltuples::float8 AS "rowEstimate",
  (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', attname,
      'isGenerated', attgenerated <> '' OR attidentity = 'a'
    ) ORDER BY attnum), '[]')
    FROM pg_catalog.pg_attribute
    WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped
  ) AS columns,
  (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'name', index_class.relname,
      'method', method.amname,
      'isUnique', index.indisunique,
      'isPrimary', index.indisprimary,
      'keys', (
        SELECT jsonb_agg(jsonb_build_object(
          'column', attname,
          'expression', pg_catalog.pg_get_indexdef(index.indexrelid, n, false),
          'isDescending', index.indoption[n - 1] & 1 = 1,
          'isNullsFirst', index.indoption[n - 1] & 2 = 2
        ) ORDER BY n)
        FROM generate_series(1, index.indnkeyatts) AS n
        LEFT JOIN pg_catalog.pg_attribute
          ON attrelid = class.oid AND attnum = index.indkey[n - 1] AND index.indkey[n - 1] <> 0
      ),
      'include', (
        SELECT coalesce(jsonb_agg(attname ORDER BY n), '[]')
        FROM generate_series(index.indnkeyatts + 1, index.indnatts) AS n
        JOIN pg_catalog.pg_attribute ON attrelid = class.oid AND attnum = index.indkey[n - 1]
      ),
      'predicate', pg_catalog.pg_get_expr(index.indpred, index.indrelid)
    ) ORDER BY index_class.relname), '[]')
    FROM pg_catalog.pg_index AS index
    JOIN pg_catalog.pg_class AS index_class ON index_class.oid = index.indexrelid
    JOIN pg_catalog.pg_am AS method ON method.oid = index_class.relam
    WHERE index.indrelid = class.oid AND index.indisvalid AND index.indisready
  ) AS indexes${WANTED_TABLES}`;

const ENUMS = `
SELECT
  wanted.position::int - 1 AS position,
  (
    SELECT coalesce(jsonb_agg(enumlabel ORDER BY enumsortorder), '[]')
    FROM pg_catalog.pg_enum
    WHERE enumtypid = type.oid
  ) AS values
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (schema, name, position)
JOIN pg_catalog.pg_type AS type ON type.typname = wanted.name::name AND type.typtype = 'e'
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = type.typnamespace
WHERE CASE WHEN wanted.schema IS NULL THEN pg_catalog.pg_type_is_visible(type.oid)
  ELSE namespace.nspname = wanted.schema END`;

const tableRow = z.object({
  position: z.int(),
  /** pg_class.relkind: r, p (partitioned), v, m (materialised view) or f (foreign). */
  kind: z.string(),
  /** -1 where it was never counted. */
  rowEstimate: z.number(),
  columns: z.array(z.object({ name: z.string(), isGenerated: z.boolean() })),
  indexes: z.array(
    z.object({
      name: z.string(),
      method: z.string(),
      isUnique: z.boolean(),
      isPrimary: z.boolean(),
      keys: z.array(
        z.object({
          /** Null: the key is an expression. */
          column: z.string().nullable(),
          expression: z.string(),
          isDescending: z.boolean(),
          isNullsFirst: z.boolean(),
        }),
      ),
      include: z.array(z.string()),
      predicate: z.string().nullable(),
    }),
  ),
});

const enumRow = z.object({ position: z.int(), values: z.array(z.string()) });

export type TableInCatalog = z.infer<typeof tableRow>;

/** Tables and views by their position in `names`; what the database lacks is absent. One statement. */
export async function readTables(
  client: SqlClient,
  names: readonly CatalogName[],
): Promise<ReadonlyMap<number, TableInCatalog>> {
  const { rows } = await client.query(TABLES, toParameters(names));
  return new Map(
    z
      .array(tableRow)
      .parse(rows)
      .map((row) => [row.position, row]),
  );
}

/** Values of enums by their position in `names`; what the database lacks is absent. One statement. */
export async function readEnumValues(
  client: SqlClient,
  names: readonly CatalogName[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await client.query(ENUMS, toParameters(names));
  return new Map(
    z
      .array(enumRow)
      .parse(rows)
      .map((row) => [row.position, row.values]),
  );
}

/** `$1` and `$2` of such statements. */
export function toParameters(names: readonly CatalogName[]): unknown[] {
  return [names.map(({ schema }) => schema), names.map(({ name }) => name)];
}
