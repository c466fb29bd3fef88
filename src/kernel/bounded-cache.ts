import { type Clock, systemClock } from './clock.js';

interface Entry<Value> {
  readonly value: Value;
  readonly weight: number;
  readonly expiresAtMs: number;
}

/** Bounds of a `BoundedCache`; both are kept. */
export interface BoundedCacheOptions {
  readonly maxEntries: number;
  /** In whatever unit `weight` of `set` has, bytes as a rule. */
  readonly maxWeight: number;
  readonly clock?: Clock;
}

/** A map that forgets what was least recently used once it would outgrow its bounds. */
export class BoundedCache<Value> {
  // A Map lists its keys in the order of insertion: the first is the one longest unused.
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
    if (entry.expiresAtMs <= this.#clock.nowMs()) {
      this.delete(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value; one that alone is heavier than the cache may be is not kept. `ttlMs` null: no end. */
  set(key: string, value: Value, options: { readonly weight: number; readonly ttlMs: number | null }): void {
    this.delete(key);
    if (options.weight > this.#maxWeight) return;
    const expiresAtMs =
      options.ttlMs === null ? Number.POSITIVE_INFINITY : this.#clock.nowMs() + options.ttlMs;
    this.#entries.set(key, { value, weight: options.weight, expiresAtMs });
    this.#weight += options.weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#maxEntries && this.#weight <= this.#maxWeight) break;
      this.delete(oldest);
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
