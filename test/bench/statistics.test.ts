import { describe, expect, test } from '@jest/globals';
import { importBench } from './bench-module.js';

const { median, percentile, spreadPercent } = await importBench<{
  median(values: number[]): number;
  percentile(values: number[], share: number): number;
  spreadPercent(values: number[]): number;
}>('harness/statistics');
const { createRandom, createZipf } = await importBench<{
  createRandom(seed: number): () => number;
  createZipf(count: number, random: () => number): () => number;
}>('harness/random');

describe('numbers of a run', () => {
  test('the median of three is not moved by one outlier', () => {
    expect(median([10, 1_000, 11])).toBe(11);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNaN();
  });

  test('a percentile is a value that was measured', () => {
    const values = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentile(values, 0.5)).toBe(100);
    expect(percentile(values, 0.99)).toBe(198);
    expect(percentile([7], 0.99)).toBe(7);
  });

  test('the spread is half the range, in percent of the median', () => {
    expect(spreadPercent([90, 100, 110])).toBe(10);
    expect(spreadPercent([90])).toBe(0);
  });
});

describe('what is asked for', () => {
  test('is the same in every run', () => {
    const [first, second] = [1, 1].map((seed) => createZipf(1_000, createRandom(seed)));
    const draw = (next: () => number) => Array.from({ length: 50 }, next);
    expect(draw(first!)).toEqual(draw(second!));
  });

  test('is popular by rank: the first twice as often as the second, and nobody is left out', () => {
    const next = createZipf(10, createRandom(7));
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 20_000; draw++) {
      const rank = next();
      counts.set(rank, (counts.get(rank) ?? 0) + 1);
    }
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(counts.get(1)! / counts.get(2)!).toBeCloseTo(2, 0);
  });
});
