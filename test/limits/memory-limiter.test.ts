import { NO_BLOCKS } from '../../src/limits/blocks/block-policy.js';
import { MemoryLimiter } from '../../src/limits/memory/memory-limiter.js';
import { charge, describeLimiter } from './limiter-contract.js';
import { openTurnedMemory } from './turned-memory.js';

describe('a limiter in memory', () => {
  describeLimiter(async ({ blocks }) => openTurnedMemory(blocks));
});

describe('the memory of a limiter', () => {
  let nowMs = 0;
  const take = (limiter: MemoryLimiter, key: string, windowMs = 60_000) =>
    limiter.decide({ charges: [charge({ key, windowMs, limit: 1 })], subject: null }, 'take').outcome;

  it('holds no more callers than it may, and forgets who was charged least recently', () => {
    let evictions = 0;
    const limiter = new MemoryLimiter({ maxKeys: 3, nowMs: () => nowMs, onEvicted: () => evictions++ });
    for (const key of ['a', 'b', 'c', 'd', 'e']) expect(take(limiter, key)).toBe('granted');
    expect(limiter.size).toBe(3);
    expect(evictions).toBe(2);
    // Those that are still there are held to their limits, those that aren't begin anew.
    expect(['c', 'd', 'e'].map((key) => take(limiter, key))).toEqual(['limited', 'limited', 'limited']);
    expect(take(limiter, 'a')).toBe('granted');
    expect(['d', 'e', 'a'].map((key) => take(limiter, key))).toEqual(['limited', 'limited', 'limited']);
    expect(take(limiter, 'c')).toBe('granted');
  });

  it('is let go of as callers fall idle, whatever the length of others’ windows', () => {
    const limiter = new MemoryLimiter({ nowMs: () => nowMs, blocks: NO_BLOCKS });
    take(limiter, 'patient', 86_400_000);
    for (let n = 0; n < 1_000; n++) take(limiter, `idle-${n}`);
    expect(limiter.size).toBe(1_001);
    nowMs += 61_000;
    const busy = charge({ key: 'busy', limit: 1_000 });
    for (let n = 0; n < 1_000; n++) limiter.decide({ charges: [busy], subject: null }, 'take');
    expect(limiter.size).toBe(2);
    expect(take(limiter, 'patient', 86_400_000)).toBe('limited');
  });

  it('takes nothing for looks and denials of callers that it does not know', () => {
    const limiter = new MemoryLimiter({ nowMs: () => nowMs });
    for (let n = 0; n < 100; n++) {
      limiter.decide({ charges: [charge({ key: `key-${n}` })], subject: null }, 'peek');
      limiter.decide({ charges: [charge({ key: `key-${n}`, amount: 4 })], subject: null }, 'take');
    }
    expect(limiter.size).toBe(0);
  });

  it('goes by a clock of its own where it is given none', async () => {
    const limiter = new MemoryLimiter();
    expect((await limiter.take({ charges: [charge()], subject: null })).outcome).toBe('granted');
    expect(await limiter.peek({ charges: [charge()], subject: null })).toMatchObject({
      charges: [{ remaining: 2 }],
    });
  });
});
