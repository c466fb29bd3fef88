import type { ChangeLog, LogTime } from '../log/change-log.js';
import type { Drained } from './drain.js';

/** What is wanted of a drain. */
export type DrainNeed =
  /** There is something in the outbox. */
  | 'take'
  /** Who knows; look first. */
  | 'peek';

/** A log's time, and by this process's clock when it was asked for. */
export interface AskedTime extends LogTime {
  readonly log: ChangeLog;
  readonly askedAtMs: number;
}

export interface DrainRun {
  /** Null: to be asked for. */
  readonly time: AskedTime | null;
  /** May become 'take' until `onSnapshot` is called. */
  readonly need: DrainNeed;
  readonly onSnapshot: () => void;
}

interface Shared {
  need: DrainNeed;
  readonly outcome: Promise<Drained>;
}

/**
 * Runs drains one after the other. Who comes before the next one has sent the statement whose snapshot decides, joins
 * it; who comes later could have committed something that it misses, and shares the one after.
 */
export class SharedDrains {
  readonly #run: (run: DrainRun) => Promise<Drained>;
  readonly #onShared: () => void;
  #next: Shared | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: {
    readonly run: (run: DrainRun) => Promise<Drained>;
    /** Told of each who joins. */
    readonly onShared: () => void;
  }) {
    this.#run = options.run;
    this.#onShared = options.onShared;
  }

  /** @param time if the log was asked just now; what is proven counts from then */
  drain(need: DrainNeed, time: AskedTime | null = null): Promise<Drained> {
    const next = this.#next;
    if (next !== null) {
      this.#onShared();
      if (need === 'take') next.need = need;
      return next.outcome;
    }
    let shared: Shared;
    const outcome = this.#last.then(() => this.#runOne(shared, time));
    shared = { need, outcome };
    this.#next = shared;
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }

  #runOne(shared: Shared, time: AskedTime | null): Promise<Drained> {
    const close = (): void => {
      if (this.#next === shared) this.#next = null;
    };
    return this.#run({
      time,
      get need() {
        return shared.need;
      },
      onSnapshot: close,
      // Where it fails before, nobody joins any more either.
    }).finally(close);
  }
}
