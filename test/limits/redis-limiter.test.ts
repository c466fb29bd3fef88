import { Redis } from 'ioredis';
import { NO_BLOCKS } from '../../src/limits/blocks/block-policy.js';
import { GuardedLimiter } from '../../src/limits/loss/guarded-limiter.js';
import { MemoryLimiter } from '../../src/limits/memory/memory-limiter.js';
import { createRedisLimitKeys } from '../../src/limits/redis/redis-limit-keys.js';
import type { LimitCall } from '../../src/limits/redis/redis-limiter.js';
import { RedisLimiter } from '../../src/limits/redis/redis-limiter.js';
import { startRedisChild, waitForEvent } from '../gateway/redis-child.js';
import { testRedisUrl } from '../services/database.js';
import { CALLERS, charge, describeLimiter, takeEach } from './limiter-contract.js';
import { newPlace, openTurnedRedis } from './turned-redis.js';

let redis: Redis;
beforeAll(async () => {
  redis = new Redis(testRedisUrl());
  await waitForEvent(redis, 'ready');
});
afterAll(() => redis.quit());

describe('a limiter in Redis', () => {
  describeLimiter(async ({ blocks }) => openTurnedRedis(redis, blocks));
});

describe('a limiter in Redis that is guarded', () => {
  describeLimiter(async ({ blocks }) => {
    const subject = openTurnedRedis(redis, blocks);
    const limiter = new GuardedLimiter({
      ...{ shared: subject.limiter, own: new MemoryLimiter(), nodes: 1, retryMs: 10 },
      nowMs: () => performance.now(),
      onLost: (error) => {
        throw error;
      },
      onBack: () => undefined,
    });
    return { ...subject, limiter };
  });
});

describe('what a limiter in Redis keeps', () => {
  const START = 1_790_000_000_000;

  it('is no more than the parts of a window where a limit is high, however often it is charged', async () => {
    const { limiter, setNow, place, remove } = openTurnedRedis(redis, NO_BLOCKS);
    const busy = charge({ limit: 5_000 });
    for (let n = 0; n < 200; n++) {
      await setNow(START + n * 600);
      await takeEach(
        limiter,
        Array.from({ length: 10 }, () => ({ charges: [busy], subject: null })),
      );
    }
    const key = createRedisLimitKeys(place).account(CALLERS[0]);
    // A head and at most one grant for each part, those at both ends included.
    expect(await redis.hstrlen(key, '60000:requests:60')).toBeLessThanOrEqual(10 + 10 * 62);
    await remove();
  });

  it('leaves no later than a window from the time that its clock is set back to', async () => {
    const { limiter, setNow, remove } = openTurnedRedis(redis, NO_BLOCKS);
    await setNow(START);
    await limiter.take({ charges: [charge()], subject: null });
    await setNow(START - 600_000);
    for (const amount of [0, 1]) {
      const { charges } = await limiter.take({ charges: [charge({ amount })], subject: null });
      expect(charges).toMatchObject([{ remaining: 2 - amount, resetMs: 60_000 }]);
    }
    await remove();
  });
});

