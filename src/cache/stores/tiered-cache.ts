import type { CacheMetrics } from '../../telemetry/cache-metrics.js';
import type { CacheEntry } from '../entries/cache-entry.js';
import type { Leases } from './leases.js';
import type { MemoryCacheStore } from './memory-cache-store.js';
import type { RedisCacheStore } from './redis-cache-store.js';

export interface TieredCacheOptions {
  readonly name: string;
  readonly memory: MemoryCacheStore;
  /** Null: nothing is shared with other nodes. */
  readonly redis: RedisCacheStore | null;
  readonly leases: Leases;
  readonly maxEntryBytes: number;
  /** Seconds that nothing is kept longer than; null: what policies say. */
  readonly maxAgeSeconds: number | null;
  readonly metrics: CacheMetrics;
}

/** How a cache does. */
export interface CacheStatistics {
  readonly name: string;
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes: number;
  /** Null: what policies say. */
  readonly maxAgeSeconds: number | null;
  readonly isShared: boolean;
  /** Look-ups since the start, by what answered them. */
  readonly memoryHits: number;
  readonly redisHits: number;
  readonly misses: number;
}

/** An entry that is kept. */
export interface Put {
  /** Once other nodes can have it, or never will. Never rejects. */
  readonly shared: Promise<unknown>;
}

const ALONE: Put = Object.freeze({ shared: Promise.resolve() });

/** One named cache: this process's memory, and behind it the Redis that all nodes share. */
export class TieredCache {
  readonly #options: TieredCacheOptions;
  #memoryHits = 0;
  #redisHits = 0;
  #misses = 0;

  constructor(options: TieredCacheOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  /** Whether other nodes may have kept what memory doesn't have. */
  get isShared(): boolean {
    return this.#options.redis !== null;
  }

  get leases(): Leases {
    return this.#options.leases;
  }

  get maxAgeSeconds(): number | null {
    return this.#options.maxAgeSeconds;
  }

  get statistics(): CacheStatistics {
    const { name, memory, redis, maxAgeSeconds } = this.#options;
    const { size: entries, bytes, maxBytes } = memory;
    const counted = { memoryHits: this.#memoryHits, redisHits: this.#redisHits, misses: this.#misses };
    return { name, entries, bytes, maxBytes, maxAgeSeconds, isShared: redis !== null, ...counted };
  }

  /** What memory has, at once. Whether it may be served is for the caller to judge. */
  find(key: string): CacheEntry | undefined {
    const entry = this.#options.memory.find(key);
    if (entry !== undefined) this.#memoryHits += 1;
    return entry;
  }

  /** What Redis has; memory has it then, too. */
  async load(key: string, group: string): Promise<CacheEntry | null> {
    const { name, redis, memory, metrics } = this.#options;
    const entry = (await redis?.get(key)) ?? null;
    if (entry === null) this.#misses += 1;
    else this.#redisHits += 1;
    if (redis === null) return null;
    metrics.lookUps.inc({ cache: name, tier: 'redis', outcome: entry === null ? 'miss' : 'hit' });
    if (entry !== null) memory.set(key, entry, group);
    return entry;
  }

  /** Keeps an entry in memory at once, and in Redis as soon as may be. Null: it is larger than entries may be. */
  put(key: string, entry: CacheEntry, group: string): Put | null {
    const { memory, redis, maxEntryBytes } = this.#options;
    if (entry.body.length > maxEntryBytes) return null;
    const isKept = memory.set(key, entry, group);
    if (redis === null) return isKept ? ALONE : null;
    return { shared: redis.set(key, entry) };
  }

  /** Lets go of it everywhere. */
  async remove(key: string): Promise<void> {
    this.#options.memory.delete(key);
    await this.#options.redis?.delete(key);
  }

  /** Lets go of what memory has. */
  forget(key: string): void {
    this.#options.memory.delete(key);
  }
}
