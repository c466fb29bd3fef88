import { Redis } from 'ioredis';
import type { BlockPolicy } from '../../src/limits/blocks/block-policy.js';
import { MemoryBlocks } from '../../src/limits/memory/memory-blocks.js';
import { MemoryLimiter } from '../../src/limits/memory/memory-limiter.js';
import { BlockRecorder } from '../../src/limits/redis/block-recorder.js';
import { RedisBlocks } from '../../src/limits/redis/redis-blocks.js';
import { createRedisLimitKeys } from '../../src/limits/redis/redis-limit-keys.js';
import { RedisLimiter } from '../../src/limits/redis/redis-limiter.js';
import { until } from '../embedded/until.js';
import { waitForEvent } from '../gateway/redis-child.js';
import { testRedisUrl } from '../services/database.js';
import { describeBlocks } from './blocks-contract.js';
import { CALLERS, charge } from './limiter-contract.js';
import { newPlace } from './turned-redis.js';

const POLICY: BlockPolicy = { violations: 1, windowMs: 3_600_000, blockMs: 3_600_000 };

describe('blocks in memory', () => {
  describeBlocks(async () => {
    const limiter = new MemoryLimiter({ blocks: POLICY });
    return { limiter, blocks: limiter.blocks };
  });

  it('are no more than may be, the oldest forgotten first, and gone when they have ended', async () => {
    let nowMs = 0;
    const blocks = new MemoryBlocks({
      maxBlocks: 2,
      nowMs: () => nowMs,
      clock: { nowMs: () => 1_000 + nowMs },
    });
    for (const subject of ['a', 'b', 'c']) {
      nowMs++;
      blocks.block(subject, ['requests:60'], 100);
    }
    expect((await blocks.list(10)).map(({ subject }) => subject)).toEqual(['c', 'b']);
    expect(await blocks.findEnd('c')).toBe(1_103);
    nowMs = 102;
    expect((await blocks.list(10)).map(({ subject }) => subject)).toEqual(['c']);
    expect(blocks.findRemainingMs('b')).toBe(0);
    nowMs = 103;
    expect(await blocks.lift('c', 'user:1')).toBe(false);
    expect(await blocks.list(10)).toEqual([]);
  });
});

describe('blocks in Redis', () => {
  let redis: Redis;
  let place: string;
  let blocks: RedisBlocks;
  let unrecorded: unknown[];
  beforeAll(async () => {
    redis = new Redis(testRedisUrl());
    await waitForEvent(redis, 'ready');
  });
  beforeEach(() => {
    place = newPlace();
    unrecorded = [];
    blocks = new RedisBlocks({ redis, place, deadlineMs: 30_000 });
  });
  afterAll(() => redis.quit());

  function open(): RedisLimiter {
    const recorder = new BlockRecorder({
      ...{ blocks, blockMs: POLICY.blockMs },
      onUnrecorded: (error) => unrecorded.push(error),
    });
    return new RedisLimiter({
      ...{ redis, place, blocks: POLICY, deadlineMs: 30_000 },
      onDecision: (decision, { subject }) => recorder.note(decision, subject),
    });
  }
  const violate = { charges: [charge({ amount: 4 })], subject: CALLERS[0] };

  describeBlocks(async () => ({ limiter: open(), blocks }));

  it('live no longer than the last of them', async () => {
    await open().take(violate);
    await until('the record', async () => (await blocks.list(1)).length === 1);
    const keys = createRedisLimitKeys(place);
    for (const key of [keys.blockEnds, keys.blockRecords]) {
      expect(await redis.pttl(key)).toBeGreaterThan(3_500_000);
      expect(await redis.pttl(key)).toBeLessThanOrEqual(3_600_000);
    }
    expect(await redis.pttl(keys.account(CALLERS[0]))).toBeGreaterThanOrEqual(3_600_000 - 30_000);
  });

  it('are listed by the next node that comes by them, if the one that made them failed to', async () => {
    const keys = createRedisLimitKeys(place);
    await redis.set(keys.blockEnds, 'no sorted set', 'EX', 60);
    const limiter = open();
    expect((await limiter.take(violate)).isBlockedNow).toBe(true);
    await until('the failure', () => unrecorded.length === 1);
    expect((await limiter.take(violate)).outcome).toBe('blocked');
    await until('another failure', () => unrecorded.length === 2);
    await redis.del(keys.blockEnds);
    expect((await open().take(violate)).outcome).toBe('blocked');
    await until('the record', async () => (await blocks.list(1)).length === 1);
    expect(await blocks.list(1)).toMatchObject([{ subject: CALLERS[0], rules: [] }]);
  });

  it('are recorded no more often than they may be, the first to end forgotten first', async () => {
    const few = new RedisBlocks({ redis, place, maxRecords: 2, deadlineMs: 30_000 });
    const nowMs = Date.now();
    for (const [n, subject] of ['a', 'b', 'c', 'over'].entries()) {
      const untilMs = subject === 'over' ? nowMs - 1_000 : nowMs + 100_000 + n * 1_000;
      await few.record({ subject, blockedAtMs: nowMs, untilMs, rules: [], lifted: null });
    }
    expect((await few.list(10)).map(({ subject }) => subject)).toEqual(['c', 'b']);
    expect(await redis.hlen(createRedisLimitKeys(place).blockRecords)).toBe(2);
    // Told again by another node: who lifted it stays.
    await few.ensureRecorded({
      subject: 'c',
      blockedAtMs: 0,
      untilMs: nowMs + 102_001,
      rules: [],
      lifted: null,
    });
    expect((await few.list(1))[0]?.blockedAtMs).toBe(nowMs);
  });

  it('can be lifted while their record is missing', async () => {
    await open().take(violate);
    await until('the record', async () => (await blocks.list(1)).length === 1);
    const keys = createRedisLimitKeys(place);
    await redis.del(keys.blockEnds, keys.blockRecords);
    expect(await blocks.lift(CALLERS[0], 'user:7')).toBe(true);
    expect(await blocks.list(10)).toEqual([]);
    expect(await blocks.findEnd(CALLERS[0])).toBeNull();
  });
});
