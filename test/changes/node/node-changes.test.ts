import pg from 'pg';
import { createRedisLogKeys } from '../../../src/changes/log/redis-log-keys.js';
import type { Position } from '../../../src/changes/position.js';
import { until } from '../../embedded/until.js';
import { type TestDatabase, testRedisUrl } from '../../services/database.js';
import { createChangesDatabase, renewChangesDatabase } from '../engine-tables.js';
import { type NodeOptions, openNode, type TestNode } from './open-node.js';

let database: TestDatabase;
let client: pg.Client;
const nodes: TestNode[] = [];

beforeAll(async () => {
  database = await createChangesDatabase();
});
afterAll(() => database.drop());
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
  const node = await openNode({
    ...{ databaseUrl: database.url, redisUrl: testRedisUrl(), maxLagMs: 5_000 },
    ...options,
  });
  nodes.push(node);
  return node;
}

async function write(...tags: string[]): Promise<void> {
  await client.query('INSERT INTO sluice.outbox (tags) VALUES ($1)', [tags]);
}

/** What `pg_stat_activity` says of the connections of nodes. */
async function lastStatements(): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT query_start::text AS begin FROM pg_stat_activity
     WHERE application_name = 'sluice-changes' AND datname = current_database() ORDER BY 1`,
  );
  return rows.map(({ begin }) => begin);
}

describe.each([
  ['in memory', null],
  ['in Redis', 'redis'],
] as const)('a node whose log is %s', (_, kind) => {
  const alone = (options: Partial<NodeOptions> = {}): Promise<TestNode> =>
    open({ redisUrl: kind === null ? null : testRedisUrl(), ...options });

  it('is trusted as soon as it is relied on', async () => {
    const { changes } = await alone();
    expect(changes.isTrusted()).toBe(false);
    await until('trust', async () => (await changes.ensureTrusted()) && changes.isTrusted());
    expect(changes.position.id).toBe(1);
  });

  it('sees what anybody commits, while it is relied on', async () => {
    const node = await alone();
    await node.changes.ensureTrusted();
    const stamp = node.changes.position;
    await write('Animal:1');
    await until('the change to be seen', () => {
      node.changes.isTrusted();
      return !node.isValid(stamp, 'Animal:1');
    });
    expect(node.isValid(stamp, 'Animal:2')).toBe(true);
    expect(node.isValid(node.changes.position, 'Animal:1')).toBe(true);
  });

  it('has applied a write of its own before that is answered, and says where it stands', async () => {
    const node = await alone();
    await node.changes.ensureTrusted();
    const stamp = node.changes.position;
    await write('Animal:1');
    const settled = await node.changes.settle('wrote');
    expect(settled).toEqual({ isDrained: true, position: node.changes.position });
    expect(node.isValid(stamp, 'Animal:1')).toBe(false);
    expect(await node.changes.settle('may-have-written')).toEqual(settled);
  });

  it('shares a drain among those who write at a time', async () => {
    const node = await alone();
    await node.changes.ensureTrusted();
    await client.query(
      `INSERT INTO sluice.outbox (tags) SELECT ARRAY['Animal:' || n] FROM generate_series(1, 30) n`,
    );
    const before = await node.count('sluice_changes_drains_total', { outcome: 'appended' });
    await Promise.all(Array.from({ length: 30 }, () => node.changes.settle('wrote')));
    // One that runs, which may be too early for the others, and one for all of them.
    expect(await node.count('sluice_changes_drains_shared_total')).toBeGreaterThanOrEqual(28);
    expect(await node.count('sluice_changes_drains_total', { outcome: 'appended' })).toBe(before + 1);
  });

  it('tells of itself', async () => {
    const node = await alone();
    await node.changes.ensureTrusted();
    const { changes } = node;
    expect(await changes.readStatus()).toEqual({
      log: kind ?? 'memory',
      position: changes.position,
      horizon: 0,
      fault: null,
      lagMs: expect.any(Number),
      outbox: { rows: 0, oldestMs: null },
      uncaptured: [],
    });
  });

  it('counts what waits in the outbox', async () => {
    const { changes } = await alone();
    await client.query('BEGIN');
    await client.query('SELECT FROM sluice.lock FOR UPDATE');
    await client.query('COMMIT');
    await write('Animal:1');
    await write('Animal:2');
    const { outbox, fault, lagMs } = await changes.readStatus();
    expect(outbox).toEqual({ rows: 2, oldestMs: expect.any(Number) });
    expect(fault).toBe('starting');
    expect(lagMs).toBeNull();
  });

  it('asks nobody anything once it is not relied on any more', async () => {
    let aheadMs = 0;
    const { changes } = await alone({ nowMs: () => performance.now() + aheadMs });
    await changes.ensureTrusted();
    // As if a second had passed without a request.
    aheadMs = 1_001;
    const seen: string[] = [];
    await until('it to fall silent', async () => {
      seen.push((await lastStatements()).join());
      const recent = seen.slice(-20);
      return recent.length === 20 && new Set(recent).size === 1;
    });
    aheadMs = 7_000;
    expect(changes.isTrusted()).toBe(false);
    await until('trust', () => changes.ensureTrusted());
  });

  it('stops to trust itself when nobody tells it anything, by its own clock', async () => {
    let aheadMs = 0;
    const { changes } = await alone({ nowMs: () => performance.now() + aheadMs });
    await changes.ensureTrusted();
    aheadMs = 5_001;
    expect(changes.isTrusted()).toBe(false);
  });
});

describe('nodes that share a log', () => {
  it('see each other`s writes by the position that an answer carries', async () => {
    const [one, other] = [await open(), await open()];
    await Promise.all([one.changes.ensureTrusted(), other.changes.ensureTrusted()]);
    const stamp = other.changes.position;
    await write('Animal:1');
    const settled = await one.changes.settle('wrote');
    const { position } = settled as { position: Position };
    expect(await other.changes.waitFor(position, 5_000)).toBe(true);
    expect(other.isValid(stamp, 'Animal:1')).toBe(false);
    expect(await other.changes.waitFor(position, 0)).toBe(true);
  });

  it('send who names a position that is not there to the primary', async () => {
    const { changes } = await open();
    await changes.ensureTrusted();
    const { epoch, id } = changes.position;
    expect(await changes.waitFor({ epoch, id: id + 1 }, 5_000)).toBe(false);
    expect(await changes.waitFor({ epoch: 'another', id: 1 }, 5_000)).toBe(false);
  });

  it('find what is in the log when they start, and take what is older for unknown', async () => {
    const first = await open();
    await first.changes.ensureTrusted();
    const stamps: Position[] = [];
    for (let n = 1; n <= 5; n++) {
      stamps.push(first.changes.position);
      await write(`Animal:${n}`);
      await first.changes.settle('wrote');
    }
    const second = await open();
    await until('trust', () => second.changes.ensureTrusted());
    expect(second.changes.position).toEqual(first.changes.position);
    for (const [n, stamp] of stamps.entries()) {
      expect(second.isValid(stamp, `Animal:${n + 1}`)).toBe(false);
      expect(second.isValid(stamp, 'Animal:99')).toBe(true);
    }
  });

  it('leave draining to one of them', async () => {
    const all = [await open(), await open(), await open()];
    await Promise.all(all.map(({ changes }) => changes.ensureTrusted()));
    const drains = (): Promise<number[]> =>
      Promise.all(all.map((node) => node.count('sluice_changes_drains_total')));
    // On a busy machine heartbeats come late, and others step in: not each time.
    await until('forty drains, most of them by one node', async () => {
      const before = await drains();
      await until('forty drains of a node', async () => {
        for (const { changes } of all) changes.isTrusted();
        return (await drains()).some((count, n) => count - before[n]! >= 40);
      });
      const counts = (await drains()).map((count, n) => count - before[n]!);
      const most = Math.max(...counts);
      return counts.reduce((sum, count) => sum + count) - most < most;
    });
    for (const { changes } of all) await until('trust', () => changes.ensureTrusted());
  });

  it('keep apart what belongs to different databases', async () => {
    const elsewhere = await createChangesDatabase();
    const [here, there] = [await open(), await open({ databaseUrl: elsewhere.url })];
    await until('trust', () => here.changes.ensureTrusted());
    await until('trust', () => there.changes.ensureTrusted());
    expect(there.changes.position.epoch).not.toBe(here.changes.position.epoch);
    await there.close();
    nodes.pop();
    await elsewhere.drop();
  });
});

