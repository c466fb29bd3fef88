import { withDeadline } from '../../kernel/deadline.js';
import type { Settled } from '../changes.js';
import type { Drained } from '../drain/drain.js';
import type { DrainNeed } from '../drain/shared-drains.js';
import type { Trust } from './trust.js';

export interface OwnWritesOptions {
  readonly trust: Trust;
  /** Resolves once the drain is applied. */
  readonly drain: (need: DrainNeed) => Promise<Drained>;
  readonly timeoutMs: number;
  readonly nowMs: () => number;
}

/** A second one covers a connection that broke while idle. */
const ATTEMPTS = 2;
const LEAST_WAIT_MS = 50;
const MOST_WAIT_MS = 1_000;

/** Tells everybody of what this node has written before it is answered. */
export class OwnWrites {
  readonly #options: OwnWritesOptions;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: OwnWritesOptions) {
    this.#options = options;
  }

  async settle(need: DrainNeed): Promise<Settled> {
    const { trust, drain, timeoutMs, nowMs } = this.#options;
    const deadlineMs = nowMs() + timeoutMs;
    // Where an earlier write still waits to be told of, things are known to be bad: nobody waits twice for that.
    const attempts = trust.pendingWrites > 0 ? 1 : ATTEMPTS;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const restMs = deadlineMs - nowMs();
      if (restMs <= 0) break;
      try {
        const { position } = await withDeadline(drain(need), restMs, () => new Error('too late'));
        return { isDrained: true, position };
      } catch {
        // Reported by whoever ran the drain; what follows from it is below.
      }
    }
    // It is committed all the same, and what this node remembers may be older.
    trust.addPendingWrite();
    if (trust.pendingWrites === 1) this.#retry(LEAST_WAIT_MS);
    return { isDrained: false };
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #retry(waitMs: number): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#settlePending(waitMs), waitMs);
  }

  async #settlePending(waitMs: number): Promise<void> {
    const { trust, drain } = this.#options;
    // Those that come while this one runs may have committed after its snapshot.
    const covered = trust.pendingWrites;
    try {
      await drain('take');
      trust.settlePendingWrites(covered);
      if (trust.pendingWrites > 0) this.#retry(LEAST_WAIT_MS);
    } catch {
      this.#retry(Math.min(waitMs * 2, MOST_WAIT_MS));
    }
  }
}
