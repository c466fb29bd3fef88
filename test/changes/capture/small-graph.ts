import pg from 'pg';
import { type CaptureDemand, NO_DEMAND } from '../../../src/changes/capture/capture-demand.js';
import { applyEngineSchema } from '../../../src/changes/capture/engine-schema.js';
import { installCapture } from '../../../src/changes/capture/install-capture.js';
import { type CapturePlan, planCapture } from '../../../src/changes/capture/plan-capture.js';
import type { Column, Model, ModelGraph, Relation } from '../../../src/model/model-graph.js';
import { createTestDatabase, type TestDatabase } from '../../services/database.js';

/** A model `M` of the table `m`, whose columns are all of their Prisma names. */
export interface SmallModel {
  readonly columns: Readonly<Record<string, string>>;
  readonly key?: readonly string[] | null;
  readonly table?: string;
  readonly relations?: readonly Relation[];
}

export function smallGraph(models: Readonly<Record<string, SmallModel>>): ModelGraph {
  const entries = Object.entries(models).map(
    ([name, { columns, key = ['id'], table, relations = [] }]): Model => ({
      name,
      dbName: table ?? name.toLowerCase(),
      dbSchema: null,
      kind: 'table',
      description: null,
      columns: new Map(Object.entries(columns).map(([column, pgType]) => [column, toColumn(column, pgType)])),
      relations: new Map(relations.map((relation) => [relation.name, relation])),
      primaryKey: key,
      uniques: key === null ? [] : [key],
    }),
  );
  return { hash: '', enums: new Map(), models: new Map(entries.map((model) => [model.name, model])) };
}

function toColumn(name: string, pgType: string): Column {
  return {
    name,
    dbName: name,
    type: 'String',
    enumName: null,
    pgType,
    isList: false,
    isNullable: true,
    isReadOnly: false,
    hasDefault: false,
    description: null,
  };
}

/** A relation by columns; the side that holds the key is `keyOn`. */
export function columnsRelation(
  name: string,
  target: string,
  local: readonly string[],
  foreign: readonly string[],
  keyOn: 'local' | 'foreign' = 'local',
): Relation {
  return {
    name,
    target,
    relationName: name,
    cardinality: keyOn === 'local' ? 'one' : 'many',
    isNullable: true,
    link: { kind: 'columns', local, foreign, keyOn },
    description: null,
  };
}

/** A database with the engine's tables. */
export interface SmallDatabase {
  readonly url: string;
  readonly client: pg.Client;
  plan(graph: ModelGraph, demand?: CaptureDemand): Promise<CapturePlan>;
  install(graph: ModelGraph, demand?: CaptureDemand): Promise<CapturePlan>;
  /** The tags of what `sql` commits, sorted, each once. */
  tagsOf(sql: string): Promise<string[]>;
  takeTags(): Promise<string[]>;
}

let opened: { readonly database: TestDatabase; readonly client: pg.Client } | undefined;
afterAll(async () => {
  await opened?.client.end();
  await opened?.database.drop();
});

/** The test file's one database, as if it were new: a test begins in it from nothing but its own tables. */
export async function openSmallDatabase(sql: string): Promise<SmallDatabase> {
  opened ??= await connect();
  const { database, client } = opened;
  await client.query(`RESET ALL; DROP SCHEMA IF EXISTS sluice, public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC;
    DROP FOREIGN DATA WRAPPER IF EXISTS w CASCADE`);
  await client.query(sql);
  await applyEngineSchema(client);
  const takeTags = async (): Promise<string[]> => {
    const { rows } = await client.query<{ tags: string[] }>('DELETE FROM sluice.outbox RETURNING tags');
    return [...new Set(rows.flatMap(({ tags }) => tags))].sort();
  };
  const plan = (graph: ModelGraph, demand = NO_DEMAND): Promise<CapturePlan> =>
    planCapture(client, graph, demand);
  return {
    url: database.url,
    client,
    plan,
    install: async (graph, demand) => {
      const planned = await plan(graph, demand);
      await installCapture(client, planned);
      await takeTags();
      return planned;
    },
    tagsOf: async (text) => {
      await client.query(text);
      return takeTags();
    },
    takeTags,
  };
}

async function connect(): Promise<NonNullable<typeof opened>> {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return { database, client };
}
