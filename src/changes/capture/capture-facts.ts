import { z } from 'zod';
import {
  type CatalogName,
  type SqlClient,
  toParameters,
  WANTED_TABLES,
} from '../../model/database-catalog.js';

/** What the database knows about a table, as far as capture depends on it. */
export interface CaptureFacts {
  readonly schema: string;
  /** pg_class.relkind: r, p (partitioned), v, m (materialised view) or f (foreign). */
  readonly kind: string;
  readonly isPartition: boolean;
  /** It inherits from another table: writes to that one may write to this one. */
  readonly isHeir: boolean;
  /** Other tables inherit from it, and their rows are read as its own. */
  readonly hasHeirs: boolean;
  /** Partitions at every depth, by name. */
  readonly partitions: readonly { readonly schema: string; readonly name: string }[];
  /** Logical replication writes to it, which fires no statement triggers. */
  readonly isSubscribed: boolean;
  readonly columns: ReadonlyMap<string, ColumnFacts>;
  readonly foreignKeys: readonly ForeignKeyFacts[];
}

export interface ColumnFacts {
  /** `pg_catalog.int4`; arrays and domains under their own names. */
  readonly type: string;
  readonly isEnum: boolean;
  /** Its type is confined, as numeric(10,2) is. */
  readonly hasModifier: boolean;
  /** Equal texts are the same bytes. True for types without collation. */
  readonly isDeterministic: boolean;
}

export interface ForeignKeyFacts {
  readonly columns: readonly string[];
  readonly target: { readonly schema: string; readonly name: string };
  readonly targetColumns: readonly string[];
}

/** Tables by their position in `names`; what the database lacks is absent. */
export interface DatabaseFacts {
  /** Texts are hashed by their bytes, so both sides must mean the same ones. */
  readonly isUtf8: boolean;
  readonly tables: ReadonlyMap<number, CaptureFacts>;
}

// conenforced is of PostgreSQL 18 and later: read by name, as earlier ones lack it.
const FACTS = `
SELECT
  wanted.position::int - 1 AS position,
  current_setting('server_encoding') = 'UTF8' AS "isUtf8",
  namespace.nspname AS schema,
  class.relkind::text AS kind,
  class.relispartition AS "isPartition",
  EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = class.oid) AS "isHeir",
  class.relkind <> 'p' AND EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhparent = class.oid) AS "hasHeirs",
  (
    SELECT coalesce(jsonb_agg(jsonb_build_object('schema', nspname, 'name', relname) ORDER BY nspname, relname), '[]')
    FROM pg_catalog.pg_partition_tree(class.oid) AS tree
    JOIN pg_catalog.pg_class AS part ON part.oid = tree.relid
    JOIN pg_catalog.pg_namespace AS part_namespace ON part_namespace.oid = part.relnamespace
    WHERE tree.relid <> class.oid
  ) AS partitions,
  EXISTS (
    SELECT FROM pg_catalog.pg_subscription_rel
    WHERE srrelid = class.oid OR srrelid IN (SELECT relid FROM pg_catalog.pg_partition_tree(class.oid))
  ) AS "isSubscribed",
  (
    SELECT coalesce(jsonb_object_agg(attname, jsonb_build_object(
      'type', type_namespace.nspname || '.' || type.typname,
      'isEnum', type.typtype = 'e',
      'hasModifier', atttypmod <> -1,
      'isDeterministic', coalesce(collation_.collisdeterministic, true)
    )), '{}')
    FROM pg_catalog.pg_attribute
    JOIN pg_catalog.pg_type AS type ON type.oid = atttypid
    JOIN pg_catalog.pg_namespace AS type_namespace ON type_namespace.oid = type.typnamespace
    LEFT JOIN pg_catalog.pg_collation AS collation_ ON collation_.oid = attcollation
    WHERE attrelid = class.oid AND attnum > 0 AND NOT attisdropped
  ) AS columns,
  (
    SELECT coalesce(jsonb_agg(jsonb_build_object(
      'columns', (
        SELECT jsonb_agg(attname ORDER BY n) FROM unnest(conkey) WITH ORDINALITY AS k (number, n)
        JOIN pg_catalog.pg_attribute ON attrelid = conrelid AND attnum = number
      ),
      'target', jsonb_build_object('schema', target_namespace.nspname, 'name', target.relname),
      'targetColumns', (
        SELECT jsonb_agg(attname ORDER BY n) FROM unnest(confkey) WITH ORDINALITY AS k (number, n)
        JOIN pg_catalog.pg_attribute ON attrelid = confrelid AND attnum = number
      )
    ) ORDER BY conname), '[]')
    FROM pg_catalog.pg_constraint AS con
    JOIN pg_catalog.pg_class AS target ON target.oid = confrelid
    JOIN pg_catalog.pg_namespace AS target_namespace ON target_namespace.oid = target.relnamespace
    WHERE conrelid = class.oid AND contype = 'f' AND convalidated
      AND coalesce((to_jsonb(con) ->> 'conenforced')::bool, true)
  ) AS "foreignKeys"${WANTED_TABLES}`;

const columnFacts = z.object({
  type: z.string(),
  isEnum: z.boolean(),
  hasModifier: z.boolean(),
  isDeterministic: z.boolean(),
});

const factsRow = z.object({
  position: z.int(),
  isUtf8: z.boolean(),
  schema: z.string(),
  kind: z.string(),
  isPartition: z.boolean(),
  isHeir: z.boolean(),
  hasHeirs: z.boolean(),
  partitions: z.array(z.object({ schema: z.string(), name: z.string() })),
  isSubscribed: z.boolean(),
  columns: z.record(z.string(), columnFacts).transform((columns) => new Map(Object.entries(columns))),
  foreignKeys: z.array(
    z.object({
      columns: z.array(z.string()),
      target: z.object({ schema: z.string(), name: z.string() }),
      targetColumns: z.array(z.string()),
    }),
  ),
});

/** One statement. */
export async function readDatabaseFacts(
  client: SqlClient,
  names: readonly CatalogName[],
): Promise<DatabaseFacts> {
  const rows = z.array(factsRow).parse((await client.query(FACTS, toParameters(names))).rows);
  return {
    isUtf8: rows.every((row) => row.isUtf8),
    tables: new Map(rows.map(({ position, isUtf8: _, ...facts }) => [position, facts])),
  };
}
