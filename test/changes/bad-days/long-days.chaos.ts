import pg from 'pg';
import { type TestDatabase, testRedisUrl } from '../../services/database.js';
import { createChangesDatabase } from '../engine-tables.js';
import { openNode, type TestNode } from '../node/open-node.js';

let database: TestDatabase;
let client: pg.Client;
let node: TestNode;

beforeEach(async () => {
  database = await createChangesDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await node.close();
  await client.end();
  await database.drop();
});

describe('a million rows in the outbox', () => {
  it('are one record that moves the horizon, for a node that starts', async () => {
    await client.query(
      `INSERT INTO sluice.outbox (tags) SELECT ARRAY['Animal:' || n] FROM generate_series(1, 1000000) AS n`,
    );
    node = await openNode({ databaseUrl: database.url, redisUrl: testRedisUrl() });
    const settled = await node.changes.settle('may-have-written');
    expect(settled).toEqual({ isDrained: true, position: { epoch: expect.any(String), id: 1 } });
    expect(await node.changes.readStatus()).toMatchObject({ horizon: 1, outbox: { rows: 0 } });
    expect(await node.count('sluice_changes_drains_total', { outcome: 'appended' })).toBe(1);
  }, 120_000);

  it('and many more are several', async () => {
    await client.query(
      `INSERT INTO sluice.outbox (tags) SELECT ARRAY['Animal:' || n] FROM generate_series(1, 2500000) AS n`,
    );
    node = await openNode({ databaseUrl: database.url, redisUrl: testRedisUrl(), settleTimeoutMs: 60_000 });
    expect((await node.changes.settle('wrote')).isDrained).toBe(true);
    const { horizon, outbox } = await node.changes.readStatus();
    expect(horizon).toBeGreaterThan(1);
    expect(outbox).toEqual({ rows: 0, oldestMs: null });
  }, 240_000);
});

describe('a transaction that is open for a minute while others commit', () => {
  it('makes drains no slower and loses nothing', async () => {
    node = await openNode({ databaseUrl: database.url, redisUrl: testRedisUrl() });
    await node.changes.ensureTrusted();
    const late = new pg.Client({ connectionString: database.url });
    await late.connect();
    await late.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ; INSERT INTO sluice.outbox (tags) VALUES ('{Animal:late}')`,
    );
    const before = node.changes.position;
    const endMs = performance.now() + 60_000;
    const visited: number[] = [];
    let written = 0;
    while (performance.now() < endMs) {
      const stamp = node.changes.position;
      written++;
      await client.query('INSERT INTO sluice.outbox (tags) VALUES ($1)', [[`Animal:${written}`]]);
      expect((await node.changes.settle('wrote')).isDrained).toBe(true);
      expect(node.isValid(stamp, `Animal:${written}`)).toBe(false);
      if (written % 500 === 0) visited.push(await countVisits());
    }
    expect(node.isValid(before, 'Animal:late')).toBe(true);
    await late.query('COMMIT');
    await late.end();
    await node.changes.settle('wrote');
    expect(node.isValid(before, 'Animal:late')).toBe(false);
    // Visits of rows grow with what is written, not with its square.
    const [first = 0, last = 0] = [visited[0], visited.at(-1)];
    expect(visited.length).toBeGreaterThan(2);
    expect(last).toBeLessThan(2 * first * visited.length);
  }, 120_000);

  async function countVisits(): Promise<number> {
    await client.query('SELECT pg_stat_force_next_flush()');
    const { rows } = await client.query(
      `SELECT pg_stat_get_tuples_returned('sluice.outbox_xid_idx'::regclass)
            + pg_stat_get_tuples_returned('sluice.log_head_idx'::regclass)
            + pg_stat_get_tuples_returned('sluice.outbox'::regclass)
            + pg_stat_get_tuples_returned('sluice.log'::regclass) AS count`,
    );
    return Number(rows[0].count);
  }
});
