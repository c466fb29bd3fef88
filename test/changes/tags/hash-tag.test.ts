import { hashTag } from '../../../src/changes/tags/hash-tag.js';

describe('the hash of a tag', () => {
  it('is of 32 bits, and the same wherever it is made', () => {
    expect(['', 'Animal:7', 'Animal+', 'Enclosure:Nörd,2'].map(hashTag)).toEqual([
      2_872_998_923, 3_234_993_383, 3_750_070_262, 3_470_798_696,
    ]);
    for (const tag of ['', 'a', '🦓'.repeat(99)]) expect(hashTag(tag)).toBe(hashTag(tag) >>> 0);
  });

  it('spreads keys that follow each other over the low bits as chance would', () => {
    const SLOTS = 2 ** 16;
    const used = new Set<number>();
    for (let id = 0; id < SLOTS; id++) used.add(hashTag(`Animal:${id}`) % SLOTS);
    // By chance 1 - 1/e of the slots are hit.
    expect(used.size / SLOTS).toBeGreaterThan(0.62);
    expect(used.size / SLOTS).toBeLessThan(0.65);
  });
});
