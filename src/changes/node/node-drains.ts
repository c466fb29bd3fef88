import { ChangeLogRefusal } from '../drain/change-log-refusal.js';
import { type Drained, drain } from '../drain/drain.js';
import type { DrainConnection } from '../drain/drain-connection.js';
import { type AskedTime, type DrainNeed, type DrainRun, SharedDrains } from '../drain/shared-drains.js';
import type { ChangeLog } from '../log/change-log.js';
import { includes } from '../position.js';
import type { AppliedLog } from './applied-log.js';
import { EpochLeft } from './epoch-left.js';
import type { Followed, LogFollower } from './log-follower.js';
import type { Trust } from './trust.js';

export type DrainOutcome = 'empty' | 'appended' | 'refused' | 'failed';

export interface NodeDrainsOptions {
  readonly connection: DrainConnection;
  /** The log of the database that is named so, as `sluice.place()` does. */
  readonly openLog: (place: string) => ChangeLog;
  readonly applied: AppliedLog;
  readonly trust: Trust;
  readonly follower: LogFollower;
  readonly maxBacklogRows: number;
  readonly nowMs: () => number;
  readonly onShared: () => void;
  readonly onOutcome: (outcome: DrainOutcome, durationMs: number, error: unknown) => void;
}

/** How long the log's time may be used again. */
const REUSED_TIME_MS = 10;

/** A node's drains: what they find is applied before anybody hears of it. */
export class NodeDrains {
  readonly #options: NodeDrainsOptions;
  readonly #shared: SharedDrains;
  #opened: { readonly place: string; readonly log: ChangeLog } | null = null;
  #ownTimeMs: number | null = null;
  #lastTime: AskedTime | null = null;

  constructor(options: NodeDrainsOptions) {
    this.#options = options;
    this.#shared = new SharedDrains({ run: (run) => this.#run(run), onShared: options.onShared });
  }

  /** The time, by the log's clock, from which the last drain of this node proves something. */
  get ownTimeMs(): number | null {
    return this.#ownTimeMs;
  }

  /** Resolves once all that it found is applied here. */
  drain(need: DrainNeed, time: AskedTime | null = null): Promise<Drained> {
    return this.#shared.drain(need, time);
  }

  /** Null: which database it is, and so which log, shows at the first drain. */
  async follow(): Promise<Followed | null> {
    if (this.#opened === null) return null;
    const followed = await this.#options.follower.follow(this.#opened.log);
    this.#lastTime = followed.time;
    return followed;
  }

  async close(): Promise<void> {
    await this.#opened?.log.close();
  }

  async #run(run: DrainRun): Promise<Drained> {
    const { nowMs, onOutcome } = this.#options;
    const beginMs = nowMs();
    try {
      const { drained, time } = await this.#drain(run);
      await this.#apply(drained, time);
      onOutcome(drained.records.length > 0 ? 'appended' : 'empty', nowMs() - beginMs, null);
      return drained;
    } catch (error) {
      // It may be the time's connection that is gone.
      this.#lastTime = null;
      onOutcome(error instanceof ChangeLogRefusal ? 'refused' : 'failed', nowMs() - beginMs, error);
      throw error;
    }
  }

  #drain(run: DrainRun): Promise<{ readonly drained: Drained; readonly time: AskedTime }> {
    const { connection, maxBacklogRows } = this.#options;
    return connection.use(async (session) => {
      const log = await this.#openLog(session.place);
      const time = run.time?.log === log ? run.time : await this.#askTime(log);
      const isPeekFirst = run.need === 'peek';
      const drained = await drain({
        ...{ log, session, time, isPeekFirst, maxBacklogRows },
        onSnapshot: run.onSnapshot,
      });
      return { drained, time };
    });
  }

  async #openLog(place: string): Promise<ChangeLog> {
    if (this.#opened?.place !== place) {
      await this.#opened?.log.close();
      this.#opened = { place, log: this.#options.openLog(place) };
    }
    return this.#opened.log;
  }

  async #apply({ position, records }: Drained, time: AskedTime): Promise<void> {
    const { applied, trust } = this.#options;
    for (const record of records) {
      // One that follows what is applied needs no reading; others lie between otherwise.
      if (applied.position.epoch === position.epoch && record.prev <= applied.position.id)
        applied.apply(record);
    }
    if (!includes(applied.position, position)) await this.follow();
    if (!includes(applied.position, position)) {
      // The log has lost it again, or a heartbeat stands there that is younger and knows less.
      if (!applied.adopt(position.epoch)) throw new EpochLeft(position.epoch);
      applied.catchUp(position.id);
    }
    this.#ownTimeMs = time.timeMs;
    trust.start();
    trust.prove(time.askedAtMs);
  }

  /** An answer of a moment ago will do: what is proven then counts from that moment. It spares a round trip. */
  async #askTime(log: ChangeLog): Promise<AskedTime> {
    const askedAtMs = this.#options.nowMs();
    const last = this.#lastTime;
    if (last !== null && last.log === log && askedAtMs - last.askedAtMs <= REUSED_TIME_MS) return last;
    this.#lastTime = { ...(await log.readTime()), log, askedAtMs };
    return this.#lastTime;
  }
}
