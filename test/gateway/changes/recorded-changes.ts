import type { Changes, Settled } from '../../../src/changes/changes.js';
import type { Position } from '../../../src/changes/position.js';

/** Stands in for what follows changes, where a test is about what the gateway makes of its answers. */
export interface RecordedChanges extends Changes {
  /** What was called, in order, such as `settle wrote` and `waitFor e:7`. */
  readonly calls: string[];
  /** What the next calls of `settle` give, in order; the last one again and again. */
  settled: Settled[];
  isReached: boolean;
}

export function createRecordedChanges(): RecordedChanges {
  const calls: string[] = [];
  const position: Position = { epoch: 'e', id: 7 };
  return {
    calls,
    settled: [{ isDrained: true, position }],
    isReached: true,
    position,
    isTrusted: () => true,
    ensureTrusted: async () => true,
    isValid: () => true,
    findVoidingTag: () => null,
    mayServeStale: true,
    isCaptured: () => true,
    async settle(cause) {
      calls.push(`settle ${cause}`);
      const [next, ...others] = this.settled;
      if (next === undefined) throw new Error('no more answers');
      if (others.length > 0) this.settled = others;
      return next;
    },
    async waitFor({ epoch, id }, timeoutMs) {
      calls.push(`waitFor ${epoch}:${id} ${timeoutMs}`);
      return this.isReached;
    },
    readStatus: async () => ({
      log: 'memory',
      position,
      horizon: 3,
      fault: null,
      lagMs: 12,
      outbox: { rows: 2, oldestMs: 40 },
      uncaptured: [],
    }),
    close: async () => undefined,
  };
}
