import { createHash, randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { MemoryPersistedQueryStore } from '../../src/gateway/persisted-queries/memory-persisted-query-store.js';
import {
  MAX_QUERY_BYTES,
  type PersistedQueryStore,
} from '../../src/gateway/persisted-queries/persisted-query-store.js';
import { RedisPersistedQueryStore } from '../../src/gateway/persisted-queries/redis-persisted-query-store.js';
import { TieredPersistedQueryStore } from '../../src/gateway/persisted-queries/tiered-persisted-query-store.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { startRedisChild, waitForEvent } from './redis-child.js';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

const hashOf = (query: string) => createHash('sha256').update(query).digest('hex');
const persisted = (hash: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });

/** Asks by hash alone, as a client does first. */
const askByHash = (gateway: SmallGateway, query: string) =>
  gateway.ask('', { body: { query: undefined, ...persisted(hashOf(query)) } });
const register = (gateway: SmallGateway, query: string) =>
  gateway.ask(query, { body: persisted(hashOf(query)) });

function describeNotFound(errors: unknown): void {
  expect(errors).toEqual([
    { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
  ]);
}

async function readMetric(gateway: SmallGateway, line: RegExp): Promise<number> {
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  return Number(line.exec(text)?.[1] ?? 0);
}

let redis: Redis;
beforeAll(() => {
  redis = new Redis(process.env.TEST_REDIS_URL ?? '');
});
afterAll(() => redis.quit());

describe('Automatic persisted queries', () => {
  it('are asked for, registered, and from then on known by their hash', async () => {
    const gateway = await startSmallGateway();
    try {
      const query = '{ greeting(name: "persisted") }';
      describeNotFound((await askByHash(gateway, query)).errors);
      expect((await register(gateway, query)).data).toEqual({ greeting: 'Hello, persisted!' });
      expect((await askByHash(gateway, query)).data).toEqual({ greeting: 'Hello, persisted!' });
      const byGet = await fetch(
        `${gateway.url}/graphql?${new URLSearchParams({ extensions: JSON.stringify(persisted(hashOf(query)).extensions) })}`,
      );
      expect(await byGet.json()).toEqual({ data: { greeting: 'Hello, persisted!' } });
    } finally {
      await gateway.close();
    }
  });

  it('are refused under a hash that is not theirs, and under what is no hash', async () => {
    const gateway = await startSmallGateway();
    try {
      const wrong = await gateway.ask('{ rows }', { body: persisted(hashOf('{ greeting }')) });
      expect(wrong.errors?.[0]).toMatchObject({
        message: 'provided sha does not match query',
        extensions: { code: 'BAD_REQUEST' },
      });
      describeNotFound(
        (await gateway.ask('', { body: { query: undefined, ...persisted('../../etc/passwd') } })).errors,
      );
      describeNotFound(
        (await gateway.ask('', { body: { query: undefined, ...persisted({} as string) } })).errors,
      );
    } finally {
      await gateway.close();
    }
  });

  it('that are not valid are not kept', async () => {
    const gateway = await startSmallGateway({}, { redis });
    try {
      const query = `{ nothing_${randomUUID().replaceAll('-', '')} }`;
      await register(gateway, query);
      describeNotFound((await askByHash(gateway, query)).errors);
    } finally {
      await gateway.close();
    }
  });

  it('registered with one node are known to another one by Redis', async () => {
    const [one, other] = await Promise.all([
      startSmallGateway({}, { redis }),
      startSmallGateway({}, { redis }),
    ]);
    try {
      const query = `{ greeting(name: "${randomUUID()}") }`;
      await register(one, query);
      await waitForAnswer(() => askByHash(other, query));
      expect(await readMetric(other, /persisted_queries_total\{outcome="redis"\} (\d+)/)).toBe(1);
      await askByHash(other, query);
      expect(await readMetric(other, /persisted_queries_total\{outcome="memory"\} (\d+)/)).toBe(1);
    } finally {
      await Promise.all([one.close(), other.close()]);
    }
  });

  it('go on from memory when Redis dies, counted, and come back with it', async () => {
    const child = await startRedisChild();
    const connection = new Redis(child.url, { retryStrategy: () => 50, disconnectTimeout: 50 });
    connection.on('error', () => {
      // Expected here; without a listener ioredis prints each one.
    });
    await waitForEvent(connection, 'ready');
    const gateway = await startSmallGateway({}, { redis: connection });
    let revived: Awaited<ReturnType<typeof startRedisChild>> | undefined;
    try {
      const before = '{ greeting(name: "before") }';
      await register(gateway, before);
      const closed = waitForEvent(connection, 'close');
      await child.kill();
      await closed;

      expect((await askByHash(gateway, before)).data).toEqual({ greeting: 'Hello, before!' });
      const during = '{ greeting(name: "during") }';
      describeNotFound((await askByHash(gateway, during)).errors);
      expect((await register(gateway, during)).data).toEqual({ greeting: 'Hello, during!' });
      expect((await askByHash(gateway, during)).data).toEqual({ greeting: 'Hello, during!' });
      const failures = await readMetric(gateway, /store_failures_total\{operation="get"\} (\d+)/);
      expect(failures).toBeGreaterThanOrEqual(1);

      const ready = waitForEvent(connection, 'ready');
      revived = await startRedisChild(child.port);
      await ready;
      const after = '{ greeting(name: "after") }';
      await waitFor(async () => {
        await register(gateway, after);
        return (await connection.keys(`*${hashOf(after)}`)).length === 1;
      });
    } finally {
      await gateway.close();
      connection.disconnect();
      await child.kill();
      await revived?.kill();
    }
  });
});

async function waitForAnswer(ask: () => ReturnType<SmallGateway['ask']>): Promise<void> {
  await waitFor(async () => (await ask()).errors === undefined);
}

async function waitFor(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('waited in vain');
  }
}