describe('the calls of a limiter in Redis', () => {
  let calls: LimitCall[];
  let place: string;
  beforeEach(() => {
    calls = [];
    place = newPlace();
  });
  const open = (part: Partial<ConstructorParameters<typeof RedisLimiter>[0]> = {}): RedisLimiter =>
    new RedisLimiter({ redis, place, deadlineMs: 30_000, onCall: (call) => calls.push(call), ...part });
  const operation = (key: string, charges = 3) => ({
    subject: key,
    charges: Array.from({ length: charges }, (_, n) => charge({ key, rule: `field:Query.f${n}:60` })),
  });

  it('are one for all budgets of an operation', async () => {
    await open().take(operation('user:1', 50));
    expect(calls).toEqual([{ operations: 1, isAnswered: true }]);
  });

  it('are one for all operations of a turn of the event loop', async () => {
    const limiter = open();
    const asked = Array.from({ length: 30 }, (_, n) => limiter.take(operation(`user:${n}`)));
    const looked = limiter.peek(operation('user:1'));
    await Promise.all([...asked, looked]);
    expect(calls).toEqual([{ operations: 31, isAnswered: true }]);
  });

  it('are bounded in charges, whole operations each', async () => {
    const limiter = open({ maxChargesPerCall: 10 });
    const decisions = await takeEach(
      limiter,
      Array.from({ length: 9 }, () => operation('user:1', 3)),
    );
    expect(calls.map(({ operations }) => operations)).toEqual([4, 4, 1]);
    expect(decisions.map(({ outcome }) => outcome === 'granted')).toEqual([
      true,
      true,
      true,
      ...Array(6).fill(false),
    ]);
    await limiter.take(operation('user:2', 25));
    expect(calls.at(-1)).toEqual({ operations: 1, isAnswered: true });
  });

  it('go on where Redis has forgotten the script', async () => {
    const child = await startRedisChild();
    const own = new Redis(child.url);
    await waitForEvent(own, 'ready');
    const limiter = open({ redis: own });
    for (const remaining of [2, 1]) {
      await own.script('FLUSH');
      expect((await limiter.take({ charges: [charge()], subject: null })).charges[0]?.remaining).toBe(
        remaining,
      );
    }
    // Told by its hash as long as it is known.
    await limiter.take({ charges: [charge()], subject: null });
    const stats = await own.info('commandstats');
    expect(stats).toMatch(/cmdstat_eval:calls=2,/);
    expect(stats).toMatch(/cmdstat_evalsha:calls=3,/);
    own.disconnect();
    await child.kill();
  });

  it('leave nothing without a life, and nothing whose life is shorter than its windows', async () => {
    const limiter = open({ blocks: { violations: 5, windowMs: 600_000, blockMs: 900_000 } });
    const key = createRedisLimitKeys(place).account(CALLERS[0]);
    const take = (windowMs: number, amount = 1) =>
      limiter.take({ charges: [charge({ windowMs, rule: `r:${windowMs}`, amount })], subject: CALLERS[0] });
    await take(60_000);
    expect(await redis.pttl(key)).toBeGreaterThan(61_000);
    expect(await redis.pttl(key)).toBeLessThanOrEqual(90_000);
    await take(60_000, 9);
    expect(await redis.pttl(key)).toBeGreaterThan(600_000);
    await take(3_600_000);
    const long = await redis.pttl(key);
    expect(long).toBeGreaterThan(3_660_000);
    // A shorter window's charge doesn't shorten it.
    await take(60_000);
    expect(await redis.pttl(key)).toBeGreaterThan(long - 60_000);
  });

  it('grant whole or deny whole also what is charged to several callers', async () => {
    const limiter = open();
    const [one, other] = CALLERS.map((key) => charge({ key, limit: 1 }));
    await limiter.take({ charges: [other!], subject: null });
    expect((await limiter.take({ charges: [one!, other!], subject: null })).outcome).toBe('limited');
    expect((await limiter.take({ charges: [one!], subject: null })).outcome).toBe('granted');
  });

  it('keep those apart who share a Redis', async () => {
    const [one, other] = [open(), open({ place: newPlace() })];
    await one.take({ charges: [charge({ amount: 3 })], subject: null });
    expect((await other.take({ charges: [charge({ amount: 3 })], subject: null })).outcome).toBe('granted');
  });

  it('go by the time of Redis', async () => {
    const before = Date.now();
    const { timeMs } = await open().take({ charges: [charge()], subject: null });
    // Of one machine here.
    expect(timeMs).toBeGreaterThanOrEqual(before - 1);
    expect(timeMs).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('pass on what Redis itself complains of, to all who share them', async () => {
    await redis.set(createRedisLimitKeys(place).account(CALLERS[0]), 'no hash', 'EX', 60);
    const limiter = open({ blocks: NO_BLOCKS });
    const asked = CALLERS.map((key) => limiter.take({ charges: [charge({ key })], subject: null }));
    for (const each of await Promise.allSettled(asked)) {
      expect(each).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'LIMITS_UNAVAILABLE',
          reason: 'failed',
          cause: { message: expect.stringContaining('WRONGTYPE') },
        },
      });
    }
    expect(calls).toEqual([{ operations: 3, isAnswered: false }]);
  });

  it('are not made where there is no connection', async () => {
    const away = new Redis(1, '127.0.0.1', { lazyConnect: true });
    await expect(open({ redis: away }).take({ charges: [charge()], subject: null })).rejects.toMatchObject({
      code: 'LIMITS_UNAVAILABLE',
      reason: 'away',
    });
    away.disconnect();
  });
});
