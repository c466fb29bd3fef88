import { randomUUID } from 'node:crypto';
import type { Batch, Counts, Once, PendingCounts } from './pending-counts.js';

/** Counts that wait in this process: what ends it without warning, loses them. */
export class MemoryPendingCounts implements PendingCounts {
  readonly #waiting = new Map<string, Map<string, number>>();
  readonly #taken = new Map<string, Batch>();

  async add(counter: string, _once: Once, counts: Counts): Promise<void> {
    let waiting = this.#waiting.get(counter);
    if (waiting === undefined) {
      waiting = new Map();
      this.#waiting.set(counter, waiting);
    }
    for (const [key, amount] of counts) waiting.set(key, (waiting.get(key) ?? 0) + amount);
  }

  async take(counter: string): Promise<Batch | null> {
    const taken = this.#taken.get(counter);
    if (taken !== undefined) return taken;
    const counts = this.#waiting.get(counter);
    if (counts === undefined) return null;
    this.#waiting.delete(counter);
    const batch = { id: randomUUID(), counts };
    this.#taken.set(counter, batch);
    return batch;
  }

  async end(counter: string, id: string): Promise<void> {
    if (this.#taken.get(counter)?.id === id) this.#taken.delete(counter);
  }
}
