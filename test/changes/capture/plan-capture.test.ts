import { hashSpec } from '../../../src/changes/capture/capture-spec.js';
import type { Relation } from '../../../src/model/model-graph.js';
import { columnsRelation, openSmallDatabase, type SmallDatabase, smallGraph } from './small-graph.js';

let database: SmallDatabase;

const demandOf = (model: string, ...slices: string[]) =>
  new Map([[model, { slices: slices.map((column) => [column]), columns: slices }]]);

async function slicesOf(sql: string, columns: Record<string, string>): Promise<string[]> {
  database = await openSmallDatabase(sql);
  const graph = smallGraph({ Row: { columns: { id: 'int4', ...columns }, table: 'row' } });
  const { specs } = await database.plan(graph, demandOf('Row', ...Object.keys(columns)));
  return specs.get('Row')!.slices.map((slice) => slice.map(({ name }) => name).join());
}

describe('what is captured of a table', () => {
  it('has slices for columns that compare by their text, as the database has them, and for no others', async () => {
    const sql = `
      CREATE EXTENSION citext;
      CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
      CREATE DOMAIN small AS int;
      CREATE TYPE mood AS ENUM ('calm');
      CREATE TABLE row (id int PRIMARY KEY, i2 int2, i4 int4, i8 int8, u uuid, b bool, e mood, t text, v varchar(9),
        icu text COLLATE "en-x-icu", folded text COLLATE loose, ci citext, c char(4), n numeric, f float8, d date,
        j jsonb, x bytea, dom small, list int[])`;
    const columns = [
      'i2',
      'i4',
      'i8',
      'u',
      'b',
      'e',
      't',
      'v',
      'icu',
      'folded',
      'ci',
      'c',
      'n',
      'f',
      'd',
      'j',
      'x',
      'dom',
      'list',
    ];
    const slices = await slicesOf(sql, Object.fromEntries(columns.map((name) => [name, 'text'])));
    expect(slices).toEqual(['b', 'e', 'i2', 'i4', 'i8', 'icu', 't', 'u', 'v']);
  });

  it('has a bounded number of slices', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `c${n}`);
    const sql = `CREATE TABLE row (id int PRIMARY KEY, ${names.map((name) => `${name} int`).join()})`;
    expect(await slicesOf(sql, Object.fromEntries(names.map((name) => [name, 'int4'])))).toHaveLength(16);
  });

  it('has another hash where anything differs that triggers or reads depend on', async () => {
    database = await openSmallDatabase('CREATE TABLE row (id int PRIMARY KEY, a int, b text)');
    const graph = smallGraph({ Row: { columns: { id: 'int4', a: 'int4', b: 'text' } } });
    const hashOf = async (...columns: string[]) =>
      hashSpec((await database.plan(graph, demandOf('Row', ...columns))).specs.get('Row')!);
    const [none, one] = [await hashOf(), await hashOf('a')];
    expect(await hashOf('a')).toBe(one);
    expect(none).not.toBe(one);
    await database.client.query('ALTER TABLE row ALTER a TYPE numeric');
    expect(await hashOf('a')).not.toBe(one);
  });

  it('knows which foreign keys the database sees to', async () => {
    database = await openSmallDatabase(`
      CREATE TABLE box (id int PRIMARY KEY, code text UNIQUE);
      CREATE TABLE item (id int PRIMARY KEY, box int, code text, loose int);
      ALTER TABLE item ADD FOREIGN KEY (box) REFERENCES box (id);
      ALTER TABLE item ADD FOREIGN KEY (code) REFERENCES box (code) NOT VALID`);
    const relations = [
      columnsRelation('byBox', 'Box', ['box'], ['id']),
      columnsRelation('byCode', 'Box', ['code'], ['code']),
      columnsRelation('byLoose', 'Box', ['loose'], ['id']),
      columnsRelation('lost', 'Nowhere', ['loose'], ['id']),
      columnsRelation('items', 'Item', ['id'], ['box'], 'foreign'),
    ];
    const graph = smallGraph({
      Box: { columns: { id: 'int4', code: 'text' } },
      Item: { columns: { id: 'int4', box: 'int4', code: 'text', loose: 'int4' }, relations },
    });
    expect((await database.plan(graph)).specs.get('Item')?.enforced).toEqual(['byBox']);
    await database.client.query('ALTER TABLE item VALIDATE CONSTRAINT item_code_fkey');
    expect((await database.plan(graph)).specs.get('Item')?.enforced).toEqual(['byBox', 'byCode']);
  });

  it('is coarser for a join table whose sides no tag can hold', async () => {
    database = await openSmallDatabase(`
      CREATE TABLE tag (id int PRIMARY KEY); CREATE TABLE page (id numeric PRIMARY KEY);
      CREATE TABLE "_PageToTag" ("A" numeric, "B" int REFERENCES tag (id), PRIMARY KEY ("A", "B"))`);
    const link = (local: 'A' | 'B', foreign: 'A' | 'B'): Relation['link'] => ({
      kind: 'join',
      table: '_PageToTag',
      tableSchema: null,
      localJoinColumn: local,
      foreignJoinColumn: foreign,
      local: ['id'],
      foreign: ['id'],
    });
    const many = (name: string, target: string, at: Relation['link']): Relation => ({
      ...columnsRelation(name, target, ['id'], ['id']),
      relationName: 'PageToTag',
      cardinality: 'many',
      link: at,
    });
    const graph = smallGraph({
      Page: { columns: { id: 'numeric' }, relations: [many('tags', 'Tag', link('A', 'B'))] },
      Tag: { columns: { id: 'int4' }, relations: [many('pages', 'Page', link('B', 'A'))] },
    });
    const plan = await database.install(graph);
    expect(plan.specs.get('_PageToTag')).toMatchObject({
      key: null,
      slices: [[{ name: 'B' }]],
      enforced: ['B'],
    });
    await database.client.query('INSERT INTO tag VALUES (1), (2); INSERT INTO page VALUES (1.5)');
    await database.takeTags();
    expect(await database.tagsOf('INSERT INTO "_PageToTag" VALUES (1.5, 1)')).toEqual([
      '_PageToTag+',
      '_PageToTag+B=1',
      '_PageToTag~',
    ]);
    expect(await database.tagsOf('UPDATE "_PageToTag" SET "B" = 2')).toEqual(['_PageToTag*']);
  });
});

