import pg from 'pg';
import { findUncaptured, readCaptureStates } from '../../../src/changes/capture/capture-state.js';
import { readCaptureStatus } from '../../../src/changes/capture/capture-status.js';
import { applyEngineSchema, findPendingEngineSchema } from '../../../src/changes/capture/engine-schema.js';
import { installCapture, printCaptureSql } from '../../../src/changes/capture/install-capture.js';
import { planCapture } from '../../../src/changes/capture/plan-capture.js';
import { removeCapture } from '../../../src/changes/capture/remove-capture.js';
import { voidAll } from '../../../src/changes/capture/void-all.js';
import { voidTouched } from '../../../src/changes/capture/void-touched.js';
import { createTestDatabase } from '../../services/database.js';
import { openSmallDatabase, type SmallDatabase, smallGraph } from './small-graph.js';

const GRAPH = smallGraph({
  Animal: { columns: { id: 'int4', name: 'text' } },
  Food: { columns: { id: 'int4', name: 'text' } },
  Ghost: { columns: { id: 'int4' } },
});
const TABLES =
  'CREATE TABLE animal (id int PRIMARY KEY, name text); CREATE TABLE food (id int PRIMARY KEY, name text)';

let database: SmallDatabase;
beforeEach(async () => {
  database = await openSmallDatabase(TABLES);
});

const states = async () => {
  const { models } = await readCaptureStates(database.client, await database.plan(GRAPH));
  return Object.fromEntries(
    [...models].map(([model, state]) => [model, state.kind === 'broken' ? state.fault : state.kind]),
  );
};
const triggers = async () =>
  (
    await database.client.query(
      "SELECT oid, xmin, tgname FROM pg_trigger WHERE tgname LIKE 'sluice%' ORDER BY oid",
    )
  ).rows;
const install = async (demand?: Parameters<SmallDatabase['plan']>[1]) =>
  installCapture(database.client, await database.plan(GRAPH, demand));

