import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import pino from 'pino';
import { applyEngineSchema } from '../../src/changes/capture/engine-schema.js';
import { type CounterTarget, resolveCounter } from '../../src/counters/counter-definition.js';
import { NO_COUNTERS } from '../../src/counters/counters.js';
import { DirectCounters } from '../../src/counters/direct-counters.js';
import { MemoryPendingCounts } from '../../src/counters/memory-pending-counts.js';
import type { Batch, Counts, Once, PendingCounts } from '../../src/counters/pending-counts.js';
import { RedisPendingCounts } from '../../src/counters/redis-pending-counts.js';
import { WriteBehindCounters } from '../../src/counters/write-behind-counters.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { Random } from '../binding/agreement/random.js';
import { domainGraph } from '../domain/domain-graph.js';
import { until } from '../embedded/until.js';
import { startRedisChild } from '../gateway/redis-child.js';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '../services/database.js';

const ROWS = 5;

let database: TestDatabase;
let pool: pg.Pool;
let redis: Redis;
let targets: ReadonlyMap<string, CounterTarget>;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 8 });
  pool.on('error', () => undefined);
  const client = await pool.connect();
  await applyEngineSchema(client);
  client.release();
  await pool.query(`CREATE TABLE pages (id int PRIMARY KEY, "see n" int NOT NULL DEFAULT 0);
    CREATE TABLE texts (id text PRIMARY KEY, seen bigint NOT NULL DEFAULT 0)`);
  const column = { enumName: null, isList: false, isNullable: false, isReadOnly: false };
  const own = { ...column, hasDefault: true, description: null };
  const model = (name: string, key: string, count: string, types: readonly [string, string]) => ({
    ...{ name, dbName: name.toLowerCase(), dbSchema: null, kind: 'table' as const, description: null },
    columns: new Map([
      ['id', { ...own, name: 'id', dbName: key, type: 'Int' as const, pgType: types[0] }],
      ['seen', { ...own, name: 'seen', dbName: count, type: 'Int' as const, pgType: types[1] }],
    ]),
    ...{ relations: new Map(), primaryKey: ['id'], uniques: [['id']] },
  });
  const graph = {
    ...{ hash: '', enums: new Map() },
    models: new Map([
      ['Pages', model('Pages', 'id', 'see n', ['int4', 'int4'])],
      ['Texts', model('Texts', 'id', 'seen', ['text', 'int8'])],
    ]),
  };
  const resolve = (name: string, of: string) =>
    resolveCounter({ name, model: of, column: 'seen' }, graph, 'public') as CounterTarget;
  targets = new Map([
    ['seen', resolve('seen', 'Pages')],
    ['words', resolve('words', 'Texts')],
  ]);
  redis = new Redis(testRedisUrl());
});
afterAll(async () => {
  redis.disconnect();
  await pool.end();
  await database.drop();
});

beforeEach(async () => {
  metrics = createMetrics();
  await pool.query('TRUNCATE pages, texts');
  await pool.query('INSERT INTO pages SELECT generate_series(1, $1::int)', [ROWS]);
});

const counts = async () =>
  (await pool.query('SELECT id, "see n" AS seen FROM pages ORDER BY id')).rows.map(
    ({ seen }) => seen as number,
  );

let metrics = createMetrics();
const lost = async () => (await metrics.counters.lost.get()).values[0]?.value ?? 0;

function open(pending: PendingCounts, client: Pick<pg.Pool, 'query'> = pool, flushIntervalMs = 3_600_000) {
  const log = pino({ level: 'silent' });
  const parts = { targets, pending, flushIntervalMs, log, metrics: metrics.counters };
  return new WriteBehindCounters({ ...parts, client: client as pg.Pool });
}

const inRedis = (place: string, client = redis, deadlineMs = 2_000) =>
  new RedisPendingCounts({ redis: client, place, deadlineMs });

