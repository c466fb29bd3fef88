import pg from 'pg';
import type { Position } from '../../../src/changes/position.js';
import { until } from '../../embedded/until.js';
import { type RedisChild, startRedisChild } from '../../gateway/redis-child.js';
import { readChangeLogSql, withClient } from '../engine-tables.js';
import { openNode, type TestNode } from '../node/open-node.js';
import { type BreakablePostgres, createBreakablePostgres } from './breakable-postgres.js';

let postgres: BreakablePostgres;
let redis: RedisChild;
let nodes: TestNode[] = [];

beforeAll(async () => {
  [postgres, redis] = await Promise.all([createBreakablePostgres(), startRedisChild()]);
  await postgres.start();
  await withClient(postgres.url, async (client) => client.query(await readChangeLogSql()));
}, 60_000);
beforeEach(async () => {
  nodes = await Promise.all(
    [1, 2].map(() => openNode({ databaseUrl: postgres.url, redisUrl: redis.url, settleTimeoutMs: 300 })),
  );
  await Promise.all(nodes.map(({ changes }) => changes.ensureTrusted()));
});
afterEach(() => Promise.all(nodes.map((node) => node.close())));
afterAll(async () => {
  await Promise.all([postgres.remove(), redis.kill()]);
});

async function write(tag: string, synchronousCommit = 'on'): Promise<void> {
  await withClient(postgres.url, async (client) => {
    await client.query(`SET synchronous_commit TO ${synchronousCommit}`);
    await client.query('INSERT INTO sluice.outbox (tags) VALUES ($1)', [[tag]]);
  });
}

function positions(): Position[] {
  return nodes.map(({ changes }) => changes.position);
}

async function untilTrusted(): Promise<void> {
  await until('all nodes to be trusted', async () =>
    (await Promise.all(nodes.map(({ changes }) => changes.ensureTrusted()))).every(Boolean),
  );
}

/** Until each node has applied all that was committed before the call. */
async function untilAllIsKnown(): Promise<void> {
  for (const { changes } of nodes) {
    await until('a drain', async () => (await changes.settle('may-have-written')).isDrained);
  }
  await untilTrusted();
}

describe('PostgreSQL restarted', () => {
  it('costs trust while it is away, and nothing of what is known', async () => {
    await write('Animal:1');
    await untilAllIsKnown();
    const stamps = positions();
    await postgres.stop();
    await until('trust to be lost', () => nodes.every(({ changes }) => !changes.isTrusted()));
    expect(await nodes[0]!.changes.settle('may-have-written')).toEqual({ isDrained: false });
    await postgres.start();
    await write('Animal:2');
    await untilAllIsKnown();
    for (const [n, node] of nodes.entries()) {
      expect(node.changes.position.epoch).toBe(stamps[n]!.epoch);
      expect(node.isValid(stamps[n]!, 'Animal:1')).toBe(true);
      expect(node.isValid(stamps[n]!, 'Animal:2')).toBe(false);
    }
  });
});

describe('PostgreSQL crashed', () => {
  it('begins an epoch, since commits that were read may be gone', async () => {
    const before = positions();
    let lost = 0;
    // Whether PostgreSQL has written them by then is a matter of luck.
    for (let attempt = 0; attempt < 5 && lost === 0; attempt++) {
      await untilAllIsKnown();
      await withClient(postgres.url, (client) =>
        client.query('DROP TABLE IF EXISTS seen; CREATE TABLE seen (n int)'),
      );
      const client = new pg.Client({ connectionString: postgres.url });
      client.on('error', () => undefined);
      await client.connect();
      await client.query('SET synchronous_commit TO off');
      for (let n = 0; n < 50; n++) {
        await client.query(
          `WITH change AS (INSERT INTO sluice.outbox (tags) VALUES ('{Animal:1}')) INSERT INTO seen VALUES (${n})`,
        );
      }
      // Somebody reads them, and remembers what it read at this position.
      await untilAllIsKnown();
      const stamps = positions();
      expect(nodes.map((node, n) => node.isValid(stamps[n]!, 'Animal:1'))).toEqual([true, true]);
      await postgres.crash();
      await postgres.start();
      await untilAllIsKnown();
      lost = 50 - (await withClient(postgres.url, (again) => again.query('SELECT FROM seen'))).rowCount!;
      for (const [n, node] of nodes.entries()) {
        expect(node.changes.position.epoch).not.toBe(stamps[n]!.epoch);
        expect(node.isValid(stamps[n]!, 'Animal:1')).toBe(false);
      }
    }
    expect(lost).toBeGreaterThan(0);
    expect(positions()[0]!.epoch).not.toBe(before[0]!.epoch);
  });

  it('keeps what was committed and not yet drained', async () => {
    await write('Animal:7');
    await postgres.crash();
    await postgres.start();
    await untilAllIsKnown();
    for (const node of nodes) {
      const { epoch, id } = node.changes.position;
      expect(node.isValid({ epoch, id: id - 1 }, 'Animal:7')).toBe(false);
    }
  });
});

describe('a replica', () => {
  it('is not drained, and begins an epoch when it is promoted', async () => {
    const stamps = positions();
    await postgres.stop();
    await postgres.startAsReplica();
    await until('trust to be lost', () => nodes.every(({ changes }) => !changes.isTrusted()));
    expect(await nodes[0]!.changes.settle('wrote')).toEqual({ isDrained: false });
    await withClient(postgres.url, (client) => client.query('SELECT pg_promote()'));
    await untilAllIsKnown();
    for (const [n, node] of nodes.entries()) {
      expect(node.changes.position.epoch).not.toBe(stamps[n]!.epoch);
    }
  });
});
