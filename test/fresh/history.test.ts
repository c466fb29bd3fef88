import fc from 'fast-check';
import { History, type Op } from './history.js';
import { createWorld } from './world/world.js';

const LAG_MS = 100;
const rename = (id: string, sentAtMs: number): Op => ({
  id,
  sentAtMs,
  change: { kind: 'rename', id: 1, name: id },
});

/** Names that an answer may show, oldest first; null: not known yet. */
function namesIn(history: History, askedAtMs: number, answeredAtMs: number, floor = 0): string[] | null {
  const window = history.findWindow({ askedAtMs, answeredAtMs, floor, lagMs: LAG_MS });
  return window?.versions.map(({ world }) => world.animals.get(1)?.name ?? '') ?? null;
}

/** One after the other, each sent at a time and known to be committed at another one. */
function historyOf(...times: readonly (readonly [sentAtMs: number, committedByMs: number])[]): History {
  const history = new History(createWorld());
  for (const [n, [sentAtMs, committedByMs]] of times.entries()) {
    const op = rename(`v${n + 1}`, sentAtMs);
    history.begin(op);
    history.commit(op, n + 1, committedByMs);
  }
  return history;
}

describe('An answer may show', () => {
  it('what was committed within the lag before it was asked for, and what came before that', () => {
    const history = historyOf([1_000, 1_010], [1_050, 1_060]);
    expect(namesIn(history, 1_100, 1_105)).toEqual(['animal 1', 'v1', 'v2']);
    expect(namesIn(history, 1_110, 1_115)).toEqual(['v1', 'v2']);
    expect(namesIn(history, 1_160, 1_165)).toEqual(['v2']);
  });

  it('nothing that was begun after it was there', () => {
    const history = historyOf([1_000, 1_010], [1_300, 1_310]);
    expect(namesIn(history, 1_200, 1_300)).toEqual(['v1']);
    expect(namesIn(history, 1_200, 1_301)).toEqual(['v1', 'v2']);
  });

  it('nothing older than what its node has answered, nor than the position that was sent', () => {
    const history = historyOf([1_000, 1_010], [1_020, 1_030]);
    expect(namesIn(history, 1_031, 1_040, 1)).toEqual(['v1', 'v2']);
    expect(namesIn(history, 1_031, 1_040, 2)).toEqual(['v2']);
  });

  it('what a crash has undone for as long as nobody can know of the crash, and what came before it again', () => {
    const history = historyOf([1_000, 1_010], [1_020, 1_030]);
    history.doubt();
    expect(namesIn(history, 1_031, 1_040)).toBeNull();
    history.lose(1, 1_500);
    expect(history.undone).toBe(1);
    expect(namesIn(history, 1_599, 1_605, 2)).toEqual(['v1', 'v2']);
    expect(namesIn(history, 1_600, 1_605, 2)).toEqual(['v1']);
    const next = rename('another v2', 1_700);
    history.begin(next);
    history.commit(next, 2, 1_710);
    expect(namesIn(history, 1_750, 1_760)).toEqual(['v1', 'another v2']);
    expect(namesIn(history, 1_810, 1_820)).toEqual(['another v2']);
  });
});

describe('Nobody knows what an answer may show', () => {
  it('while the outcome of a write is open that was sent before the answer was there', () => {
    const history = historyOf([1_000, 1_010]);
    const op = rename('v2', 1_100);
    history.begin(op);
    expect(namesIn(history, 1_050, 1_100)).toEqual(['animal 1', 'v1']);
    expect(namesIn(history, 1_050, 1_101)).toBeNull();
    history.abort(op);
    expect(namesIn(history, 1_050, 1_101)).toEqual(['animal 1', 'v1']);
  });

  it('while a version before a known one is missing', () => {
    const history = historyOf([1_000, 1_010]);
    const [second, third] = [rename('v2', 1_020), rename('v3', 1_021)];
    for (const op of [second, third]) history.begin(op);
    history.commit(third, 3, 1_030);
    expect(namesIn(history, 1_031, 1_040)).toBeNull();
    history.commit(second, 2, 1_035);
    expect(namesIn(history, 1_031, 1_040)).toEqual(['animal 1', 'v1', 'v2', 'v3']);
  });
});

describe('What an answer may show', () => {
  const step = fc.record({ gap: fc.integer({ min: 0, max: 80 }), takes: fc.integer({ min: 1, max: 200 }) });

  it('is as one finds it by looking at each version', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.nat(2_000),
        fc.nat(300),
        (steps, askedAtMs, takesMs) => {
          let clock = 0;
          const times = steps.map(({ gap, takes }) => {
            clock += gap;
            return [clock, clock + takes] as const;
          });
          const answeredAtMs = askedAtMs + takesMs;
          // A version is over for one who asks once a later one is known to have been there long enough.
          const names = ['animal 1', ...times.map((_, n) => `v${n + 1}`)];
          const sentAt = [-1, ...times.map(([sentAtMs]) => sentAtMs)];
          const committedBy = [-1, ...times.map(([, committedByMs]) => committedByMs)];
          const most = sentAt.findLastIndex((sentAtMs) => sentAtMs < answeredAtMs);
          const allowed = names.filter((_, n) => {
            const isOver = committedBy.some(
              (byMs, later) => later > n && later <= most && byMs <= askedAtMs - LAG_MS,
            );
            return n <= most && !isOver;
          });
          expect(namesIn(historyOf(...times), askedAtMs, answeredAtMs)).toEqual(allowed);
        },
      ),
      { numRuns: 500 },
    );
  });
});
