import type { TrustFault } from '../changes.js';

/**
 * Whether what a node has applied is all that was committed until a moment ago. Times are this process's, by a clock
 * that never jumps.
 */
export class Trust {
  readonly #maxLagMs: number;
  readonly #nowMs: () => number;
  #isStarted = false;
  #pendingWrites = 0;
  #knownUntilMs = Number.NEGATIVE_INFINITY;
  #failure: TrustFault = 'lagging';

  constructor(options: { readonly maxLagMs: number; readonly nowMs: () => number }) {
    this.#maxLagMs = options.maxLagMs;
    this.#nowMs = options.nowMs;
  }

  get isTrusted(): boolean {
    return (
      this.#isStarted && this.#pendingWrites === 0 && this.#nowMs() - this.#knownUntilMs <= this.#maxLagMs
    );
  }

  /** Whether nothing but time is in doubt: PostgreSQL was asked once, and no own write is untold. */
  get isSettled(): boolean {
    return this.#isStarted && this.#pendingWrites === 0 && this.#failure !== 'not-captured';
  }

  /** Null: trusted. */
  get fault(): TrustFault | null {
    if (this.isTrusted) return null;
    if (this.#failure === 'not-captured') return this.#failure;
    if (!this.#isStarted) return 'starting';
    return this.#pendingWrites > 0 ? 'pending-write' : this.#failure;
  }

  /** Null: nothing was ever proven. */
  get lagMs(): number | null {
    return Number.isFinite(this.#knownUntilMs) ? this.#nowMs() - this.#knownUntilMs : null;
  }

  get pendingWrites(): number {
    return this.#pendingWrites;
  }

  /** A drain of this process's own is applied: it has asked PostgreSQL itself. */
  start(): void {
    this.#isStarted = true;
  }

  /** All that was committed before this moment is applied, or lies below the horizon. */
  prove(knownUntilMs: number): void {
    this.#knownUntilMs = Math.max(this.#knownUntilMs, knownUntilMs);
    this.#failure = 'lagging';
  }

  /** Why it can't be proven at this time. */
  noteFailure(failure: 'log-away' | 'not-captured' | 'lagging'): void {
    this.#failure = failure;
  }

  /** What was proven was so in another epoch. */
  forget(): void {
    this.#knownUntilMs = Number.NEGATIVE_INFINITY;
  }

  /** A write was answered that nobody was told of. */
  addPendingWrite(): void {
    this.#pendingWrites++;
  }

  /** So many of them are told of by now. */
  settlePendingWrites(count: number): void {
    this.#pendingWrites -= count;
  }
}
