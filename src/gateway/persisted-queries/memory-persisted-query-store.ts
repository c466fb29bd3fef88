import { BoundedCache } from '../../kernel/bounded-cache.js';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { MAX_QUERIES, MAX_QUERY_BYTES, type PersistedQueryStore } from './persisted-query-store.js';

const MAX_MEMORY_BYTES = 16 * 1024 * 1024;

/** Persisted queries in this process, bounded in number and in bytes. */
export class MemoryPersistedQueryStore implements PersistedQueryStore {
  readonly #queries: BoundedCache<string>;
  readonly #ttlMs: number;

  constructor(options: { readonly ttlSeconds: number; readonly clock?: Clock }) {
    this.#ttlMs = options.ttlSeconds * 1000;
    this.#queries = new BoundedCache({
      maxEntries: MAX_QUERIES,
      maxWeight: MAX_MEMORY_BYTES,
      clock: options.clock ?? systemClock,
    });
  }

  async findQuery(hash: string): Promise<string | undefined> {
    return this.#queries.get(hash);
  }

  async saveQuery(hash: string, query: string): Promise<void> {
    const weight = Buffer.byteLength(query);
    if (weight <= MAX_QUERY_BYTES) this.#queries.set(hash, query, { weight, ttlMs: this.#ttlMs });
  }
}
