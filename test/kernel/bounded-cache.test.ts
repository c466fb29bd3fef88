import { BoundedCache } from '../../src/kernel/bounded-cache.js';

const light = { weight: 1, ttlMs: null };

describe('A bounded cache', () => {
  it('knows what was set last under a key', () => {
    const cache = new BoundedCache<string>({ maxEntries: 10, maxWeight: 10 });
    cache.set('a', 'one', light);
    cache.set('a', 'two', light);
    expect([cache.get('a'), cache.get('b'), cache.size]).toEqual(['two', undefined, 1]);
  });

  it('forgets what was least recently used when it has too many entries', () => {
    const cache = new BoundedCache<number>({ maxEntries: 2, maxWeight: 10 });
    cache.set('a', 1, light);
    cache.set('b', 2, light);
    cache.get('a');
    cache.set('c', 3, light);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
  });

  it('forgets as many as it takes to keep its weight', () => {
    const cache = new BoundedCache<number>({ maxEntries: 10, maxWeight: 10 });
    for (const key of ['a', 'b', 'c']) cache.set(key, 1, { weight: 3, ttlMs: null });
    cache.set('d', 1, { weight: 6, ttlMs: null });
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['c', 'd']);
  });

  it('counts a replaced or deleted entry no more', () => {
    const cache = new BoundedCache<number>({ maxEntries: 10, maxWeight: 10 });
    for (let round = 0; round < 100; round += 1) cache.set('a', round, { weight: 9, ttlMs: null });
    cache.set('b', 1, light);
    expect(cache.size).toBe(2);
    expect([cache.delete('a'), cache.delete('a')]).toEqual([true, false]);
    cache.set('c', 1, { weight: 9, ttlMs: null });
    expect(cache.size).toBe(2);
  });

  it('does not keep what alone is too heavy, nor what it replaces', () => {
    const cache = new BoundedCache<number>({ maxEntries: 10, maxWeight: 10 });
    cache.set('a', 1, light);
    cache.set('a', 2, { weight: 11, ttlMs: null });
    expect(cache.get('a')).toBeUndefined();
  });

  it("forgets at the end of an entry's life, not before", () => {
    const clock = { ms: 0, nowMs: () => clock.ms };
    const cache = new BoundedCache<number>({ maxEntries: 10, maxWeight: 10, clock });
    cache.set('a', 1, { weight: 1, ttlMs: 100 });
    clock.ms = 99;
    expect(cache.get('a')).toBe(1);
    clock.ms = 100;
    expect([cache.get('a'), cache.size]).toEqual([undefined, 0]);
  });
});