describe('a model that can not be captured', () => {
  const reasonFor = async (sql: string, name: string, columns: Record<string, string> = { id: 'int4' }) => {
    database = await openSmallDatabase(sql);
    const { refused, specs } = await database.plan(smallGraph({ [name]: { columns } }));
    expect(specs.size).toBe(0);
    return refused.get(name);
  };

  it.each([
    ['is not there', '', /is not in the database/],
    ['lacks a column', 'CREATE TABLE thing (nr int)', /lacks the column id/],
    ['is a view', 'CREATE VIEW thing AS SELECT 1 AS id', /is a view/],
    ['is a materialized view', 'CREATE MATERIALIZED VIEW thing AS SELECT 1 AS id', /is a view/],
    [
      'has heirs',
      'CREATE TABLE thing (id int PRIMARY KEY); CREATE TABLE heir () INHERITS (thing)',
      /has tables that inherit from it/,
    ],
    [
      'is a partition',
      'CREATE TABLE whole (id int) PARTITION BY RANGE (id); CREATE TABLE thing PARTITION OF whole DEFAULT',
      /is a partition/,
    ],
    [
      'is a foreign table',
      'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE thing (id int) SERVER s',
      /is a foreign table/,
    ],
    [
      'is written by logical replication',
      `CREATE TABLE thing (id int);
       CREATE SUBSCRIPTION s_${process.pid} CONNECTION 'dbname=none' PUBLICATION p WITH (connect = false, slot_name = NONE);
       SET allow_system_table_mods = on;
       INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) SELECT oid, 'thing'::regclass, 'r' FROM pg_subscription WHERE subname = 's_${process.pid}'`,
      /is written by logical replication/,
    ],
  ])('because it %s says so', async (_, sql, reason) => {
    expect(await reasonFor(sql, 'Thing')).toMatch(reason);
    // Else the database could not be dropped.
    await database.client.query(`DROP SUBSCRIPTION IF EXISTS s_${process.pid}`);
  });
});