describe.each([
  ['memory', () => new MemoryPendingCounts()],
  ['Redis', () => inRedis(randomUUID())],
])('counts that wait in %s', (_name, openPending) => {
  it('are added to their rows in one batch', async () => {
    const counters = open(openPending());
    await Promise.all(Array.from({ length: 100 }, (_, n) => counters.add('seen', (n % 4) + 1)));
    await counters.add('seen', 5, 1_000);
    expect(await counts()).toEqual([0, 0, 0, 0, 0]);
    await counters.flush();
    expect(await counts()).toEqual([25, 25, 25, 25, 1_000]);
    await counters.flush();
    expect(await counts()).toEqual([25, 25, 25, 25, 1_000]);
    await counters.add('seen', 1);
    await counters.close();
    expect(await counts()).toEqual([26, 25, 25, 25, 1_000]);
  });

  it('may be of several tables, of keys of any type, and of rows that are gone', async () => {
    const counters = open(openPending());
    await pool.query(`INSERT INTO texts VALUES ('ä "b"', 9007199254740000)`);
    await counters.add('words', 'ä "b"', 7);
    await counters.add('words', 'nobody', 7);
    await counters.add('seen', 4_711n, 7);
    await counters.close();
    expect((await pool.query('SELECT * FROM texts')).rows).toEqual([
      { id: 'ä "b"', seen: '9007199254740007' },
    ]);
    expect(await counts()).toEqual([0, 0, 0, 0, 0]);
  });

  it('stop at the most that a column holds, and keep nobody else from being counted', async () => {
    const counters = open(openPending());
    await pool.query('UPDATE pages SET "see n" = 2147483600 WHERE id = 1');
    for (let n = 0; n < 3; n++) await counters.add('seen', 1, 1_000_000);
    await counters.add('seen', 2);
    await counters.close();
    expect((await counts()).slice(0, 2)).toEqual([2_147_483_647, 1]);
  });

  it('are refused where nobody defined them, or where they can’t be', async () => {
    const counters = open(openPending());
    await expect(counters.add('seem', 1)).rejects.toThrow(/There is no counter "seem"/);
    for (const amount of [0, -1, 1.5, 1_000_001, Number.NaN])
      await expect(counters.add('seen', 1, amount)).rejects.toThrow(RangeError);
    await counters.close();
    await expect(NO_COUNTERS.add('seen', 1)).rejects.toThrow(/There is no counter/);
  });
});

/** A way that loses what it carries, or the answer, as chance has it. */
function unreliable(pending: PendingCounts, random: () => number): PendingCounts {
  const attempt = async <Value>(call: () => Promise<Value>): Promise<Value> => {
    const chance = random();
    if (chance < 0.2) throw new Error('lost on its way');
    const value = await call();
    if (chance < 0.4) throw new Error('carried out, and the answer lost');
    return value;
  };
  return {
    add: (counter: string, once: Once, some: Counts) => attempt(() => pending.add(counter, once, some)),
    take: (counter: string): Promise<Batch | null> => attempt(() => pending.take(counter)),
    end: (counter: string, id: string) => attempt(() => pending.end(counter, id)),
  };
}

/** A database whose statements fail before, or after they were carried out. */
function unreliableClient(random: () => number): Pick<pg.Pool, 'query'> {
  const query = async (text: string, values: unknown[]) => {
    const chance = random();
    if (chance < 0.2) throw new Error('lost on its way');
    const result = await pool.query(text, values);
    if (chance < 0.4) throw new Error('committed, and the answer lost');
    return result;
  };
  return { query } as unknown as Pick<pg.Pool, 'query'>;
}

