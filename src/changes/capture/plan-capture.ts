import type { SqlClient } from '../../model/database-catalog.js';
import { listJoinTables } from '../../model/index-facts.js';
import type { Column, Model, ModelGraph, Relation } from '../../model/model-graph.js';
import type { TagColumn } from '../tags/tag-column.js';
import type { CaptureDemand } from './capture-demand.js';
import { type CaptureFacts, readDatabaseFacts } from './capture-facts.js';
import type { CaptureSpec, ToldColumn } from './capture-spec.js';
import type { QualifiedTable } from './capture-triggers.js';
import { createTagColumn, findComparison, findTagKind } from './tag-columns.js';

/** What can be captured of a model graph in one database, and what can't. */
export interface CapturePlan {
  /** By model; implicit join tables under their own names. */
  readonly specs: ReadonlyMap<string, CaptureSpec>;
  /** Why a model's changes can't be captured, in words that follow its name. */
  readonly refused: ReadonlyMap<string, string>;
  /** Partitions of the tables that have any, by model. */
  readonly partitions: ReadonlyMap<string, readonly QualifiedTable[]>;
}

/** Every slice adds a tag to each column's change; what goes beyond is told less finely. */
const MAX_SLICES = 16;

/** Reads what the database knows of the graph's tables, in one statement, and says what to capture of them. */
export async function planCapture(
  client: SqlClient,
  graph: ModelGraph,
  demand: CaptureDemand,
): Promise<CapturePlan> {
  const models = [...graph.models.values()];
  const joins = listJoinTables(graph);
  const facts = await readDatabaseFacts(client, [
    ...models.map((model) => ({ schema: model.dbSchema, name: model.dbName })),
    ...joins.map((join) => ({ schema: join.schema, name: join.table })),
  ]);
  const tables = new Map(models.map((model, index) => [model.name, facts.tables.get(index)]));
  const planner = new CapturePlanner(graph, demand, facts.isUtf8, tables);
  const specs = new Map<string, CaptureSpec>();
  const refused = new Map<string, string>();
  const partitions = new Map<string, readonly QualifiedTable[]>();
  const add = (
    name: string,
    table: CaptureFacts | undefined,
    plan: (table: CaptureFacts) => Outcome,
  ): void => {
    const reason = findObstacle(table);
    const outcome = table === undefined || reason !== null ? { reason: reason ?? MISSING } : plan(table);
    if ('reason' in outcome) refused.set(name, outcome.reason);
    else specs.set(name, outcome);
    if (table !== undefined && table.partitions.length > 0) partitions.set(name, table.partitions);
  };
  for (const model of models)
    add(model.name, tables.get(model.name), (table) => planner.planModel(model, table));
  for (const [index, join] of joins.entries()) {
    const table = facts.tables.get(models.length + index);
    add(join.table, table, (known) => planner.planJoin(join.table, known));
  }
  return { specs, refused, partitions };
}

type Outcome = CaptureSpec | { readonly reason: string };

const MISSING = 'is not in the database';

function findObstacle(table: CaptureFacts | undefined): string | null {
  if (table === undefined) return MISSING;
  if (table.kind === 'v' || table.kind === 'm')
    return 'is a view: nothing fires when the tables behind it change';
  if (table.kind === 'f') return 'is a foreign table: its rows change elsewhere';
  if (table.isPartition) return 'is a partition: the table that it is a part of has its triggers';
  if (table.hasHeirs) return 'has tables that inherit from it, whose rows it shows and does not hold';
  if (table.isSubscribed) return 'is written by logical replication, which fires no statement triggers';
  return null;
}

class CapturePlanner {
  constructor(
    private readonly graph: ModelGraph,
    private readonly demand: CaptureDemand,
    private readonly isUtf8: boolean,
    private readonly tables: ReadonlyMap<string, CaptureFacts | undefined>,
  ) {}

