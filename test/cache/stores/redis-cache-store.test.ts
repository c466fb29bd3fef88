import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { EntryCodec } from '../../../src/cache/codec/entry-codec.js';
import { RedisLeases } from '../../../src/cache/stores/leases.js';
import { RedisCacheKeys } from '../../../src/cache/stores/redis-cache-keys.js';
import { RedisCacheStore } from '../../../src/cache/stores/redis-cache-store.js';
import { RedisGuard } from '../../../src/cache/stores/redis-guard.js';
import { until } from '../../embedded/until.js';
import { startRedisChild } from '../../gateway/redis-child.js';
import { testRedisUrl } from '../../services/database.js';
import { createTestEntry } from '../entry.js';

const clients: Redis[] = [];
afterAll(() => {
  for (const client of clients) client.disconnect();
});

async function connect(url = testRedisUrl()): Promise<Redis> {
  const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => 20 });
  redis.on('error', () => undefined);
  clients.push(redis);
  await redis.ping();
  return redis;
}

function createStore(redis: Redis, { deadlineMs = 5_000, fingerprint = randomUUID() as string } = {}) {
  const told: string[] = [];
  const guard = new RedisGuard({
    redis,
    deadlineMs,
    retryMs: 20,
    onFailure: (operation) => told.push(operation),
    onOpen: () => told.push('lost'),
    onClose: () => told.push('back'),
  });
  const keys = new RedisCacheKeys('default', fingerprint);
  const store = new RedisCacheStore({
    guard,
    keys,
    codec: new EntryCodec(1_000),
    maxPendingBytes: 1_000_000,
  });
  return { store, guard, keys, told, leases: new RedisLeases(guard, keys) };
}

async function countCalls(redis: Redis, command: string): Promise<number> {
  const text = await redis.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(text)?.[1] ?? 0);
}

describe('Redis', () => {
  it('gives every node what one of them kept, for its life and no longer', async () => {
    const fingerprint = randomUUID();
    const redis = await connect();
    const [one, other] = [createStore(redis, { fingerprint }), createStore(await connect(), { fingerprint })];
    const entry = createTestEntry({ body: Buffer.from('x'.repeat(5_000)), staleIfErrorMs: 30_000 });
    expect(await one.store.get('key')).toBeNull();
    expect(await one.store.set('key', entry)).toBe(true);
    expect(await other.store.get('key')).toEqual(entry);
    expect(await createStore(redis).store.get('key')).toBeNull();
    const ttl = await redis.pttl(one.keys.entry('key'));
    expect(ttl).toBeGreaterThan(80_000);
    expect(ttl).toBeLessThanOrEqual(90_000);
    await one.store.delete('key');
    expect(await other.store.get('key')).toBeNull();
  });

  it('is asked once for all look-ups of a tick', async () => {
    const redis = await connect();
    const { store } = createStore(redis);
    await Promise.all(['a', 'b', 'c'].map((key) => store.set(key, createTestEntry({ etag: key }))));
    const before = await countCalls(redis, 'mget');
    const found = await Promise.all(['a', 'b', 'absent', 'c', 'a'].map((key) => store.get(key)));
    expect(found.map((entry) => entry?.etag)).toEqual(['a', 'b', undefined, 'c', 'a']);
    expect((await countCalls(redis, 'mget')) - before).toBe(1);
  });

  it('gives nothing in the place of what it can not read', async () => {
    const redis = await connect();
    const { store, keys } = createStore(redis);
    await redis.set(keys.entry('key'), 'something else', 'PX', 10_000);
    expect(await store.get('key')).toBeNull();
  });

  it('that hangs is waited for once, then left alone until it answers again', async () => {
    const child = await startRedisChild();
    const redis = await connect(child.url);
    const { store, told, leases } = createStore(redis, { deadlineMs: 40 });
    await store.set('key', createTestEntry());
    const admin = await connect(child.url);
    await admin.call('CLIENT', 'PAUSE', '600', 'ALL');
    expect(await store.get('key')).toBeNull();
    expect(told).toEqual(['lost', 'get']);
    for (let times = 0; times < 100; times++) {
      expect(await store.get('key')).toBeNull();
      expect(await store.set('other', createTestEntry())).toBe(false);
      expect((await leases.acquire('key', 1_000)).kind).toBe('unavailable');
    }
    expect(told).toEqual(['lost', 'get']);
    // It is asked again beside look-ups, and by none of them.
    await until('the entry', async () => (await store.get('key')) !== null);
    expect(told).toEqual(['lost', 'get', 'back']);
    await child.kill();
    await until('the loss', async () => (await store.get('key')) === null);
    expect(await store.get('key')).toBeNull();
  });

  it('keeps no more waiting than it may', async () => {
    const { store } = createStore(await connect());
    const large = createTestEntry({ body: Buffer.alloc(600_000) });
    const kept = await Promise.all([store.set('a', large), store.set('b', large)]);
    expect(kept).toEqual([true, false]);
  });
});

describe('A lease', () => {
  it('is one node’s until it gives it back, and nobody else can', async () => {
    const fingerprint = randomUUID();
    const [one, other] = [
      createStore(await connect(), { fingerprint }).leases,
      createStore(await connect(), { fingerprint }).leases,
    ];
    const mine = await one.acquire('key', 60_000);
    const theirs = await other.acquire('key', 60_000);
    expect([mine.kind, theirs.kind]).toEqual(['acquired', 'held']);
    theirs.release();
    expect((await other.acquire('key', 60_000)).kind).toBe('held');
    mine.release();
    await until('it to be free', async () => (await other.acquire('key', 60_000)).kind === 'acquired');
    // It has passed to the other one since.
    mine.release();
    expect((await one.acquire('key', 60_000)).kind).toBe('held');
  });

  it('ends by itself where its holder does not', async () => {
    const { leases, guard, keys } = createStore(await connect());
    await leases.acquire('key', 30);
    await until('its end', async () => (await leases.acquire('key', 60_000)).kind === 'acquired');
    expect(await guard.redis.pttl(keys.lease('key'))).toBeGreaterThan(0);
  });
});