describe('installing capture', () => {
  it('captures every model that it can, and voids what was known of it before', async () => {
    expect(await states()).toEqual({ Animal: 'absent', Food: 'absent' });
    expect(await install()).toEqual({ installed: ['Animal', 'Food'], removed: [], kept: [] });
    expect(await database.takeTags()).toEqual(['Animal*', 'Food*']);
    expect(await states()).toEqual({ Animal: 'captured', Food: 'captured' });
    expect(await findUncaptured(database.client, await database.plan(GRAPH))).toEqual(['Ghost']);
  });

  it('touches nothing that is as it should be', async () => {
    await install();
    await database.takeTags();
    const before = await triggers();
    expect(await install()).toEqual({ installed: [], removed: [], kept: ['Animal', 'Food'] });
    expect(await triggers()).toEqual(before);
    expect(await database.takeTags()).toEqual([]);
  });

  it('mends a model whose demand has changed without making its triggers anew', async () => {
    await install();
    const before = await triggers();
    const demand = new Map([['Animal', { slices: [['name']], columns: [] }]]);
    expect(await findUncaptured(database.client, await database.plan(GRAPH, demand))).toEqual([
      'Animal',
      'Ghost',
    ]);
    expect(await install(demand)).toMatchObject({ installed: ['Animal'], kept: ['Food'] });
    expect(await triggers()).toEqual(before);
    expect(await database.tagsOf("INSERT INTO animal VALUES (1, 'Leo')")).toContain('Animal+name=Leo');
  });

  it('counts for nothing where this process tells by another plan what reads depend on', async () => {
    const held = await database.plan(GRAPH);
    const demand = new Map([['Animal', { slices: [['name']], columns: [] }]]);
    await install(demand);
    const now = await database.plan(GRAPH, demand);
    expect(await findUncaptured(database.client, now)).toEqual(['Ghost']);
    expect(await findUncaptured(database.client, now, held)).toEqual(['Animal', 'Ghost']);
    await database.client.query('DROP TABLE food');
    expect(await findUncaptured(database.client, await database.plan(GRAPH), held)).toEqual([
      'Animal',
      'Food',
      'Ghost',
    ]);
  });

  it.each([
    ['disabled', 'ALTER TABLE animal DISABLE TRIGGER sluice_update'],
    ['disabled', 'ALTER TABLE animal ENABLE TRIGGER sluice_update'],
    ['missing', 'DROP TRIGGER sluice_delete ON animal'],
    ['missing', 'DROP TRIGGER sluice_truncate ON animal'],
    [
      'changed',
      `CREATE OR REPLACE FUNCTION sluice."capture_Animal_update"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`,
    ],
    [
      'changed',
      `DROP TRIGGER sluice_update ON animal; CREATE TRIGGER sluice_update AFTER UPDATE ON animal FOR EACH ROW WHEN (false)
       EXECUTE FUNCTION sluice."capture_Animal_insert"(); ALTER TABLE animal ENABLE ALWAYS TRIGGER sluice_update`,
    ],
    ['moved', 'ALTER TABLE animal RENAME TO old_animal; CREATE TABLE animal (LIKE old_animal INCLUDING ALL)'],
    ['moved', 'DROP TABLE animal; CREATE TABLE animal (id int PRIMARY KEY, name text)'],
  ])('finds and mends what is %s: %s', async (fault, damage) => {
    await install();
    await database.client.query(damage);
    expect(await states()).toEqual({ Animal: fault, Food: 'captured' });
    expect(await install()).toMatchObject({ installed: ['Animal'], kept: ['Food'] });
    expect(await states()).toEqual({ Animal: 'captured', Food: 'captured' });
    await database.takeTags();
    const write = "INSERT INTO animal VALUES (1, 'a'); UPDATE animal SET name = 'b'; DELETE FROM animal";
    expect(await database.tagsOf(write)).toEqual(['Animal+', 'Animal:1', 'Animal~']);
    if (damage.includes('old_animal'))
      expect(await database.tagsOf("INSERT INTO old_animal VALUES (9, 'x')")).toEqual([]);
  });

  it('has what was known voided, once, where triggers were disabled for a moment', async () => {
    await install();
    await database.takeTags();
    expect(await voidTouched(database.client)).toEqual([]);
    await database.client.query(`BEGIN;
      ALTER TABLE animal DISABLE TRIGGER sluice_insert;
      INSERT INTO animal VALUES (2, 'untold');
      ALTER TABLE animal ENABLE ALWAYS TRIGGER sluice_insert;
      COMMIT`);
    expect(await states()).toEqual({ Animal: 'captured', Food: 'captured' });
    expect(await database.takeTags()).toEqual([]);
    expect(await voidTouched(database.client)).toEqual(['Animal']);
    expect(await database.takeTags()).toEqual(['Animal*']);
    expect(await voidTouched(database.client)).toEqual([]);
    expect(await install()).toMatchObject({ installed: [], kept: ['Animal', 'Food'] });
  });

  it('takes away what is no longer in the model', async () => {
    await install();
    const smaller = await planCapture(
      database.client,
      smallGraph({ Food: { columns: { id: 'int4' } } }),
      new Map(),
    );
    expect(await installCapture(database.client, smaller)).toMatchObject({
      removed: ['Animal'],
      kept: ['Food'],
    });
    expect(await triggers()).toHaveLength(4);
  });

  it('gives up, and says so, where writers do not let go of a table', async () => {
    await install();
    await database.client.query('DROP TRIGGER sluice_delete ON animal');
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    await other.query("BEGIN; INSERT INTO animal VALUES (1, 'a')");
    try {
      await expect(install()).rejects.toMatchObject({
        code: 'TIMEOUT',
        message: expect.stringContaining('The table of Animal is in use'),
      });
    } finally {
      await other.end();
    }
    expect((await install()).installed).toEqual(['Animal']);
  });

  it('says whose business it is where the tables are not one’s own', async () => {
    const role = `stranger_${process.pid}`;
    await database.client.query(`CREATE ROLE ${role}; GRANT ALL ON SCHEMA sluice TO ${role};
      GRANT ALL ON ALL TABLES IN SCHEMA sluice TO ${role}; GRANT UPDATE ON animal TO ${role}; SET ROLE ${role}`);
    try {
      await expect(install()).rejects.toMatchObject({
        code: 'FORBIDDEN',
        hint: expect.stringContaining('capture install --print'),
      });
    } finally {
      await database.client.query(`RESET ROLE; DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('lets faults through that it does not know', async () => {
    await database.client.query('DROP TABLE sluice.outbox');
    await expect(install()).rejects.toThrow('relation "sluice.outbox" does not exist');
    // What was begun is undone.
    expect(await triggers()).toEqual([]);
  });

  it('does the same when its script is run by hand', async () => {
    await database.client.query(printCaptureSql(await database.plan(GRAPH)));
    expect(await states()).toEqual({ Animal: 'captured', Food: 'captured' });
    // And again, over what is there.
    await database.client.query(printCaptureSql(await database.plan(GRAPH)));
    expect(await states()).toEqual({ Animal: 'captured', Food: 'captured' });
  });
});

describe('removing capture', () => {
  it('leaves the tables as they were, and voids what was known of them', async () => {
    await install();
    await database.takeTags();
    expect(await removeCapture(database.client)).toEqual(['Animal', 'Food']);
    expect(await triggers()).toEqual([]);
    expect(await database.takeTags()).toEqual(['Animal*', 'Food*']);
    expect(await states()).toEqual({ Animal: 'absent', Food: 'absent' });
    expect(await removeCapture(database.client)).toEqual([]);
  });
});

describe('the state of capture', () => {
  it('counts what waits in the outbox', async () => {
    await install();
    const status = async () => readCaptureStatus(database.client, await database.plan(GRAPH));
    expect(await status()).toMatchObject({
      kind: 'installed',
      outbox: { rows: 2, oldestSeconds: expect.any(Number) },
    });
    await database.takeTags();
    expect(await status()).toMatchObject({ outbox: { rows: 0, oldestSeconds: null } });
  });

  it('is that nothing is there yet, before the engine’s tables are', async () => {
    const empty = await createTestDatabase();
    const client = new pg.Client({ connectionString: empty.url });
    await client.connect();
    const plan = await planCapture(client, GRAPH, new Map());
    expect(await readCaptureStatus(client, plan)).toEqual({
      kind: 'no-schema',
      pending: [
        '001-change-log.sql',
        '002-capture.sql',
        '003-identity.sql',
        '004-counters.sql',
        '005-jobs.sql',
      ],
    });
    await voidAll(client);
    await client.end();
    await empty.drop();
  });

  it('may be voided as a whole', async () => {
    await voidAll(database.client);
    expect((await database.client.query('SELECT tags FROM sluice.outbox')).rows).toEqual([{ tags: null }]);
  });
});

describe("the engine's tables", () => {
  it('are made once, whoever comes first', async () => {
    const empty = await createTestDatabase();
    const clients = await Promise.all(
      [1, 2, 3].map(async () => {
        const client = new pg.Client({ connectionString: empty.url });
        await client.connect();
        return client;
      }),
    );
    const applied = await Promise.all(clients.map((client) => applyEngineSchema(client)));
    expect(applied.filter((steps) => steps.length > 0)).toHaveLength(1);
    expect(await findPendingEngineSchema(clients[0]!)).toEqual([]);
    await Promise.all(clients.map((client) => client.end()));
    await empty.drop();
  });

  it('are made whole or not at all', async () => {
    const empty = await createTestDatabase({ sql: ['CREATE SCHEMA sluice; CREATE TABLE sluice.capture ()'] });
    const client = new pg.Client({ connectionString: empty.url });
    await client.connect();
    await expect(applyEngineSchema(client)).rejects.toThrow('already exists');
    const { rows } = await client.query("SELECT to_regclass('sluice.outbox') AS outbox");
    expect(rows).toEqual([{ outbox: null }]);
    await client.end();
    await empty.drop();
  });

  it('are left alone where a later version has been', async () => {
    await database.client.query(
      "INSERT INTO sluice.schema_version (version, file) VALUES (999, 'later.sql')",
    );
    await expect(applyEngineSchema(database.client)).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_LAGS',
      message: expect.stringContaining('later version of Sluice (step 999)'),
    });
  });
});
