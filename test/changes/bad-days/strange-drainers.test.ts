import pg from 'pg';
import type { Position } from '../../../src/changes/position.js';
import { until } from '../../embedded/until.js';
import { startRedisChild } from '../../gateway/redis-child.js';
import { type TestDatabase, testRedisUrl } from '../../services/database.js';
import { createChangesDatabase, renewChangesDatabase } from '../engine-tables.js';
import { type NodeOptions, openNode, type TestNode } from '../node/open-node.js';
import { compileDrainer, type DrainerEngine } from './drainer.js';

let drainers: DrainerEngine;
let database: TestDatabase;
let client: pg.Client;
const nodes: TestNode[] = [];

beforeAll(async () => {
  drainers = compileDrainer();
  database = await createChangesDatabase();
});
afterAll(async () => {
  drainers.remove();
  await database.drop();
});
beforeEach(async () => {
  await renewChangesDatabase(database.url);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.close()));
  await client.end();
});

async function open(options: Partial<NodeOptions> = {}): Promise<TestNode> {
  const node = await openNode({ databaseUrl: database.url, redisUrl: testRedisUrl(), ...options });
  nodes.push(node);
  await until('trust', () => node.changes.ensureTrusted());
  return node;
}

async function write(tag: string): Promise<void> {
  await client.query('INSERT INTO sluice.outbox (tags) VALUES ($1)', [[tag]]);
}

async function settle(node: TestNode): Promise<Position> {
  const settled = await node.changes.settle('may-have-written');
  if (!settled.isDrained) throw new Error('not drained');
  return settled.position;
}

/** Leaves draining to others, unless it has to settle something. */
const RARELY = { pollIntervalMs: 10_000, maxLagMs: 60_000, settleTimeoutMs: 10_000 };

describe('a process that drains', () => {
  it('and is killed between append and commit leaves its changes to others, told twice at worst', async () => {
    const [one, other] = [await open(RARELY), await open(RARELY)];
    const stamp = one.changes.position;
    await write('Animal:1');
    const drainer = drainers.start({ databaseUrl: database.url, redisUrl: testRedisUrl() });
    await drainer.appended;
    await drainer.kill();
    const position = await settle(one);
    // Its own id, and the one of the drain that was lost.
    expect(position.id).toBe(stamp.id + 2);
    expect(await other.changes.waitFor(position, 5_000)).toBe(true);
    for (const node of nodes) {
      expect(node.isValid(stamp, 'Animal:1')).toBe(false);
      expect(node.isValid(stamp, 'Animal:2')).toBe(true);
      expect(node.isValid(position, 'Animal:1')).toBe(true);
    }
  });

  it('and is frozen while it holds the lock holds up the others for about a second', async () => {
    const node = await open(RARELY);
    const stamp = node.changes.position;
    await write('Animal:1');
    const drainer = drainers.start({ databaseUrl: database.url, redisUrl: testRedisUrl() });
    await drainer.appended;
    drainer.freeze();
    await settle(node);
    await write('Animal:2');
    await settle(node);
    expect(node.isValid(stamp, 'Animal:2')).toBe(false);
    // Whatever it does once it wakes up, its transaction is over.
    drainer.thaw();
    await write('Animal:3');
    const position = await settle(node);
    expect(node.isValid(stamp, 'Animal:3')).toBe(false);
    expect(node.changes.position).toEqual(position);
    await drainer.kill();
  });
});

describe('a second deployment with a Redis of its own', () => {
  it('takes changes away from the first, which notices', async () => {
    const elsewhere = await startRedisChild();
    const [here, there] = [await open(), await open({ redisUrl: elsewhere.url })];
    for (let n = 1; n <= 20; n++) {
      const stamps = nodes.map(({ changes }) => changes.position);
      await write(`Animal:${n}`);
      const [first, second] = n % 2 === 0 ? [here, there] : [there, here];
      const position = await settle(first);
      expect(await second.changes.waitFor(position, 5_000)).toBe(true);
      for (const [index, node] of nodes.entries()) {
        expect(node.isValid(stamps[index]!, `Animal:${n}`)).toBe(false);
      }
    }
    await there.close();
    nodes.pop();
    await elsewhere.kill();
  });
});

describe('clocks that differ', () => {
  it('by years between nodes change nothing', async () => {
    const YEAR_MS = 31_536_000_000;
    const all = [
      await open({ nowMs: () => performance.now() + 5 * YEAR_MS }),
      await open({ nowMs: () => performance.now() - 5 * YEAR_MS }),
    ];
    for (const [n, node] of all.entries()) {
      const stamps = all.map(({ changes }) => changes.position);
      await write(`Animal:${n}`);
      const position = await settle(node);
      for (const [index, each] of all.entries()) {
        expect(await each.changes.waitFor(position, 5_000)).toBe(true);
        expect(each.isValid(stamps[index]!, `Animal:${n}`)).toBe(false);
        await until('trust', () => each.changes.ensureTrusted());
        expect((await each.changes.readStatus()).lagMs).toBeLessThan(1_000);
      }
    }
  });

  it('that jump forward cost trust until it is proven anew', async () => {
    let aheadMs = 0;
    const node = await open({ nowMs: () => performance.now() + aheadMs });
    aheadMs = 60_000;
    expect(node.changes.isTrusted()).toBe(false);
    await until('trust', () => node.changes.ensureTrusted());
  });
});

describe('a transaction that stays open', () => {
  it('holds up nobody, and is told of when it commits', async () => {
    const [node, other] = [await open(), await open()];
    const late = new pg.Client({ connectionString: database.url });
    await late.connect();
    await late.query(`BEGIN; INSERT INTO sluice.outbox (tags) VALUES ('{Animal:late}')`);
    for (let n = 1; n <= 50; n++) {
      const stamp = node.changes.position;
      await write(`Animal:${n}`);
      await settle(node);
      expect(node.isValid(stamp, `Animal:${n}`)).toBe(false);
    }
    const stamp = await settle(node);
    expect(await other.changes.waitFor(stamp, 5_000)).toBe(true);
    await late.query('COMMIT');
    await late.end();
    expect(await other.changes.waitFor(await settle(node), 5_000)).toBe(true);
    for (const each of nodes) {
      expect(each.isValid(stamp, 'Animal:late')).toBe(false);
      expect(each.isValid(stamp, 'Animal:50')).toBe(true);
    }
  });
});

describe('an outbox that grew while nobody drained', () => {
  it('beyond the bound voids all that was known, in one record', async () => {
    const node = await open({ maxBacklogRows: 5_000 });
    const stamp = node.changes.position;
    await client.query(
      `INSERT INTO sluice.outbox (tags) SELECT ARRAY['Animal:' || n] FROM generate_series(1, 5001) AS n`,
    );
    const position = await settle(node);
    expect(position.id).toBe(stamp.id + 1);
    expect(node.isValid(stamp, 'Keeper:1')).toBe(false);
    expect(node.isValid(position, 'Animal:1')).toBe(true);
    expect((await node.changes.readStatus()).horizon).toBe(position.id);
  });

  it('within the bound is told of one by one', async () => {
    const node = await open();
    const stamp = node.changes.position;
    await client.query(
      `INSERT INTO sluice.outbox (tags) SELECT ARRAY['Animal:' || n] FROM generate_series(1, 5000) AS n`,
    );
    await settle(node);
    for (let n = 1; n <= 5_000; n++) expect(node.isValid(stamp, `Animal:${n}`)).toBe(false);
    expect(node.isValid(stamp, 'Keeper:1')).toBe(true);
  });
});
