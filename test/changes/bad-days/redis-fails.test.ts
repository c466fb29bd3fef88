import { Redis } from 'ioredis';
import type { Position } from '../../../src/changes/position.js';
import { until } from '../../embedded/until.js';
import { startRedisChild } from '../../gateway/redis-child.js';
import type { TestDatabase } from '../../services/database.js';
import { createChangesDatabase, withClient } from '../engine-tables.js';
import { openNode, type TestNode } from '../node/open-node.js';
import { type RedisProxy, startRedisProxy } from './redis-proxy.js';

type RedisServer = Awaited<ReturnType<typeof startRedisChild>>;

/** A node with a way of its own to Redis. */
interface Station {
  readonly node: TestNode;
  readonly proxy: RedisProxy;
}

let database: TestDatabase;
let redis: RedisServer;
let stations: Station[];
let writer: Station;
let reader: Station;

beforeAll(async () => {
  database = await createChangesDatabase();
});
beforeEach(async () => {
  redis = await startRedisChild();
  stations = [writer, reader] = [await open(), await open()];
  await Promise.all(stations.map(untilTrusted));
});
afterEach(async () => {
  for (const { node, proxy } of stations) {
    await node.close();
    await proxy.close();
  }
  await redis.kill();
});
afterAll(() => database.drop());

async function open(): Promise<Station> {
  const proxy = await startRedisProxy(redis.port);
  const options = { databaseUrl: database.url, redisUrl: proxy.url, settleTimeoutMs: 300 };
  return { node: await openNode(options), proxy };
}

/** Nobody listens there. */
const NOWHERE = 1;

function lead({ proxy }: Station, port: number): void {
  proxy.pointTo(port);
  proxy.cut();
}

/** Committed, and told of by the writer's node if it can. */
async function write(tag: string): Promise<boolean> {
  await withClient(database.url, (client) =>
    client.query('INSERT INTO sluice.outbox (tags) VALUES ($1)', [[tag]]),
  );
  return (await writer.node.changes.settle('wrote')).isDrained;
}

async function untilWritten(tag: string): Promise<void> {
  await until('the write to be told of', () => write(tag));
}

async function untilTrusted({ node }: Station): Promise<void> {
  await until('trust', () => node.changes.ensureTrusted());
}

