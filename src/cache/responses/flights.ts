import type { CacheEntry } from '../entries/cache-entry.js';

/** Whoever computes for others and takes longer than this computes for itself alone. */
const MAX_FLIGHT_MS = 30_000;

/** One computation that others wait for. */
export interface Flight {
  /** What came of it; null where it can't be used by anyone else. Never rejects. */
  readonly landing: Promise<CacheEntry | null>;
  /** To be called once the computation is over, however it ended. Calling it again does nothing. */
  land(entry: CacheEntry | null): void;
}

/**
 * Computations under way on this node, by key, so that many who ask the same need just one. The key has no position: else
 * every write would start a new crowd. Who joins has to look at what lands with its own eyes.
 */
export class Flights {
  readonly #flights = new Map<string, Flight>();

  /** Null: nobody computes it. */
  find(key: string): Flight | null {
    return this.#flights.get(key) ?? null;
  }

  /** Begins one, in the place of one that there may be. */
  start(key: string): Flight {
    let resolve: (entry: CacheEntry | null) => void = () => undefined;
    const landing = new Promise<CacheEntry | null>((done) => {
      resolve = done;
    });
    const land = (entry: CacheEntry | null) => {
      clearTimeout(timer);
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
      resolve(entry);
    };
    const flight: Flight = { landing, land };
    const timer = setTimeout(() => land(null), MAX_FLIGHT_MS);
    // It is the client's connection that keeps a process.
    timer.unref();
    this.#flights.set(key, flight);
    return flight;
  }
}
