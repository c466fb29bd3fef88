import type { RedisClient } from '../../kernel/redis-client.js';
import type { EntryCodec } from '../codec/entry-codec.js';
import { type CacheEntry, findLifeMs } from '../entries/cache-entry.js';
import type { RedisCacheKeys } from './redis-cache-keys.js';
import type { RedisGuard } from './redis-guard.js';

export interface RedisCacheStoreOptions {
  readonly guard: RedisGuard;
  readonly keys: RedisCacheKeys;
  readonly codec: EntryCodec;
  /** Encoded entries that wait to be written: what comes beyond is not kept here. */
  readonly maxPendingBytes: number;
}

interface Waiting {
  readonly key: string;
  readonly resolve: (entry: CacheEntry | null) => void;
}

/**
 * Entries that all nodes share. Never rejects, and never takes longer than its deadline: what can't be had in time isn't
 * there. Look-ups of one tick go out as one command.
 */
export class RedisCacheStore {
  readonly #options: RedisCacheStoreOptions;
  #waiting: Waiting[] | null = null;
  #pendingBytes = 0;

  constructor(options: RedisCacheStoreOptions) {
    this.#options = options;
  }

  get(key: string): Promise<CacheEntry | null> {
    return new Promise((resolve) => {
      if (this.#waiting === null) {
        this.#waiting = [];
        setImmediate(() => void this.#flush());
      }
      this.#waiting.push({ key: this.#options.keys.entry(key), resolve });
    });
  }

  /** False: it was not kept. */
  async set(key: string, entry: CacheEntry): Promise<boolean> {
    const { guard, keys, codec, maxPendingBytes } = this.#options;
    if (this.#pendingBytes + entry.body.length > maxPendingBytes) return false;
    this.#pendingBytes += entry.body.length;
    try {
      const bytes = await codec.encode(entry);
      const lifeMs = Math.max(1, Math.ceil(findLifeMs(entry)));
      const answer = await guard.ask('set', (redis) => redis.set(keys.entry(key), bytes, 'PX', lifeMs));
      return answer === 'OK';
    } finally {
      this.#pendingBytes -= entry.body.length;
    }
  }

  async delete(key: string): Promise<void> {
    const { guard, keys } = this.#options;
    await guard.ask('delete', (redis) => redis.del(keys.entry(key)));
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    const names = [...new Set(waiting.map(({ key }) => key))];
    const found = await this.#options.guard.ask('get', (redis) => readAll(redis, names));
    const entries = new Map<string, CacheEntry | null>();
    await Promise.all(
      names.map(async (name, index) => {
        const bytes = found?.[index] ?? null;
        entries.set(name, bytes === null ? null : await this.#options.codec.decode(bytes));
      }),
    );
    for (const { key, resolve } of waiting) resolve(entries.get(key) ?? null);
  }
}

/** In a cluster keys lie on several servers, which one command can't ask. */
function readAll(redis: RedisClient, names: readonly string[]): Promise<(Buffer | null)[]> {
  return redis.isCluster
    ? Promise.all(names.map((name) => redis.getBuffer(name)))
    : redis.mgetBuffer(...names);
}