/** A clock that stands where it is put. */
const clock = { ms: 1_000_000, nowMs: () => clock.ms };

const STORES: [string, (ttlSeconds: number) => PersistedQueryStore][] = [
  ['in memory', (ttlSeconds) => new MemoryPersistedQueryStore({ ttlSeconds })],
  ['in Redis', (ttlSeconds) => new RedisPersistedQueryStore({ redis, ttlSeconds, namespace: randomUUID() })],
];

describe.each(STORES)('A store of persisted queries %s', (_name, createStore) => {
  const hash = hashOf('{ a }');

  it('knows what was saved and nothing else', async () => {
    const store = createStore(60);
    expect(await store.findQuery(hash)).toBeUndefined();
    await store.saveQuery(hash, '{ a }');
    expect(await store.findQuery(hash)).toBe('{ a }');
    expect(await store.findQuery(hashOf('{ b }'))).toBeUndefined();
  });

  it('keeps documents up to the bound and none that is longer, in bytes', async () => {
    const store = createStore(60);
    const fits = 'x'.repeat(MAX_QUERY_BYTES);
    await store.saveQuery(hashOf(fits), fits);
    expect(await store.findQuery(hashOf(fits))).toBe(fits);
    const long = `${'x'.repeat(MAX_QUERY_BYTES - 1)}é`;
    await store.saveQuery(hashOf(long), long);
    expect(await store.findQuery(hashOf(long))).toBeUndefined();
  });
});

describe('The store in memory', () => {
  it('forgets after the configured time', async () => {
    const store = new MemoryPersistedQueryStore({ ttlSeconds: 60, clock });
    await store.saveQuery(hashOf('{ a }'), '{ a }');
    clock.ms += 59_999;
    expect(await store.findQuery(hashOf('{ a }'))).toBe('{ a }');
    clock.ms += 1;
    expect(await store.findQuery(hashOf('{ a }'))).toBeUndefined();
  });
});

describe('The store in Redis', () => {
  it('gives every key an end', async () => {
    const namespace = randomUUID();
    const store = new RedisPersistedQueryStore({ redis, ttlSeconds: 60, namespace });
    await store.saveQuery(hashOf('{ a }'), '{ a }');
    const keys = await redis.keys(`${namespace}*`);
    expect(keys).toHaveLength(2);
    for (const key of keys) {
      const seconds = await redis.ttl(key);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
  });

  it('drops the documents registered longest ago beyond its bound', async () => {
    const namespace = randomUUID();
    const store = new RedisPersistedQueryStore({ redis, ttlSeconds: 60, maxQueries: 3, namespace, clock });
    const queries = ['{ a }', '{ b }', '{ c }', '{ a }', '{ d }', '{ e }'];
    for (const query of queries) {
      clock.ms += 1;
      await store.saveQuery(hashOf(query), query);
    }
    const known = await Promise.all(
      ['{ a }', '{ b }', '{ c }', '{ d }', '{ e }'].map((query) => store.findQuery(hashOf(query))),
    );
    expect(known).toEqual(['{ a }', undefined, undefined, '{ d }', '{ e }']);
    expect(await redis.keys(`${namespace}*`)).toHaveLength(4);
  });
});

describe('Memory before a shared store', () => {
  const memory = () => new MemoryPersistedQueryStore({ ttlSeconds: 60, clock });

  it('leaves a shared store that failed alone for a second', async () => {
    const metrics = createMetrics();
    let calls = 0;
    const broken: PersistedQueryStore = {
      findQuery: async () => {
        calls += 1;
        throw new Error('gone');
      },
      saveQuery: async () => {},
    };
    const store = new TieredPersistedQueryStore({ memory: memory(), shared: broken, metrics, clock });
    await store.findQuery(hashOf('{ a }'));
    await store.findQuery(hashOf('{ a }'));
    expect(calls).toBe(1);
    clock.ms += 1000;
    await store.findQuery(hashOf('{ a }'));
    expect(calls).toBe(2);
    expect((await metrics.persistedQueryStoreFailures.get()).values).toEqual([
      { labels: { operation: 'get' }, value: 3 },
    ]);
  });

  it('does not wait for a shared store that hangs', async () => {
    const hanging: PersistedQueryStore = {
      findQuery: () => new Promise(() => {}),
      saveQuery: () => new Promise(() => {}),
    };
    const store = new TieredPersistedQueryStore({
      memory: memory(),
      shared: hanging,
      metrics: createMetrics(),
      clock,
    });
    expect(await store.findQuery(hashOf('{ a }'))).toBeUndefined();
  });
});
