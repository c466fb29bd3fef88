import fc from 'fast-check';
import { Redis } from 'ioredis';
import { NO_BLOCKS } from '../../src/limits/blocks/block-policy.js';
import { waitForEvent } from '../gateway/redis-child.js';
import { testRedisUrl } from '../services/database.js';
import type { LimiterSubject } from './limiter-contract.js';
import { arbitraryRun, compareWithModel, type Run } from './model-agreement.js';
import { openTurnedMemory } from './turned-memory.js';
import { openTurnedRedis } from './turned-redis.js';

let redis: Redis;
beforeAll(async () => {
  redis = new Redis(testRedisUrl());
  await waitForEvent(redis, 'ready');
});
afterAll(() => redis.quit());

async function check(runs: fc.Arbitrary<Run>, open: () => LimiterSubject, numRuns: number): Promise<void> {
  const tally = { granted: 0, denied: 0 };
  await fc.assert(
    fc.asyncProperty(runs, async (run) => {
      const subject = open();
      try {
        await compareWithModel(run, subject, tally);
      } finally {
        await subject.remove();
      }
    }),
    { numRuns },
  );
  expect(tally.granted).toBeGreaterThan(numRuns);
  expect(tally.denied).toBeGreaterThan(numRuns);
}

describe.each([
  ['in memory', openTurnedMemory, 200],
  ['in Redis', () => openTurnedRedis(redis, NO_BLOCKS), 60],
] as const)('windows %s', (_, open, numRuns) => {
  it('kept as logs decide as one would who remembers every grant', () =>
    check(arbitraryRun({ hasClockSteps: false, limits: 'log' }), open, numRuns));

  it('kept as sub-buckets never grant what the exact window denies, nor deny what one a sixtieth longer grants', () =>
    check(arbitraryRun({ hasClockSteps: false, limits: 'any' }), open, numRuns));
});

describe('windows in Redis whose clock is set back', () => {
  it('count what was granted "later" as granted now', () =>
    check(arbitraryRun({ hasClockSteps: true, limits: 'log' }), () => openTurnedRedis(redis, NO_BLOCKS), 60));

  it('do so in sub-buckets as well', () =>
    check(arbitraryRun({ hasClockSteps: true, limits: 'any' }), () => openTurnedRedis(redis, NO_BLOCKS), 60));
});
