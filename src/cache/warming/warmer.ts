import type { WarmOperation, WarmReport } from './warm-operation.js';

/** Answers operations before anybody asks. */
export interface Warmer {
  /** Those that were asked most lately, of any node; none where nobody remembers, or can be asked in time. */
  listAsked(most: number, timeoutMs: number): Promise<readonly WarmOperation[]>;
  /** Once `signal` is aborted it begins no more of them. */
  warm(operations: readonly WarmOperation[], signal?: AbortSignal): Promise<WarmReport>;
}
