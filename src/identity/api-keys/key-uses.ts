import { BoundedCache } from '../../kernel/bounded-cache.js';
import { type Clock, systemClock } from '../../kernel/clock.js';
import type { SqlClient } from '../../model/database-catalog.js';
import { noteApiKeyUses } from './api-key-store.js';

export interface KeyUsesOptions {
  readonly storage: SqlClient;
  /** Told where uses could not be written; nobody waits for that. */
  onFailure(error: unknown): void;
  readonly clock?: Clock;
}

/** A key's use is written at most this often. */
const INTERVAL_MS = 60_000;
/** How long uses are gathered, to be written in one statement. */
const GATHER_MS = 500;
const MAX_KEYS = 10_000;

/** Notes when keys were last used, behind the back of the requests that use them. */
export class KeyUses {
  readonly #options: KeyUsesOptions;
  /** Written within the last minute. */
  readonly #written: BoundedCache<true>;
  readonly #waiting = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: KeyUsesOptions) {
    this.#options = options;
    const clock = options.clock ?? systemClock;
    this.#written = new BoundedCache({ maxEntries: MAX_KEYS, maxWeight: MAX_KEYS, clock });
  }

  note(prefix: string): void {
    if (this.#written.get(prefix) !== undefined) return;
    this.#written.set(prefix, true, { weight: 1, ttlMs: INTERVAL_MS });
    this.#waiting.add(prefix);
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  /** Writes what waits. */
  async close(): Promise<void> {
    if (this.#timer !== null) {
      clearTimeout(this.#timer);
      this.#flush();
    }
    await this.#writing;
  }

  #flush(): void {
    this.#timer = null;
    const prefixes = [...this.#waiting];
    this.#waiting.clear();
    this.#writing = noteApiKeyUses(this.#options.storage, prefixes).catch(this.#options.onFailure);
  }
}
