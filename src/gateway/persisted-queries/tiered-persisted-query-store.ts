import { type Clock, systemClock } from '../../kernel/clock.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { PersistedQueryStore } from './persisted-query-store.js';

/** A shared store slower than this is not waited for: sending the document again is quicker. */
const SHARED_TIMEOUT_MS = 250;
/** After a failure the shared store is left alone this long, so that not every request waits for it. */
const SHARED_PAUSE_MS = 1000;

/**
 * Memory before a shared store. Fails open: where the shared store can't be asked, memory alone answers and
 * `sluice_http_persisted_query_store_failures_total` counts it.
 */
export class TieredPersistedQueryStore implements PersistedQueryStore {
  readonly #memory: PersistedQueryStore;
  readonly #shared: PersistedQueryStore | null;
  readonly #metrics: Metrics;
  readonly #clock: Clock;
  #pausedUntilMs = 0;

  constructor(options: {
    readonly memory: PersistedQueryStore;
    /** Null: memory is all there is. */
    readonly shared: PersistedQueryStore | null;
    readonly metrics: Metrics;
    readonly clock?: Clock;
  }) {
    this.#memory = options.memory;
    this.#shared = options.shared;
    this.#metrics = options.metrics;
    this.#clock = options.clock ?? systemClock;
  }

  async findQuery(hash: string): Promise<string | undefined> {
    const known = await this.#memory.findQuery(hash);
    if (known !== undefined) return this.#noteOutcome('memory', known);
    const shared = await this.#askShared('get', (store) => store.findQuery(hash));
    if (shared === undefined) return this.#noteOutcome('miss', undefined);
    await this.#memory.saveQuery(hash, shared);
    return this.#noteOutcome('redis', shared);
  }

  async saveQuery(hash: string, query: string): Promise<void> {
    await this.#memory.saveQuery(hash, query);
    await this.#askShared('set', (store) => store.saveQuery(hash, query));
  }

  async #askShared<Answer>(
    operation: 'get' | 'set',
    ask: (store: PersistedQueryStore) => Promise<Answer>,
  ): Promise<Answer | undefined> {
    if (this.#shared === null) return undefined;
    if (this.#clock.nowMs() < this.#pausedUntilMs) {
      this.#metrics.persistedQueryStoreFailures.inc({ operation });
      return undefined;
    }
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('timed out')), SHARED_TIMEOUT_MS);
    });
    try {
      return await Promise.race([ask(this.#shared), timeout]);
    } catch {
      // Fails open, as documented above; which error it was, the connection's own log tells.
      this.#pausedUntilMs = this.#clock.nowMs() + SHARED_PAUSE_MS;
      this.#metrics.persistedQueryStoreFailures.inc({ operation });
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  #noteOutcome(outcome: 'memory' | 'redis' | 'miss', query: string | undefined): string | undefined {
    this.#metrics.persistedQueries.inc({ outcome });
    return query;
  }
}