  planModel(model: Model, table: CaptureFacts): Outcome {
    const missing = [...model.columns.values()].find(({ dbName }) => !table.columns.has(dbName));
    if (missing !== undefined) return { reason: `lacks the column ${missing.dbName} in the database` };
    const demand = this.demand.get(model.name);
    const key = this.#toTagColumns(model, table, model.primaryKey);
    const links = [...model.relations.values()].flatMap(({ link }) =>
      link.kind === 'columns' ? [link.local] : [],
    );
    const lists = [...links, ...(demand?.slices ?? [])];
    const slices = this.#planSlices(model, table, lists, key);
    const covered = new Set(key?.map(({ name }) => name));
    // Rows are ordered by the key where nothing else tells them apart.
    const keyNames = model.primaryKey ?? [];
    const columns = [...new Set([...lists.flat(), ...keyNames, ...(demand?.columns ?? [])])]
      .filter((name) => !covered.has(name))
      .sort()
      .map((name) => this.#toldColumn(table, name, getColumn(model, name).dbName));
    const identity = model.primaryKey?.map((name) => {
      const { dbName } = getColumn(model, name);
      return { dbName, kind: findTagKind(table.columns.get(dbName), this.isUtf8) };
    });
    return {
      model: model.name,
      table: { schema: table.schema, name: model.dbName },
      mode: modeOf(table),
      key,
      identity: identity ?? null,
      slices,
      columns,
      enforced: [...model.relations.values()]
        .filter((relation) => this.#isEnforced(model, table, relation))
        .map(({ name }) => name),
    };
  }

  planJoin(name: string, table: CaptureFacts): CaptureSpec {
    const sides = (['A', 'B'] as const).map((side) => {
      const kind = findTagKind(table.columns.get(side), this.isUtf8);
      return { side, kind, column: kind === null ? null : this.#createJoinColumn(name, side, kind) };
    });
    const columns = sides.flatMap(({ column }) => column ?? []);
    const isKey = columns.length === sides.length;
    return {
      model: name,
      table: { schema: table.schema, name },
      mode: modeOf(table),
      key: isKey ? columns : null,
      identity: sides.map(({ side, kind }) => ({ dbName: side, kind })),
      slices: columns.map((column) => [column]),
      columns: isKey ? [] : sides.map(({ side }) => this.#toldColumn(table, side, side)),
      enforced: sides.map(({ side }) => side).filter((side) => this.#isSideEnforced(name, side, table)),
    };
  }

  #planSlices(
    model: Model,
    table: CaptureFacts,
    lists: readonly (readonly string[])[],
    key: readonly TagColumn[] | null,
  ): readonly (readonly TagColumn[])[] {
    const slices = new Map<string, readonly TagColumn[]>();
    const keyName = key === null ? null : nameOf(sortByName(key));
    for (const list of lists) {
      const columns = this.#toTagColumns(model, table, [...new Set(list)].sort());
      if (columns === null || columns.length === 0 || nameOf(columns) === keyName) continue;
      slices.set(nameOf(columns), columns);
    }
    return [...slices.values()].slice(0, MAX_SLICES).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  /** Null where one of the columns can't stand in a tag. */
  #toTagColumns(
    model: Model,
    table: CaptureFacts,
    names: readonly string[] | null,
  ): readonly TagColumn[] | null {
    const columns: TagColumn[] = [];
    for (const name of names ?? []) {
      const column = getColumn(model, name);
      const kind = findTagKind(table.columns.get(column.dbName), this.isUtf8);
      if (kind === null) return null;
      columns.push(createTagColumn(column, kind, this.graph));
    }
    return names === null ? null : columns;
  }

  #toldColumn(table: CaptureFacts, name: string, dbName: string): ToldColumn {
    return { name, dbName, comparison: findComparison(table.columns.get(dbName), this.isUtf8) };
  }

  #isEnforced(model: Model, table: CaptureFacts, { link, target }: Relation): boolean {
    if (link.kind !== 'columns' || link.keyOn !== 'local') return false;
    const targetModel = this.graph.models.get(target);
    if (targetModel === undefined) return false;
    const pairs = link.local.map(
      (name, index) =>
        [getColumn(model, name).dbName, getColumn(targetModel, link.foreign[index] ?? '').dbName] as const,
    );
    return hasForeignKey(table, pairs, targetModel, this.tables.get(target));
  }

  #isSideEnforced(joinTable: string, side: 'A' | 'B', table: CaptureFacts): boolean {
    const found = this.#findSide(joinTable, side);
    if (found === null) return false;
    const pairs = [[side, found.column.dbName] as const];
    return hasForeignKey(table, pairs, found.model, this.tables.get(found.model.name));
  }

  #createJoinColumn(joinTable: string, side: 'A' | 'B', kind: TagColumn['kind']): TagColumn {
    const found = this.#findSide(joinTable, side);
    const column = { name: side, dbName: side };
    return found === null
      ? { ...column, kind }
      : { ...createTagColumn(found.column, kind, this.graph), ...column };
  }

  /** The model whose key one side of a join table holds. */
  #findSide(joinTable: string, side: 'A' | 'B'): { readonly model: Model; readonly column: Column } | null {
    for (const model of this.graph.models.values()) {
      for (const { link } of model.relations.values()) {
        if (link.kind === 'join' && link.table === joinTable && link.localJoinColumn === side)
          return { model, column: getColumn(model, link.local[0]) };
      }
    }
    return null;
  }
}

function modeOf(table: CaptureFacts): CaptureSpec['mode'] {
  return table.kind === 'p' || table.isHeir ? 'row' : 'statement';
}

function hasForeignKey(
  table: CaptureFacts,
  pairs: readonly (readonly [string, string])[],
  target: Model,
  targetTable: CaptureFacts | undefined,
): boolean {
  const wanted = new Set(pairs.map((pair) => pair.join('\0')));
  return table.foreignKeys.some(
    (foreignKey) =>
      foreignKey.target.name === target.dbName &&
      foreignKey.target.schema === targetTable?.schema &&
      foreignKey.columns.length === wanted.size &&
      foreignKey.columns.every((column, index) =>
        wanted.has(`${column}\0${foreignKey.targetColumns[index]}`),
      ),
  );
}

function sortByName(columns: readonly TagColumn[]): readonly TagColumn[] {
  return [...columns].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function nameOf(columns: readonly TagColumn[]): string {
  return columns.map(({ name }) => name).join();
}

function getColumn(model: Model, name: string): Column {
  const column = model.columns.get(name);
  if (column === undefined) throw new TypeError(`The model ${model.name} has no column ${name}.`);
  return column;
}