describe('a node that can not follow', () => {
  it('answers a write without a position, uses no cache, and comes back by itself', async () => {
    const node = await open({ settleTimeoutMs: 2_000 });
    await until('trust', () => node.changes.ensureTrusted());
    await client.query('ALTER TABLE sluice.outbox RENAME TO away');
    expect(await node.changes.settle('wrote')).toEqual({ isDrained: false });
    expect(await node.changes.settle('may-have-written')).toEqual({ isDrained: false });
    expect(node.changes.isTrusted()).toBe(false);
    expect(await node.changes.ensureTrusted()).toBe(false);
    expect(await node.count('sluice_changes_trust_lost_total')).toBe(1);
    await client.query('ALTER TABLE sluice.away RENAME TO outbox');
    await until('the writes to be told of', () => node.changes.ensureTrusted());
    expect(node.logged).toEqual([
      'Changes can not be followed; caches stand aside',
      'Changes are known again',
    ]);
  });

  it('does not wait for longer than it may', async () => {
    const node = await open({ settleTimeoutMs: 60, proofTimeoutMs: 60 });
    await until('trust', () => node.changes.ensureTrusted());
    await client.query('BEGIN');
    await client.query('SELECT FROM sluice.lock FOR UPDATE');
    await write('Animal:1');
    expect(await node.changes.settle('wrote')).toEqual({ isDrained: false });
    expect(await node.changes.readStatus()).toMatchObject({ fault: 'pending-write', outbox: { rows: 0 } });
    await client.query('COMMIT');
    await until('the write to be told of', () => node.changes.ensureTrusted());
  });

  it('says that the database has no change log', async () => {
    await client.query('DROP SCHEMA sluice CASCADE');
    const node = await open();
    expect(await node.changes.ensureTrusted()).toBe(false);
    expect(await node.changes.ensureTrusted()).toBe(false);
    expect(await node.count('sluice_changes_trust_lost_total', { cause: 'not-captured' })).toBe(2);
    await expect(node.changes.readStatus()).rejects.toMatchObject({ code: 'DATABASE_SCHEMA_LAGS' });
  });

  it('keeps away from a server that speaks of an epoch which is over', async () => {
    const node = await open();
    await node.changes.ensureTrusted();
    const { epoch } = node.changes.position;
    await client.query('DELETE FROM sluice.boot');
    await until('the next epoch', async () => {
      await node.changes.ensureTrusted();
      return node.changes.position.epoch !== epoch;
    });
    // One transaction under the lock: a drain between the two would begin one more epoch.
    await client.query(
      `SELECT FROM sluice.lock FOR UPDATE;
       UPDATE sluice.log SET epoch = '${epoch}';
       UPDATE sluice.boot SET epoch = '${epoch}'`,
    );
    expect(await node.changes.settle('wrote')).toEqual({ isDrained: false });
    await client.query('DELETE FROM sluice.boot');
    await until('an epoch of its own', () => node.changes.ensureTrusted());
  });

  it('does not believe a heartbeat from the future', async () => {
    let aheadMs = 0;
    const node = await open({ nowMs: () => performance.now() + aheadMs, maxLagMs: 2_000 });
    await node.changes.ensureTrusted();
    const { epoch, id } = node.changes.position;
    const { rows } = await client.query('SELECT sluice.place() AS place');
    const futureMs = Date.now() + 3_600_000;
    const forge = (): Promise<unknown> =>
      node.redis!.set(
        createRedisLogKeys(rows[0].place).heartbeat,
        `${futureMs} ${id} 0/0 ${epoch}`,
        'EX',
        60,
      );
    await forge();
    aheadMs = 3_000;
    // It has to ask PostgreSQL, and what it writes then stands.
    await until('trust', () => node.changes.ensureTrusted());
    const before = await node.count('sluice_changes_drains_total');
    await forge();
    await until('it to drain by itself', async () => {
      node.changes.isTrusted();
      return (await node.count('sluice_changes_drains_total')) > before;
    });
    aheadMs = 6_000;
    expect(node.changes.isTrusted()).toBe(false);
  });

  it('closes while it is failing', async () => {
    const node = await open({ settleTimeoutMs: 50 });
    await client.query('DROP SCHEMA sluice CASCADE');
    expect(await node.changes.settle('wrote')).toEqual({ isDrained: false });
    await node.changes.close();
    expect(node.changes.isTrusted()).toBe(false);
    expect(await node.changes.settle('wrote')).toEqual({ isDrained: false });
  });
});