describe('a count', () => {
  it.each([1, 2, 3, 4, 5])(
    'is added once, whatever fails on its way (seed %i)',
    async (seed) => {
      const chances = new Random(seed);
      const random = () => chances.next();
      const place = randomUUID();
      const before = await lost();
      const nodes = Array.from({ length: 3 }, () =>
        open(unreliable(inRedis(place), random), unreliableClient(random)),
      );
      const expected = [0, 0, 0, 0, 0];
      for (let round = 0; round < 12; round++) {
        await Promise.all(
          nodes.flatMap((node) =>
            Array.from({ length: 10 }, async () => {
              const row = Math.floor(random() * ROWS);
              const amount = 1 + Math.floor(random() * 9);
              expected[row] = (expected[row] ?? 0) + amount;
              await node.add('seen', row + 1, amount);
            }),
          ),
        );
        // Several at a time: they may take the same batch.
        if (round % 3 === 2) await Promise.all(nodes.map((node) => node.flush()));
      }
      await until('all to be added', async () => {
        await Promise.all(nodes.map((node) => node.flush()));
        return JSON.stringify(await counts()) === JSON.stringify(expected);
      });
      for (let n = 0; n < 5; n++) await Promise.all(nodes.map((node) => node.flush()));
      expect(await counts()).toEqual(expected);
      expect(await lost()).toBe(before);
      await Promise.all(nodes.map((node) => node.close()));
      expect(await counts()).toEqual(expected);
    },
    60_000,
  );

  it('is not lost with the node that took the batch', async () => {
    const place = randomUUID();
    const one = open(
      inRedis(place),
      unreliableClient(() => 0.3),
    );
    await one.add('seen', 3, 5);
    // Added, and nobody was told: what it took stays taken.
    await one.flush();
    const other = open(inRedis(place));
    await other.add('seen', 3, 2);
    await other.flush();
    expect((await counts())[2]).toBe(5);
    await other.flush();
    expect((await counts())[2]).toBe(7);
    await Promise.all([one.close(), other.close()]);
    expect((await counts())[2]).toBe(7);
  });

  it('needs no Redis, while that is away, to get to its row', async () => {
    const child = await startRedisChild();
    const client = new Redis(child.url, { retryStrategy: () => 50, maxRetriesPerRequest: 0 });
    client.on('error', () => undefined);
    await until('the connection', () => client.status === 'ready');
    const counters = open(inRedis('away', client, 200));
    await counters.add('seen', 1, 1);
    await counters.flush();
    await child.kill();
    await until('it to be away', () => client.status !== 'ready');
    // The first of them finds out, and waits on.
    await counters.add('seen', 2, 10);
    for (let n = 0; n < 5; n++) await counters.add('seen', 1, 10);
    await counters.flush();
    expect((await counts())[0]).toBe(51);
    const again = await startRedisChild(child.port);
    await until('what was under way to arrive', async () => {
      await counters.flush();
      return (await counts())[1] === 10;
    });
    await counters.close();
    expect((await counts()).slice(0, 2)).toEqual([51, 10]);
    client.disconnect();
    await again.kill();
  }, 30_000);

  it('that can get nowhere is told as lost', async () => {
    const before = await lost();
    const failing: PendingCounts = {
      add: () => Promise.reject(new Error('away')),
      take: () => Promise.reject(new Error('away')),
      end: () => Promise.reject(new Error('away')),
    };
    const counters = open(
      failing,
      unreliableClient(() => 0),
    );
    await counters.add('seen', 1, 3);
    await counters.add('seen', 2, 4);
    await counters.close();
    await until('both to be told', async () => (await lost()) === before + 7);
    expect(await counts()).toEqual([0, 0, 0, 0, 0]);
  });

  it('is added by and by, without being asked to', async () => {
    const counters = open(new MemoryPendingCounts(), pool, 50);
    await counters.add('seen', 1);
    await until('it to be added', async () => (await counts())[0] === 1);
    await counters.close();
  });

  it('is added at once where there are no batches', async () => {
    const direct = new DirectCounters(targets, pool);
    await Promise.all([direct.add('seen', 1), direct.add('seen', 1, 4), direct.add('words', 'nobody')]);
    expect((await counts())[0]).toBe(5);
    await expect(direct.add('seem', 1)).rejects.toThrow(TypeError);
  });
});

describe('a definition', () => {
  it('is refused with what is wrong, and the nearest name', async () => {
    const graph = await domainGraph();
    const tell = (name: string, model: string, column: string) =>
      resolveCounter({ name, model, column }, graph, null);
    expect(tell('weights', 'Animal', 'taxonId')).toMatchObject({ name: 'weights' });
    expect(tell('a b', 'Animal', 'taxonId')).toMatch(/^"a b" is no name/);
    expect(tell('a', 'Animel', 'taxonId')).toMatch(/no model \(did you mean "Animal"\?\)/);
    expect(tell('a', 'Animal', 'taxonIds')).toMatch(/no column \(did you mean "taxonId"\?\)/);
    expect(tell('a', 'Animal', 'name')).toMatch(/no whole number/);
    expect(tell('a', 'Enclosure', 'number')).toMatch(/no table with a key of one column/);
  });
});
