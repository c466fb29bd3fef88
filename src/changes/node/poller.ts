import type { Drained } from '../drain/drain.js';
import type { AskedTime, DrainNeed } from '../drain/shared-drains.js';
import type { Followed } from './log-follower.js';

export interface PollerOptions {
  /** Half of it while changes keep coming. */
  readonly intervalMs: number;
  /** A clock that never jumps. */
  readonly nowMs: () => number;
  /** Null while it is not known where the log is. */
  readonly follow: () => Promise<Followed | null>;
  readonly drain: (need: DrainNeed, time: AskedTime | null) => Promise<Drained>;
  /** The log's time of this node's last drain; a heartbeat with it is its own. */
  readonly ownTimeMs: () => number | null;
  /** At each poll; for what is to be looked at from time to time under traffic. */
  readonly onPoll: () => void;
}

/** Without a demand for this long nothing is asked any more. */
const IDLE_AFTER_MS = 1_000;
/** From the start of a drain until others can see it in the log, about. */
const DRAIN_MS = 2;
const LEAST_WAIT_MS = 1;
const MOST_WAIT_AFTER_FAILURE_MS = 500;

/**
 * Keeps a node up to date while there is traffic. Of several nodes that do, one drains: the one whose heartbeat stands
 * in the log goes on, one interval after the other; the others read the log when its next is due, and take over when
 * it fails to come. Nothing has to be agreed on: should two drain at a time, they take turns at the lock.
 */
export class Poller {
  readonly #options: PollerOptions;
  #lastDemandMs = Number.NEGATIVE_INFINITY;
  #isRunning = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  /** The last poll found changes: there are more to come. */
  #isBusy = false;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** Somebody relies on this node. Cheap enough for every request. */
  noteDemand(nowMs: number): void {
    this.#lastDemandMs = nowMs;
    if (this.#isRunning || this.#isClosed) return;
    this.#isRunning = true;
    this.#failures = 0;
    void this.#turn();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #turn(): Promise<void> {
    this.#options.onPoll();
    const waitMs = await this.#poll().then(
      (wait) => {
        this.#failures = 0;
        return wait;
      },
      // Whoever was asked has reported it.
      () => Math.min(this.#options.intervalMs * 2 ** this.#failures++, MOST_WAIT_AFTER_FAILURE_MS),
    );
    if (this.#isClosed || this.#options.nowMs() - this.#lastDemandMs > IDLE_AFTER_MS) {
      this.#isRunning = false;
      return;
    }
    this.#timer = setTimeout(() => void this.#turn(), Math.max(waitMs, LEAST_WAIT_MS));
  }

  /** How long to wait until the next. */
  async #poll(): Promise<number> {
    const { nowMs, ownTimeMs } = this.#options;
    const intervalMs = this.#options.intervalMs / (this.#isBusy ? 2 : 1);
    const followed = await this.#options.follow();
    const ageMs = ageOfHeartbeat(followed);
    const isOwn = followed?.reading.heartbeat?.timeMs === ownTimeMs();
    // Not all others at once.
    const patienceMs = isOwn ? intervalMs - LEAST_WAIT_MS : this.#options.intervalMs * (2.5 + Math.random());
    if (ageMs < patienceMs) {
      if (!isOwn && ageMs < intervalMs) this.#isBusy = (followed?.reading.records.length ?? 0) > 0;
      return intervalMs - ageMs + (isOwn ? 0 : DRAIN_MS);
    }
    const beginMs = followed?.time.askedAtMs ?? nowMs();
    const { records } = await this.#options.drain(this.#isBusy ? 'take' : 'peek', followed?.time ?? null);
    this.#isBusy = records.length > 0;
    return this.#options.intervalMs / (this.#isBusy ? 2 : 1) - (nowMs() - beginMs);
  }
}

/** Endless where there is none, or one of another clock, which is ahead. */
function ageOfHeartbeat(followed: Followed | null): number {
  const heartbeat = followed?.reading.heartbeat ?? null;
  if (followed === null || heartbeat === null) return Number.POSITIVE_INFINITY;
  const ageMs = followed.reading.timeMs - heartbeat.timeMs;
  return ageMs < 0 ? Number.POSITIVE_INFINITY : ageMs;
}
