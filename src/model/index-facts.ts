import { readEnumValues, readTables, type SqlClient, type TableInCatalog } from './database-catalog.js';
import type { Model, ModelGraph } from './model-graph.js';

/**
 * What the database knows about the graph's tables and Prisma's schema does not: indexes of every kind, sizes,
 * columns that it computes itself. Names are Prisma's where the graph has them. A fact of the moment of
 * reading, at start; nothing keeps it up to date.
 */
export interface IndexFacts {
  /** By model name. Tables and views that the database lacks are absent. */
  readonly tables: ReadonlyMap<string, TableFacts>;
  /** Prisma's implicit join tables by relation name, with columns A and B. */
  readonly joinTables: ReadonlyMap<string, TableFacts>;
  /** Values of the graph's enums by Prisma's enum name, as the database spells them, in its order. */
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

export interface TableFacts {
  /** PostgreSQL's estimate; null for a view and for a table that was never analysed. */
  readonly rowEstimate: number | null;
  /** Names in the database, those that the graph does not know included. */
  readonly dbColumns: ReadonlySet<string>;
  /** Columns `GENERATED ALWAYS`, computed or as identity: a write that names one fails. */
  readonly generatedColumns: readonly string[];
  /** Those that are ready to serve reads, by name. */
  readonly indexes: readonly Index[];
}

export interface Index {
  readonly name: string;
  /** `btree`, `gin`, `brin`, `gist`, `hash`, `spgist` or an extension's. */
  readonly method: string;
  readonly isUnique: boolean;
  readonly isPrimary: boolean;
  /** In the index's order. */
  readonly columns: readonly IndexColumn[];
  /** Columns that it carries along (`INCLUDE`), unsorted. */
  readonly include: readonly string[];
  /** The condition of a partial index as PostgreSQL prints it; null: it holds every row. */
  readonly predicate: string | null;
}

export type IndexColumn = (
  | { readonly kind: 'column'; readonly column: string }
  | { readonly kind: 'expression'; readonly expression: string }
) & { readonly direction: 'asc' | 'desc'; readonly nulls: 'first' | 'last' };

/** Two statements, whatever the size of the graph. */
export async function readIndexFacts(client: SqlClient, graph: ModelGraph): Promise<IndexFacts> {
  const models = [...graph.models.values()];
  const joins = listJoinTables(graph);
  const found = await readTables(client, [
    ...models.map((model) => ({ schema: model.dbSchema, name: model.dbName })),
    ...joins.map((join) => ({ schema: join.schema, name: join.table })),
  ]);
  const enums = [...graph.enums.values()];
  const values = await readEnumValues(
    client,
    enums.map((type) => ({ schema: type.dbSchema, name: type.dbName })),
  );
  return {
    tables: collect(models, (model, i) => [model.name, describeTable(found.get(i), prismaNames(model))]),
    joinTables: collect(joins, (join, i) => [
      join.relationName,
      describeTable(found.get(models.length + i), new Map()),
    ]),
    enums: collect(enums, (type, i) => [type.name, values.get(i)]),
  };
}

interface JoinTable {
  readonly relationName: string;
  readonly schema: string | null;
  readonly table: string;
}

/** Each of Prisma's implicit join tables once, though both sides of the relation name it. */
export function listJoinTables(graph: ModelGraph): readonly JoinTable[] {
  const tables = new Map<string, JoinTable>();
  for (const model of graph.models.values()) {
    for (const { link, relationName } of model.relations.values()) {
      if (link.kind !== 'join') continue;
      tables.set(relationName, { relationName, schema: link.tableSchema, table: link.table });
    }
  }
  return [...tables.values()];
}

function collect<Part, Fact>(
  parts: readonly Part[],
  entryOf: (part: Part, i: number) => readonly [string, Fact | undefined],
): ReadonlyMap<string, Fact> {
  const facts = new Map<string, Fact>();
  for (const [i, part] of parts.entries()) {
    const [name, fact] = entryOf(part, i);
    if (fact !== undefined) facts.set(name, fact);
  }
  return facts;
}

function prismaNames(model: Model): ReadonlyMap<string, string> {
  return new Map([...model.columns.values()].map((column) => [column.dbName, column.name]));
}

function describeTable(
  table: TableInCatalog | undefined,
  names: ReadonlyMap<string, string>,
): TableFacts | undefined {
  if (table === undefined) return undefined;
  const nameOf = (dbName: string): string => names.get(dbName) ?? dbName;
  return {
    rowEstimate: table.kind === 'v' || table.rowEstimate < 0 ? null : table.rowEstimate,
    dbColumns: new Set(table.columns.map((column) => column.name)),
    generatedColumns: table.columns.filter((column) => column.isGenerated).map(({ name }) => nameOf(name)),
    indexes: table.indexes.map((index) => ({
      name: index.name,
      method: index.method,
      isUnique: index.isUnique,
      isPrimary: index.isPrimary,
      columns: index.keys.map(({ column, expression, isDescending, isNullsFirst }) => ({
        ...(column === null
          ? { kind: 'expression', expression }
          : { kind: 'column', column: nameOf(column) }),
        direction: isDescending ? 'desc' : 'asc',
        nulls: isNullsFirst ? 'first' : 'last',
      })),
      include: index.include.map(nameOf),
      predicate: index.predicate,
    })),
  };
}