async function ask<Result>(port: number, use: (client: Redis) => Promise<Result>): Promise<Result> {
  const client = new Redis(port, '127.0.0.1');
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

/** What it knew before counts for a while; from here on it has to know better. */
async function cutOff(station: Station): Promise<void> {
  lead(station, NOWHERE);
  await until('trust to be lost', () => !station.node.changes.isTrusted());
}

const at = ({ node }: Station): Position => node.changes.position;

describe('Redis away', () => {
  it('costs trust, and the positions of what is written meanwhile', async () => {
    const stamp = at(reader);
    await redis.kill();
    await until('trust to be lost', () => stations.every(({ node }) => !node.changes.isTrusted()));
    expect(await write('Animal:1')).toBe(false);
    expect(await reader.node.changes.ensureTrusted()).toBe(false);
    expect((await reader.node.changes.readStatus()).fault).toBe('log-away');
    redis = await startRedisChild(redis.port);
    await Promise.all(stations.map(untilTrusted));
    for (const { node } of stations) expect(node.isValid(stamp, 'Animal:1')).toBe(false);
  });

  it('for one node alone costs only that one its trust', async () => {
    const stamp = at(reader);
    await cutOff(reader);
    await untilWritten('Animal:1');
    await until('trust', () => writer.node.changes.ensureTrusted());
    lead(reader, redis.port);
    await untilTrusted(reader);
    expect(reader.node.isValid(stamp, 'Animal:1')).toBe(false);
    expect(reader.node.isValid(stamp, 'Animal:2')).toBe(true);
  });

  it('for a moment, and late with what it was told, leaves nothing untold', async () => {
    const stamp = at(reader);
    await ask(redis.port, (client) => client.call('CLIENT', 'PAUSE', '200', 'ALL'));
    // Told to Redis, given up on, and carried out all the same once Redis is back.
    await write('Animal:1');
    await untilTrusted(writer);
    await until('the write to be read', () => reader.node.changes.waitFor(at(writer), 1_000));
    for (const { node } of stations) expect(node.isValid(stamp, 'Animal:1')).toBe(false);
  });
});

describe.each([
  [
    'restarted with nothing left',
    async () => {
      await redis.kill();
      redis = await startRedisChild(redis.port);
    },
  ],
  ['flushed', () => ask(redis.port, (client) => client.flushall())],
] as const)('Redis %s', (_, harm) => {
  it('makes those who had not read it take all for void, and the others go on', async () => {
    const stamp = at(reader);
    await cutOff(reader);
    await untilWritten('Animal:1');
    await harm();
    lead(reader, redis.port);
    await Promise.all(stations.map(untilTrusted));
    expect(reader.node.isValid(stamp, 'Animal:1')).toBe(false);
    // It can't tell what was in the record.
    expect(reader.node.isValid(stamp, 'Animal:2')).toBe(false);
    expect(writer.node.isValid(stamp, 'Animal:2')).toBe(true);
    const [first, second] = [at(writer), at(reader)];
    await untilWritten('Animal:3');
    await until('the write to be read', () => reader.node.changes.waitFor(at(writer), 1_000));
    expect(reader.node.isValid(second, 'Animal:3')).toBe(false);
    expect(reader.node.isValid(second, 'Animal:4')).toBe(true);
    expect(first.epoch).toBe(second.epoch);
  });
});

describe('a failover of Redis', () => {
  let replica: RedisServer;
  beforeEach(async () => {
    replica = await startRedisChild();
    // It would wait five seconds for further replicas.
    await ask(redis.port, (client) => client.config('SET', 'repl-diskless-sync-delay', '0'));
    await ask(replica.port, async (client) => {
      // It would put what it gets into a file first.
      await client.config('SET', 'repl-diskless-load', 'on-empty-db');
      await client.replicaof('127.0.0.1', redis.port);
      await until('the replica to be in step', async () => {
        const info = await client.info('replication');
        return info.includes('master_link_status:up') && !info.includes('master_sync_in_progress:1');
      });
    });
  });
  afterEach(() => replica.kill());

  const promote = (): Promise<unknown> => ask(replica.port, (client) => client.replicaof('NO', 'ONE'));

  it('that loses an acknowledged append leaves nobody with what that voids', async () => {
    const stamp = at(reader);
    await cutOff(reader);
    // From here on the replica misses what its master is told.
    await promote();
    await untilWritten('Animal:1');
    const told = at(writer);
    for (const station of stations) lead(station, replica.port);
    await Promise.all(stations.map(untilTrusted));
    for (const { node } of stations) expect(node.isValid(stamp, 'Animal:1')).toBe(false);
    expect(await reader.node.changes.waitFor(told, 5_000)).toBe(true);
    const before = at(reader);
    await untilWritten('Animal:2');
    await until('the write to be read', () => reader.node.changes.waitFor(at(writer), 1_000));
    expect(reader.node.isValid(before, 'Animal:2')).toBe(false);
    expect(reader.node.isValid(before, 'Animal:3')).toBe(true);
  });

  it('that leaves one of them on the old master keeps neither from what is written', async () => {
    await promote();
    lead(writer, replica.port);
    for (let n = 1; n <= 10; n++) {
      await Promise.all(stations.map(untilTrusted));
      const stamps = stations.map(at);
      await untilWritten(`Animal:${n}`);
      const told = at(writer);
      expect(writer.node.isValid(stamps[0]!, `Animal:${n}`)).toBe(false);
      expect(await reader.node.changes.waitFor(told, 5_000)).toBe(true);
      expect(reader.node.isValid(stamps[1]!, `Animal:${n}`)).toBe(false);
    }
  });
});
