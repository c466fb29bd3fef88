import { voidTouched } from '../../../src/changes/capture/void-touched.js';
import { openSmallDatabase, type SmallDatabase, smallGraph } from './small-graph.js';

let database: SmallDatabase;

const VISITS = `
  CREATE TABLE visit (day int NOT NULL, id int NOT NULL, gate text, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
  CREATE TABLE visit_1 PARTITION OF visit FOR VALUES FROM (0) TO (10);
  CREATE TABLE visit_2 PARTITION OF visit FOR VALUES FROM (10) TO (20) PARTITION BY RANGE (id);
  CREATE TABLE visit_2a PARTITION OF visit_2 FOR VALUES FROM (0) TO (1000);
  INSERT INTO visit SELECT 1, n, 'east' FROM generate_series(1, 300) AS n`;
const visitGraph = smallGraph({
  Visit: { columns: { day: 'int4', id: 'int4', gate: 'text' }, key: ['day', 'id'] },
});
const DEMAND = new Map([['Visit', { slices: [['gate']], columns: ['gate'] }]]);

async function readFaults(): Promise<(string | null)[]> {
  const { rows } = await database.client.query('SELECT fault FROM sluice.capture_state()');
  return rows.map(({ fault }) => fault);
}

describe('a partitioned table', () => {
  it('tells of changes through it and at its partitions', async () => {
    database = await openSmallDatabase(VISITS);
    await database.install(visitGraph, DEMAND);
    expect(await database.tagsOf("UPDATE visit SET gate = 'west' WHERE day = 1 AND id = 1")).toEqual([
      'Visit+gate=east',
      'Visit+gate=west',
      'Visit.gate',
      'Visit.gate+gate=west',
      'Visit:1,1',
      'Visit~',
    ]);
    expect(await database.tagsOf('DELETE FROM visit_1 WHERE id = 2')).toEqual([
      'Visit+',
      'Visit+gate=east',
      'Visit:1,2',
      'Visit~',
    ]);
    expect(await database.tagsOf('INSERT INTO visit_2a VALUES (11, 5, NULL)')).toEqual([
      'Visit+',
      'Visit:11,5',
      'Visit~',
    ]);
    const moved = await database.tagsOf('UPDATE visit SET day = 12 WHERE day = 1 AND id = 3');
    for (const tag of ['Visit:1,3', 'Visit:12,3', 'Visit+', 'Visit+gate=east']) expect(moved).toContain(tag);
    expect(await database.tagsOf('UPDATE visit SET id = 400 WHERE day = 1 AND id = 4')).toEqual(['Visit*']);
  });

  it('tells of changes in partitions that came later, and of TRUNCATE once it is installed there', async () => {
    database = await openSmallDatabase(VISITS);
    const plan = await database.install(visitGraph, DEMAND);
    await database.client.query(`CREATE TABLE later (LIKE visit);
      ALTER TABLE visit ATTACH PARTITION later FOR VALUES FROM (30) TO (40)`);
    expect(await database.tagsOf("INSERT INTO later VALUES (31, 1, 'x')")).toContain('Visit:31,1');
    expect(await readFaults()).toEqual(['partition']);
    await database.install(visitGraph, DEMAND);
    expect(await readFaults()).toEqual([null]);
    expect(await database.tagsOf('TRUNCATE later')).toEqual(['Visit*']);
    expect(plan.specs.get('Visit')?.mode).toBe('row');
  });

  it.each([
    ['later', 'sluice_update'],
    ['visit_1', 'sluice_truncate'],
    ['visit_2', 'sluice_insert'],
  ])('is not as it should be while the partition %s has %s disabled', async (partition, trigger) => {
    database = await openSmallDatabase(VISITS);
    await database.client.query('CREATE TABLE later PARTITION OF visit FOR VALUES FROM (30) TO (40)');
    await database.install(visitGraph, DEMAND);
    await database.client.query(`ALTER TABLE ONLY ${partition} DISABLE TRIGGER ${trigger}`);
    expect(await readFaults()).toEqual(['partition']);
    await database.install(visitGraph, DEMAND);
    expect(await readFaults()).toEqual([null]);
  });

  it.each([
    'DROP TABLE visit_1',
    'ALTER TABLE visit DETACH PARTITION visit_2',
    'ALTER TABLE visit_2 DETACH PARTITION visit_2a',
    `CREATE TABLE more (LIKE visit); INSERT INTO more VALUES (31, 1, 'x');
     ALTER TABLE visit ATTACH PARTITION more FOR VALUES FROM (30) TO (40)`,
  ])('has what was known voided after %s, by which rows went or came untold', async (statement) => {
    database = await openSmallDatabase(VISITS);
    await database.install(visitGraph, DEMAND);
    await database.client.query(statement);
    expect(await database.takeTags()).toEqual([]);
    expect(await voidTouched(database.client)).toEqual(['Visit']);
    expect(await database.takeTags()).toEqual(['Visit*']);
    expect(await voidTouched(database.client)).toEqual([]);
  });

  it('is told as everything beyond a hundred rows of a transaction, and again after what was told is undone', async () => {
    database = await openSmallDatabase(VISITS);
    await database.install(visitGraph, DEMAND);
    const { client } = database;
    await client.query('BEGIN');
    await client.query('SAVEPOINT s');
    await client.query("UPDATE visit SET gate = 'a'");
    const count = async () => (await client.query('SELECT count(*)::int AS n FROM sluice.outbox')).rows[0].n;
    expect(await count()).toBe(101);
    await client.query("UPDATE visit SET gate = 'b'");
    expect(await count()).toBe(101);
    await client.query('ROLLBACK TO s');
    await client.query("UPDATE visit SET gate = 'c' WHERE id = 1");
    await client.query('COMMIT');
    expect(await database.takeTags()).toContain('Visit:1,1');
    await client.query("UPDATE visit SET gate = 'd'");
    const tags = await database.takeTags();
    expect(tags).toContain('Visit*');
    // The next transaction begins anew.
    expect(await database.tagsOf("UPDATE visit SET gate = 'e' WHERE id = 1")).toContain('Visit:1,1');
  });

  it('is not silenced by a session that sets what the count is kept in', async () => {
    database = await openSmallDatabase(VISITS);
    await database.install(visitGraph, DEMAND);
    await database.client.query(`SELECT set_config('sluice.rows_Visit', repeat('.', 500), false)`);
    expect(await database.tagsOf("UPDATE visit SET gate = 'x' WHERE id = 1")).toContain('Visit:1,1');
  });

  it('tells of TRUNCATE, of all or of one partition', async () => {
    database = await openSmallDatabase(VISITS);
    await database.install(visitGraph, DEMAND);
    expect(await database.tagsOf('TRUNCATE visit_2a')).toEqual(['Visit*']);
    expect(await database.tagsOf('TRUNCATE visit')).toEqual(['Visit*']);
  });

  it('lets go of all triggers and functions when capture is removed', async () => {
    database = await openSmallDatabase(VISITS);
    await database.install(visitGraph, DEMAND);
    const { removeCapture } = await import('../../../src/changes/capture/remove-capture.js');
    expect(await removeCapture(database.client)).toEqual(['Visit']);
    const { rows } = await database.client.query(
      "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'sluice%' UNION ALL SELECT proname FROM pg_proc WHERE proname LIKE 'capture_Visit%'",
    );
    expect(rows).toEqual([]);
  });
});

