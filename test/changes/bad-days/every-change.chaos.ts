import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Redis } from 'ioredis';
import { Random } from '../../binding/agreement/random.js';
import { startRedisChild } from '../../gateway/redis-child.js';
import { withClient } from '../engine-tables.js';
import { openNode, type TestNode } from '../node/open-node.js';
import { type BreakablePostgres, createBreakablePostgres } from './breakable-postgres.js';
import { compileDrainer, type DrainerEngine } from './drainer.js';
import { captureZoo, checkEveryChange } from './every-change.js';
import { type RedisProxy, startRedisProxy } from './redis-proxy.js';

const WRITES = 100_000;
const DOMAIN = ['schema.sql', 'rows.sql'].map((name) => path.join(import.meta.dirname, '../../domain', name));

let postgres: BreakablePostgres;
let redis: Awaited<ReturnType<typeof startRedisChild>>;
let proxies: RedisProxy[];
let nodes: TestNode[];
let drainers: DrainerEngine;

beforeEach(async () => {
  drainers = compileDrainer();
  [postgres, redis] = await Promise.all([createBreakablePostgres(), startRedisChild()]);
  await postgres.start();
  await withClient(postgres.url, async (client) => {
    for (const file of DOMAIN) await client.query(await readFile(file, 'utf8'));
  });
  await captureZoo(postgres.url);
  proxies = await Promise.all([1, 2, 3].map(() => startRedisProxy(redis.port)));
  nodes = await Promise.all(proxies.map(open));
}, 60_000);
afterEach(async () => {
  await Promise.all(nodes.map((node) => node.close()));
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await Promise.all([postgres.remove(), redis.kill()]);
  drainers.remove();
}, 60_000);

function open({ url }: RedisProxy): Promise<TestNode> {
  return openNode({ databaseUrl: postgres.url, redisUrl: url, settleTimeoutMs: 500 });
}

describe('every committed change', () => {
  it('of a hundred thousand is known to each of three nodes, on a quiet day', async () => {
    const outcome = await checkEveryChange({
      ...{ databaseUrl: postgres.url, nodes, writes: WRITES },
      random: new Random(1),
    });
    expect(outcome).toMatchObject({ missed: [], failed: 0 });
    expect(outcome.voidForNothing).toBeLessThan(outcome.unchanged / 50);
  }, 1_200_000);

  it('of a hundred thousand is known to each of three nodes, whatever breaks', async () => {
    const random = new Random(2);
    const happened = new Map<string, number>();
    const faults = listFaults(random);
    const outcome = await checkEveryChange({
      ...{ databaseUrl: postgres.url, nodes, writes: WRITES, random },
      disturb: async () => {
        if (!random.chance(0.3)) return;
        const [name, harm] = random.pick(faults);
        happened.set(name, (happened.get(name) ?? 0) + 1);
        await harm();
      },
    });
    expect(outcome.missed).toEqual([]);
    // Each of them did happen, and yet most of what was known stayed so.
    expect([...happened.keys()].sort()).toEqual(faults.map(([name]) => name).sort());
    expect(outcome.voidForNothing).toBeLessThan(outcome.unchanged);
  }, 2_400_000);
});

type Fault = readonly [name: string, harm: () => Promise<unknown>];

function listFaults(random: Random): readonly Fault[] {
  return [
    ['the log is flushed', () => askRedis((client) => client.flushall())],
    ['the log loses its older half', () => askRedis(trimLog)],
    [
      'Redis does not answer for a while',
      () => askRedis((client) => client.call('CLIENT', 'PAUSE', '150', 'ALL')),
    ],
    [
      'Redis is restarted',
      async () => {
        await redis.kill();
        redis = await startRedisChild(redis.port);
      },
    ],
    ['a node loses Redis', async () => random.pick(proxies).cut()],
    [
      'connections to Redis break',
      async () => {
        for (const proxy of proxies) proxy.cut();
      },
    ],
    ['connections of drains break', () => terminate("application_name = 'sluice-changes'")],
    ['all connections to PostgreSQL break', () => terminate('true')],
    [
      'PostgreSQL is restarted',
      async () => {
        await postgres.stop();
        await postgres.start();
      },
    ],
    [
      'PostgreSQL crashes',
      async () => {
        await postgres.crash();
        await postgres.start();
      },
    ],
    ['a drain is killed before its commit', killDrain],
    ['a drain freezes before its commit', freezeDrain],
    [
      'a node is replaced',
      async () => {
        const n = random.int(0, nodes.length - 1);
        const before = nodes[n]!;
        const { position } = before.changes;
        const next = await open(proxies[n]!);
        nodes[n] = next;
        await before.close();
        // It goes on from the log, or takes what it can't find there for void.
        if (position.id > 0) await next.changes.waitFor(position, 500);
      },
    ],
  ];
}

async function askRedis(use: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(redis.port, '127.0.0.1');
  try {
    await use(client);
  } finally {
    client.disconnect();
  }
}

async function trimLog(client: Redis): Promise<void> {
  for (const key of await client.keys('sluice:v1:*:log:*')) {
    await client.ltrim(key, -Math.ceil((await client.llen(key)) / 2), -1);
  }
}

async function terminate(where: string): Promise<void> {
  await withClient(postgres.url, (client) =>
    client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND (${where})`,
    ),
  );
}

async function killDrain(): Promise<void> {
  const drainer = drainers.start({ databaseUrl: postgres.url, redisUrl: `redis://127.0.0.1:${redis.port}` });
  await drainer.appended.catch(() => undefined);
  await drainer.kill();
}

async function freezeDrain(): Promise<void> {
  const drainer = drainers.start({ databaseUrl: postgres.url, redisUrl: `redis://127.0.0.1:${redis.port}` });
  await drainer.appended.catch(() => undefined);
  drainer.freeze();
  // The second after which PostgreSQL ends its transaction passes in the next batch's wait.
  setTimeout(() => void drainer.kill(), 1_500);
}
