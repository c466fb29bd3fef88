/** What tells whether a worker's process has room for more. */
export interface WorkerLoad {
  /** Jobs that wait for any worker. */
  readonly waiting: number;
  /** Jobs that this worker runs. */
  readonly running: number;
  /** How late timers of this process fire. */
  readonly eventLoopLagMs: number;
  /** Statements that wait for a connection. */
  readonly poolWaiting: number;
}

export interface ConcurrencyBounds {
  readonly min: number;
  readonly max: number;
}

/** Later than this, and jobs hold up what else the process does. */
const MAX_LAG_MS = 50;

/**
 * How many jobs a worker takes at a time: one more while jobs wait and there is room, half as many once the event loop or
 * the pool falls behind, as congestion control does it.
 */
export class AdaptiveConcurrency {
  #target: number;

  constructor(private readonly bounds: ConcurrencyBounds) {
    this.#target = bounds.min;
  }

  get target(): number {
    return this.#target;
  }

  adapt({ waiting, running, eventLoopLagMs, poolWaiting }: WorkerLoad): number {
    const { min, max } = this.bounds;
    if (eventLoopLagMs > MAX_LAG_MS || poolWaiting > 0) {
      this.#target = Math.max(min, Math.floor(this.#target / 2));
    } else if (waiting > 0 && running >= this.#target) {
      this.#target = Math.min(max, this.#target + 1);
    } else if (waiting === 0 && running < this.#target) {
      this.#target = Math.max(min, this.#target - 1);
    }
    return this.#target;
  }
}
