import type { Fault } from './faults.js';
import type { FreshWorld } from './fresh-world.js';
import type { Violation } from './judge.js';
import type { NodeBuild } from './node/node-process.js';

export interface CheckOptions {
  readonly build: NodeBuild;
  /** As it was opened: nobody has written there yet. */
  readonly fresh: FreshWorld;
  readonly nodes: number;
  /** Judged, at least. */
  readonly reads: number;
  readonly seed: number;
  /** One after the other, again and again. Default: none. */
  readonly faults?: readonly Fault[];
  /** Reads from the end of one fault to the next. Default: 1,000. */
  readonly readsBetweenFaults?: number;
  /** Told from time to time how it stands. */
  readonly onProgress?: (line: string) => void;
  /** What nodes are made to do wrong; the check ends with the first violation then. */
  readonly sabotage?: string;
}

export interface CheckOutcome {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly judged: number;
  /** Answered from what was kept, of those judged. */
  readonly hits: number;
  /** Where the one who asked had the answer already. */
  readonly unchanged: number;
  /** Answers that came of a computation of somebody else's. */
  readonly collapsed: number;
  /** No whole answer, or one with errors that nobody expects. */
  readonly failed: number;
  readonly commits: number;
  /** Of them, those that crashes have undone. */
  readonly undone: number;
  readonly reads: ReadonlyMap<string, number>;
  readonly writes: ReadonlyMap<string, number>;
  readonly faults: ReadonlyMap<string, number>;
}
