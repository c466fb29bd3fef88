import { describe, expect, test } from '@jest/globals';
import { importBench } from './bench-module.js';

interface Target {
  target: string;
  measured: string | null;
  isReached: boolean | null;
}
const { judgeTargets } = await importBench<{
  judgeTargets(cells: object[], statements: Record<string, Record<string, number>>): Target[];
}>('harness/targets');
const { toComparable, describeDifference } = await importBench<{
  toComparable(value: unknown): unknown;
  describeDifference(answer: unknown, expected: unknown): string;
}>('harness/comparable-answer');
const { parseOptions } = await importBench<{
  parseOptions(
    argv: string[],
    known: { servers: string[]; workloads: string[] },
  ): { servers: string[]; workloads: string[]; profile: string | null; rounds: number; isQuick: boolean };
}>('harness/options');
const { summariseProfile } = await importBench<{
  summariseProfile(
    profile: object,
    options: { from: number; to: number; rootUrl: string },
  ): { totalMicros: number; functions: { name: string; share: number }[]; parts: { name: string }[] };
}>('harness/cpu-profile');

describe('targets', () => {
  const cell = (server: string, workload: string, cpuMicros: number, peakBytes = 100) => ({
    server,
    workload,
    cpuMicros,
    peakBytes,
    isDisturbed: false,
  });
  const find = (targets: Target[], text: string) => targets.find(({ target }) => target.includes(text));

  test('a ratio is the other server by ours, and what was not measured is neither reached nor missed', () => {
    const targets = judgeTargets([cell('sluice', 'list', 100), cell('hand-two', 'list', 90)], {});
    expect(find(targets, 'list: CPU of hand-two')).toMatchObject({ measured: '0.90', isReached: false });
    expect(find(targets, 'list: CPU of apollo')).toMatchObject({ measured: null, isReached: null });
  });

  test('statements are counted over all workloads, and must not grow with rows', () => {
    const targets = judgeTargets([], { sluice: { list: 1, rows: 2 } });
    expect(find(targets, 'per request')).toMatchObject({ measured: 'rows 2', isReached: false });
    expect(find(targets, 'rows x 10: SQL')).toMatchObject({ measured: '1 -> 2', isReached: false });
  });

  test('ten times the rows may cost ten times as much', () => {
    const targets = judgeTargets([cell('sluice', 'list', 100), cell('sluice', 'rows', 900, 1_100)], {});
    expect(find(targets, 'rows x 10: CPU')).toMatchObject({ measured: '9.00', isReached: true });
    expect(find(targets, 'rows x 10: peak')).toMatchObject({ measured: '11.00', isReached: false });
  });
});

describe('comparing answers', () => {
  test("cursors and the spelling of an instant are each server's own, all else is not", () => {
    const mine = { edges: [{ cursor: 'a', node: { createdAt: '2025-01-01T00:00:00.000Z' } }] };
    const theirs = { edges: [{ cursor: 'b', node: { createdAt: '2025-01-01T01:00:00+01:00' } }] };
    expect(toComparable(theirs)).toEqual(toComparable(mine));
    expect(toComparable({ price: '1.5' })).not.toEqual(toComparable({ price: '1.50' }));
  });

  test('the first difference is named by its path', () => {
    expect(describeDifference({ a: [{ b: 1 }] }, { a: [{ b: 2 }] })).toBe('data.a.0.b is 1, not 2');
    expect(describeDifference({ a: [] }, { a: [1] })).toBe('data.a.0 is undefined, not 1');
  });
});

describe('options', () => {
  const known = { servers: ['one', 'two'], workloads: ['list', 'page'] };

  test('all servers and workloads are measured unless some are named', () => {
    expect(parseOptions([], known)).toMatchObject({ ...known, profile: null, isQuick: false });
    expect(parseOptions(['--only', 'two', '--profile', 'page'], known)).toMatchObject({
      servers: ['two'],
      profile: 'page',
    });
  });

  test('a short run still has a median', () => {
    expect(parseOptions(['--quick'], known).rounds).toBeGreaterThanOrEqual(3);
  });

  test('mistakes are named, with what there is', () => {
    expect(() => parseOptions(['--only', 'three'], known)).toThrow('one, two');
    expect(() => parseOptions(['--rounds', 'many'], known)).toThrow('--rounds many');
  });
});

describe('profiles', () => {
  test("functions are named with their place, by their share of the work within the load's time", () => {
    const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 });
    const profile = {
      startTime: 1_000,
      nodes: [
        { id: 1, callFrame: frame('(idle)', '') },
        { id: 2, callFrame: frame('read', 'file:///p/dist/reads/pg/read.js') },
        { id: 3, callFrame: frame('parse', 'file:///p/node_modules/@a/b/parse.js') },
      ],
      samples: [3, 2, 1, 3, 2, 3],
      timeDeltas: [100, 300, 500, 100, 600, 100],
    };
    const { totalMicros, functions, parts } = summariseProfile(profile, {
      from: 1_200,
      to: 2_600,
      rootUrl: 'file:///p/',
    });
    expect(totalMicros).toBe(1_000);
    expect(functions).toEqual([
      { name: 'read dist/reads/pg/read.js:10', share: 0.9, micros: 900 },
      { name: 'parse node_modules/@a/b/parse.js:10', share: 0.1, micros: 100 },
    ]);
    expect(parts.map(({ name }) => name)).toEqual(['dist/reads/pg', '@a/b']);
  });
});

describe('what is compared', () => {
  test('every workload has a query in the names that PostGraphile gives', async () => {
    const { PEERS } = await importBench<{ PEERS: { id: string; queries?: Record<string, string> }[] }>(
      'harness/peers',
    );
    const { WORKLOADS } = await importBench<{ WORKLOADS: { name: string }[] }>('shop/workloads');
    const { queries } = PEERS.find(({ id }) => id === 'postgraphile')!;
    expect(Object.keys(queries ?? {}).sort()).toEqual(WORKLOADS.map(({ name }) => name).sort());
  });
});