describe('a table without a key', () => {
  const graph = smallGraph({ Entry: { columns: { shelf: 'int4', note: 'text' }, key: null } });
  const demand = new Map([['Entry', { slices: [['shelf']], columns: ['note'] }]]);

  it('tells of changes as of rows that go and rows that come', async () => {
    database = await openSmallDatabase(
      "CREATE TABLE entry (shelf int, note text); INSERT INTO entry VALUES (1, 'a')",
    );
    await database.install(graph, demand);
    expect(await database.tagsOf("UPDATE entry SET note = 'b'")).toEqual([
      'Entry+',
      'Entry+shelf=1',
      'Entry.note',
      'Entry.note+shelf=1',
      'Entry.shelf',
      'Entry.shelf+shelf=1',
      'Entry~',
    ]);
    await database.client.query("INSERT INTO entry SELECT n, 'x' FROM generate_series(1, 101) AS n");
    await database.takeTags();
    expect(await database.tagsOf("UPDATE entry SET note = 'c'")).toContain('Entry*');
  });
});

describe('a table whose key no tag can hold', () => {
  it('tells of its rows at large, and knows a row again by its bytes', async () => {
    database = await openSmallDatabase(`CREATE TABLE sample (at numeric PRIMARY KEY, note text);
      INSERT INTO sample VALUES (1.0, 'a'), (2.0, 'b')`);
    const graph = smallGraph({ Sample: { columns: { at: 'numeric', note: 'text' }, key: ['at'] } });
    const plan = await database.install(graph, new Map([['Sample', { slices: [], columns: ['note'] }]]));
    expect(plan.specs.get('Sample')?.key).toBeNull();
    expect(await database.tagsOf("UPDATE sample SET note = 'c' WHERE at = 1")).toEqual([
      'Sample.note',
      'Sample~',
    ]);
    expect(await database.tagsOf('UPDATE sample SET at = 1.00 WHERE at = 1')).toEqual(['Sample*']);
    expect(await database.tagsOf('DELETE FROM sample WHERE at = 1')).toEqual(['Sample+', 'Sample~']);
  });
});

describe('names', () => {
  it('may be anything that PostgreSQL lets through', async () => {
    const model = `M${'x'.repeat(60)}`;
    database =
      await openSmallDatabase(`CREATE TABLE "a ""table'" (id int PRIMARY KEY, "told" int, "old_rows" text);
      INSERT INTO "a ""table'" VALUES (1, 2, 'x')`);
    const graph = smallGraph({
      [model]: { columns: { id: 'int4', told: 'int4', old_rows: 'text' }, table: 'a "table\'' },
    });
    await database.install(graph, new Map([[model, { slices: [['told']], columns: ['old_rows'] }]]));
    expect(await database.tagsOf(`UPDATE "a ""table'" SET told = 3, old_rows = 'y'`)).toEqual([
      `${model}+told=2`,
      `${model}+told=3`,
      `${model}.old_rows`,
      `${model}.old_rows+told=3`,
      `${model}.told`,
      `${model}.told+told=3`,
      `${model}:1`,
      `${model}~`,
    ]);
    expect(await database.tagsOf(`TRUNCATE "a ""table'"`)).toEqual([`${model}*`]);
  });
});

describe('a table that inherits from another', () => {
  it('tells of changes through the other', async () => {
    database = await openSmallDatabase(`CREATE TABLE thing (id int PRIMARY KEY, name text);
      CREATE TABLE toy (PRIMARY KEY (id)) INHERITS (thing); INSERT INTO toy VALUES (1, 'a')`);
    await database.install(smallGraph({ Toy: { columns: { id: 'int4', name: 'text' } } }));
    expect(await database.tagsOf("UPDATE thing SET name = 'b'")).toEqual(['Toy:1', 'Toy~']);
  });
});
