import { type Clock, systemClock } from './clock.js';

interface Entry<Value> {
  readonly value: Value;
  readonly weight: number;
  readonly expiresAtMs: number;
  /** Since it was last looked at for eviction. */
  wasUsed: boolean;
}

/** Bounds of a `BoundedCache`; both are kept. */
export interface BoundedCacheOptions {
  readonly maxEntries: number;
  /** In whatever unit `weight` of `set` has, bytes as a rule. */
  readonly maxWeight: number;
  readonly clock?: Clock;
}

/**
 * A map that forgets what has not been used for long once it would outgrow its bounds: it looks at its entries in turn,
 * and whichever was used since the last look gets another round. A look-up thus only leaves a mark.
 */
export class BoundedCache<Value> {
  // A Map lists its keys in the order of insertion: the first is the next to be looked at.
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #maxEntries: number;
  readonly #maxWeight: number;
  readonly #clock: Clock;
  #weight = 0;

  constructor(options: BoundedCacheOptions) {
    this.#maxEntries = options.maxEntries;
    this.#maxWeight = options.maxWeight;
    this.#clock = options.clock ?? systemClock;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Undefined where the key is unknown, forgotten or expired. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.expiresAtMs !== Number.POSITIVE_INFINITY && entry.expiresAtMs <= this.#clock.nowMs()) {
      this.delete(key);
      return undefined;
    }
    entry.wasUsed = true;
    return entry.value;
  }

  /** Keeps a value; one that alone is heavier than the cache may be is not kept. `ttlMs` null: no end. */
  set(key: string, value: Value, options: { readonly weight: number; readonly ttlMs: number | null }): void {
    this.delete(key);
    if (options.weight > this.#maxWeight) return;
    const expiresAtMs =
      options.ttlMs === null ? Number.POSITIVE_INFINITY : this.#clock.nowMs() + options.ttlMs;
    this.#entries.set(key, { value, weight: options.weight, expiresAtMs, wasUsed: false });
    this.#weight += options.weight;
    for (const [oldest, entry] of this.#entries) {
      if (this.#entries.size <= this.#maxEntries && this.#weight <= this.#maxWeight) break;
      if (entry.wasUsed) {
        entry.wasUsed = false;
        // To the end of the row, where this loop meets it again.
        this.#entries.delete(oldest);
        this.#entries.set(oldest, entry);
      } else {
        this.delete(oldest);
      }
    }
  }

  /** Whether the key was there. */
  delete(key: string): boolean {
    const entry = this.#entries.get(key);
    if (entry === undefined) return false;
    this.#weight -= entry.weight;
    return this.#entries.delete(key);
  }
}