describe('models that are not captured', () => {
  it('are named, not relied on, and void for everybody once they are captured again', async () => {
    let uncaptured: readonly string[] = ['Keeper'];
    let isFailing = false;
    const watching = {
      captureCheckIntervalMs: 1,
      findUncaptured: async () => {
        if (isFailing) throw new Error('no answer');
        return uncaptured;
      },
    };
    const [node, other] = [await open(watching), await open()];
    await Promise.all([node.changes.ensureTrusted(), other.changes.ensureTrusted()]);
    const rely = (isSo: () => boolean) => (): boolean => {
      for (const { changes } of [node, other]) changes.isTrusted();
      return isSo();
    };
    await until(
      'the look',
      rely(() => node.changes.isCaptured('Animal')),
    );
    expect(node.changes.isCaptured('Keeper')).toBe(false);
    expect((await node.changes.readStatus()).uncaptured).toEqual(['Keeper']);
    const stamp = other.changes.position;
    uncaptured = [];
    await until(
      'the model to be captured',
      rely(() => node.changes.isCaptured('Keeper')),
    );
    await until(
      'it to be void elsewhere',
      rely(() => !other.isValid(stamp, 'Keeper*')),
    );
    expect(other.isValid(stamp, 'Animal*')).toBe(true);
    isFailing = true;
    await until(
      'a failed look',
      rely(() => node.logged.includes('Could not check whether changes are captured')),
    );
    expect(node.changes.isCaptured('Keeper')).toBe(true);
  });
});
