import { Redis } from 'ioredis';
import { RedisGuard } from '../../../src/cache/stores/redis-guard.js';
import { AskedOperations } from '../../../src/cache/warming/asked-operations.js';
import { readWarmOperation, type WarmOperation } from '../../../src/cache/warming/warm-operation.js';
import { testRedisUrl } from '../../services/database.js';

let redis: Redis;
let places = 0;
beforeAll(() => {
  redis = new Redis(testRedisUrl());
});
afterAll(() => {
  redis.disconnect();
});

const DAY_MS = 86_400_000;

function open(place: string, nowMs = Date.UTC(2030, 0, 2, 12), client = redis): AskedOperations {
  const ignore = () => undefined;
  const guard = new RedisGuard({
    ...{ redis: client, deadlineMs: 2_000, retryMs: 100 },
    ...{ onFailure: ignore, onOpen: ignore, onClose: ignore },
  });
  return new AskedOperations({ guard, place, clock: { nowMs: () => nowMs } });
}

function operation(query: string): WarmOperation {
  return { query, operationName: null, variables: {}, tier: 'anonymous', scopes: [] };
}

function note(asked: AskedOperations, query: string, times: number): void {
  asked.note(query, () => operation(query));
  for (let n = 1; n < times; n++) expect(asked.count(query)).toBe(true);
}

const queries = async (asked: AskedOperations, most = 10) =>
  (await asked.list(most, 1_000)).map(({ query }) => query);

describe('what was asked', () => {
  it('adds up over nodes, those that were asked most first', async () => {
    const place = `asked-${process.pid}-${places++}`;
    const [one, other] = [open(place), open(place)];
    note(one, 'a', 3);
    note(one, 'b', 4);
    note(other, 'c', 5);
    note(other, 'a', 4);
    expect(await queries(one)).toEqual([]);
    await Promise.all([one.tell(), other.tell()]);
    expect(await queries(other)).toEqual(['a', 'c', 'b']);
    expect(await queries(other, 2)).toEqual(['a', 'c']);
    // Nothing is told twice.
    note(one, 'b', 2);
    await one.close();
    await one.close();
    expect(await queries(other)).toEqual(['a', 'b', 'c']);
    expect(other.count('never noted')).toBe(false);
    await other.close();
  });

  it('counts today and yesterday, and then is forgotten', async () => {
    const place = `asked-${process.pid}-${places++}`;
    const today = Date.UTC(2030, 0, 2, 12);
    const days = [today - 2 * DAY_MS, today - DAY_MS, today].map((nowMs) => open(place, nowMs));
    for (const [age, asked] of days.entries()) {
      note(asked, `of day ${age}`, 2);
      await asked.close();
    }
    expect((await queries(open(place, today))).sort()).toEqual(['of day 1', 'of day 2']);
    const keys = await redis.keys(`sluice:v1:asked:${place}:*`);
    expect(keys).toHaveLength(3);
    for (const key of keys) expect(await redis.pttl(key)).toBeGreaterThan(0);
  });

  it('is bounded, whatever is asked', async () => {
    const place = `asked-${process.pid}-${places++}`;
    const asked = open(place);
    note(asked, 'x'.repeat(5_000), 1);
    expect(asked.count('x'.repeat(5_000))).toBe(false);
    for (let n = 0; n < 10_001; n++) note(asked, `q${n}`, n === 7 ? 2 : 1);
    expect(asked.count('q10000')).toBe(false);
    await asked.tell();
    const [key] = await redis.keys(`sluice:v1:asked:${place}:*`);
    expect(await redis.zcard(key ?? '')).toBe(500);
    expect(await queries(asked, 1)).toEqual(['q7']);
    // Room for others, once it was told.
    note(asked, 'late', 1);
    await asked.close();
  });

  it('is nothing where Redis is away, and what other versions wrote is left out', async () => {
    const away = new Redis('redis://127.0.0.1:1', { lazyConnect: true, retryStrategy: null });
    away.on('error', () => undefined);
    const asked = open('nowhere', Date.now(), away);
    note(asked, 'a', 1);
    await asked.close();
    expect(await asked.list(5, 20)).toEqual([]);
    const place = `asked-${process.pid}-${places++}`;
    const own = open(place);
    note(own, 'a', 1);
    await own.tell();
    const [key] = await redis.keys(`sluice:v1:asked:${place}:*`);
    await redis.zadd(key ?? '', 9, 'no JSON', 8, '{"query":1}');
    expect(await queries(own)).toEqual(['a']);
    await own.close();
    away.disconnect();
  });
});

describe('an operation to warm', () => {
  it('is read with its defaults, and refused with its fault', () => {
    expect(readWarmOperation({ query: '{ a }' })).toEqual(operation('{ a }'));
    const whole = {
      ...{ query: 'q', operationName: 'Q', variables: { a: [1] }, tier: 'staff', scopes: ['x'] },
    };
    expect(readWarmOperation(whole)).toEqual(whole);
    expect(readWarmOperation({ query: 5 })).toMatch(/^operation\.query: /);
    expect(readWarmOperation({ query: 'a', variable: {} })).toMatch(/^operation: /);
    expect(readWarmOperation('{ a }')).toMatch(/^operation: /);
    expect(readWarmOperation({ query: 'a'.repeat(17_000) })).toMatch(/of at most 16384$/);
  });
});
