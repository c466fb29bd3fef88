import type { SqlClient } from '../model/database-catalog.js';
import type { CountersMetrics } from '../telemetry/counters-metrics.js';
import type { Logger } from '../telemetry/logger.js';
import type { CounterTarget } from './counter-definition.js';
import { type Counters, findCounter } from './counters.js';
import { Inlet } from './inlet.js';
import type { Batch, PendingCounts } from './pending-counts.js';

export interface WriteBehindOptions {
  readonly targets: ReadonlyMap<string, CounterTarget>;
  readonly pending: PendingCounts;
  /** Of the primary, with the engine's tables. */
  readonly client: SqlClient;
  readonly flushIntervalMs: number;
  readonly metrics: CountersMetrics;
  readonly log: Logger;
}

/** Rows that one statement changes: none of them stays locked for long. */
const MAX_PART = 1_000;
/** After so many flushes it is forgotten which batches were added in earlier weeks. */
const FLUSHES_PER_TRIM = 1_000;
const TRIM = "DELETE FROM sluice.counter_batches WHERE applied_at < now() - interval '7 days'";

/**
 * Counts wait in Redis, and are added to their rows in batches: many who count the same row at a time don't wait for each
 * other, and what is kept of the row is void once for all of them. No count is added twice: each way in and out has a name
 * that is known until nobody can try it again.
 */
export class WriteBehindCounters implements Counters {
  readonly #options: WriteBehindOptions;
  readonly #inlets: ReadonlyMap<string, Inlet>;
  readonly #timer: NodeJS.Timeout;
  #flushing: Promise<void> | null = null;
  #flushes = 0;
  #isFailing = false;

  constructor(options: WriteBehindOptions) {
    this.#options = options;
    const { targets, pending, metrics } = options;
    this.#inlets = new Map([...targets.keys()].map((name) => [name, new Inlet(name, pending, metrics)]));
    this.#timer = setInterval(() => void this.flush(), options.flushIntervalMs);
    this.#timer.unref();
  }

  async add(counter: string, key: string | number | bigint, amount = 1): Promise<void> {
    return findCounter(this.#inlets, counter, amount).add(String(key), amount);
  }

  /** Adds what waits to its rows, of all nodes. Never rejects: what can't be added now waits on. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => {
      this.#flushing = null;
    });
    return this.#flushing;
  }

  /** Flushes once more. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flushing;
    await Promise.all([...this.#inlets.values()].map((inlet) => inlet.settle()));
    await this.flush();
    for (const inlet of this.#inlets.values()) inlet.close();
  }

  async #flush(): Promise<void> {
    const failures: unknown[] = [];
    for (const [name, target] of this.#options.targets) {
      await this.#flushCounter(name, target).catch((error: unknown) => failures.push(error));
    }
    this.#tell(failures);
    this.#flushes += 1;
    // That it waits for another day hurts nobody.
    if (this.#flushes % FLUSHES_PER_TRIM === 0)
      await this.#options.client.query(TRIM, []).catch(() => undefined);
  }

  async #flushCounter(name: string, target: CounterTarget): Promise<void> {
    const { pending, metrics } = this.#options;
    let batch: Batch | null;
    try {
      batch = await pending.take(name);
    } catch (error) {
      await this.#inlets.get(name)?.bypass((own) => this.#apply(target, own));
      throw error;
    }
    if (batch === null) return;
    await this.#apply(target, batch);
    metrics.flushes.inc({ outcome: 'added' });
    await pending.end(name, batch.id);
  }

  /** Each part once, whoever tries and how often. */
  async #apply({ applySql }: CounterTarget, { id, counts }: Batch): Promise<void> {
    // In the same order by everyone: the parts are the same then.
    const all = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    for (let part = 0; part * MAX_PART < all.length; part++) {
      const some = all.slice(part * MAX_PART, (part + 1) * MAX_PART);
      const keys = some.map(([key]) => key);
      const amounts = some.map(([, amount]) => amount);
      await this.#options.client.query(applySql, [id, part, keys, amounts]);
    }
  }

  /** Once per outage, not once per attempt. */
  #tell(failures: readonly unknown[]): void {
    const { log, metrics } = this.#options;
    if (failures.length > 0) {
      metrics.flushes.inc({ outcome: 'failed' }, failures.length);
      if (!this.#isFailing)
        log.warn({ err: failures[0] }, 'Counts wait: they can not be added to their rows');
    } else if (this.#isFailing) log.info('Counts are added to their rows again');
    this.#isFailing = failures.length > 0;
  }
}
