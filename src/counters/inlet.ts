import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { CountersMetrics } from '../telemetry/counters-metrics.js';
import type { Batch, Counts, PendingCounts } from './pending-counts.js';

/** Keys that wait in this process while Redis is away; what comes beyond is not counted. */
const MAX_WAITING_KEYS = 100_000;
const RETRY_MS = 200;

/** What one node counts of one counter, on its way to where it waits for all nodes. */
export class Inlet {
  readonly #counter: string;
  readonly #pending: PendingCounts;
  readonly #metrics: CountersMetrics;
  readonly #node = randomUUID();
  #sent = 0;
  #counts = new Map<string, number>();
  #waiting: (() => void)[] = [];
  #sending: Promise<void> | null = null;
  #isAway = false;
  #isClosed = false;
  /** On its way past Redis. */
  #bypassed: Batch | null = null;

  constructor(counter: string, pending: PendingCounts, metrics: CountersMetrics) {
    this.#counter = counter;
    this.#pending = pending;
    this.#metrics = metrics;
  }

  add(key: string, amount: number): Promise<void> {
    const before = this.#counts.get(key);
    if (this.#isClosed || (before === undefined && this.#counts.size >= MAX_WAITING_KEYS)) {
      this.#metrics.lost.inc(amount);
      return Promise.resolve();
    }
    this.#counts.set(key, (before ?? 0) + amount);
    this.#sending ??= this.#send();
    if (this.#isAway) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Until nothing is on its way, unless there is nowhere to go. */
  async settle(): Promise<void> {
    while (this.#sending !== null && !this.#isAway) await Promise.race([this.#sending, delay(RETRY_MS)]);
  }

  /** Has what Redis was never told be added without it. @throws what `apply` throws; it is tried again the next time */
  async bypass(apply: (batch: Batch) => Promise<void>): Promise<void> {
    if (this.#bypassed === null && this.#counts.size > 0) {
      this.#bypassed = { id: randomUUID(), counts: this.#counts };
      this.#counts = new Map();
    }
    if (this.#bypassed === null) return;
    await apply(this.#bypassed);
    this.#bypassed = null;
  }

  /** What has not arrived by now is lost, and counted as such. */
  close(): void {
    this.#isClosed = true;
    for (const counts of [this.#counts, this.#bypassed?.counts]) this.#lose(counts ?? new Map());
    this.#counts = new Map();
  }

  async #send(): Promise<void> {
    // What one turn of the event loop counts goes at once.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#counts.size > 0) {
      const counts = this.#counts;
      const waiting = this.#waiting;
      this.#counts = new Map();
      this.#waiting = [];
      this.#sent += 1;
      await this.#deliver(counts, waiting);
    }
    // At once, not when this promise is settled: who counts in between would wait for nobody.
    this.#sending = null;
  }

  /** Under the same number it counts once, however often it is sent. */
  async #deliver(counts: Counts, waiting: readonly (() => void)[]): Promise<void> {
    const once = { node: this.#node, number: this.#sent };
    for (;;) {
      try {
        await this.#pending.add(this.#counter, once, counts);
        this.#isAway = false;
        for (const resolve of waiting) resolve();
        return;
      } catch {
        this.#isAway = true;
        // Nobody waits for what may take long.
        for (const resolve of [...waiting, ...this.#waiting]) resolve();
        this.#waiting = [];
        if (this.#isClosed) {
          this.#lose(counts);
          return;
        }
        await delay(RETRY_MS, undefined, { ref: false });
      }
    }
  }

  #lose(counts: Counts): void {
    const amount = [...counts.values()].reduce((sum, each) => sum + each, 0);
    if (amount > 0) this.#metrics.lost.inc(amount);
  }
}
