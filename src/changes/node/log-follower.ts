import type { AskedTime } from '../drain/shared-drains.js';
import type { ChangeLog, LogReading } from '../log/change-log.js';
import type { AppliedLog } from './applied-log.js';
import type { Trust } from './trust.js';

/** The last of the readings that brought a node to the log's end. */
export interface Followed {
  readonly reading: LogReading;
  readonly time: AskedTime;
}

/** Reads the log to its end and applies what is new. Who comes while it reads shares the reading. */
export class LogFollower {
  readonly #applied: AppliedLog;
  readonly #trust: Trust;
  readonly #nowMs: () => number;
  #running: Promise<Followed> | null = null;

  constructor(options: {
    readonly applied: AppliedLog;
    readonly trust: Trust;
    readonly nowMs: () => number;
  }) {
    this.#applied = options.applied;
    this.#trust = options.trust;
    this.#nowMs = options.nowMs;
  }

  follow(log: ChangeLog): Promise<Followed> {
    this.#running ??= this.#readToEnd(log).finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #readToEnd(log: ChangeLog): Promise<Followed> {
    let askedAtMs = this.#nowMs();
    let next = log.read(this.#applied.position);
    for (;;) {
      const reading = await next;
      const time: AskedTime = { timeMs: reading.timeMs, connection: reading.connection, log, askedAtMs };
      if (reading.isPartial) {
        // Asked for before these are applied: Redis prepares the next ones meanwhile.
        askedAtMs = this.#nowMs();
        next = log.read(this.#endOf(reading));
        this.#apply(reading);
        continue;
      }
      if (this.#apply(reading) && reading.heartbeat !== null) {
        this.#applied.catchUp(reading.heartbeat.head);
        const ageMs = reading.timeMs - reading.heartbeat.timeMs;
        // As long ago as by the log's clock, counted from before it was asked. What comes from the future was written
        // by another clock, and proves nothing by this one.
        if (ageMs >= 0) this.#trust.prove(askedAtMs - ageMs);
      }
      return { reading, time };
    }
  }

  #endOf({ heartbeat, records }: LogReading): { readonly epoch: string; readonly id: number } {
    const last = records.at(-1);
    return last === undefined || heartbeat === null
      ? this.#applied.position
      : { epoch: heartbeat.epoch, id: last.id };
  }

  /** False: it is of no use, being of an epoch that was left, or of none. */
  #apply({ heartbeat, records }: LogReading): boolean {
    if (heartbeat === null) return false;
    const { epoch } = this.#applied.position;
    if (!this.#applied.adopt(heartbeat.epoch)) return false;
    if (epoch !== heartbeat.epoch) this.#trust.forget();
    for (const record of records) this.#applied.apply(record);
    return true;
  }
}
