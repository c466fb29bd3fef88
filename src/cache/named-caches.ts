import type { RedisClient } from '../kernel/redis-client.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { CacheMetrics } from '../telemetry/cache-metrics.js';
import type { Logger } from '../telemetry/logger.js';
import { EntryCodec } from './codec/entry-codec.js';
import { DEFAULT_CACHE } from './policy/cache-policy.js';
import { NO_LEASES, RedisLeases } from './stores/leases.js';
import { MemoryCacheStore } from './stores/memory-cache-store.js';
import { RedisCacheKeys } from './stores/redis-cache-keys.js';
import { RedisCacheStore } from './stores/redis-cache-store.js';
import { RedisGuard } from './stores/redis-guard.js';
import { type CacheStatistics, TieredCache } from './stores/tiered-cache.js';

/** A cache that hints may name. */
export interface CacheDefinition {
  /** Small letters, digits and dashes. `default` is there anyway, and may be defined otherwise. */
  readonly name: string;
  /** Of its own Redis. Default: that of all caches; null: it lives in each node's memory alone. */
  readonly redisUrl?: string | null;
  /** Of memory. Default: `SLUICE_CACHE_MEMORY_BYTES`. */
  readonly maxMemoryBytes?: number;
  /** Of one entry. Default: `SLUICE_CACHE_MAX_ENTRY_BYTES`. */
  readonly maxEntryBytes?: number;
  /** Nothing is kept longer, whatever hints say. Default: no such bound. */
  readonly maxAgeSeconds?: number;
}

export interface NamedCachesOptions {
  readonly definitions: readonly CacheDefinition[];
  /** Null: there is no Redis. `url` undefined: that of all caches. */
  readonly findRedis: (url: string | undefined) => RedisClient | null;
  /** Of all that decides how an entry is to be read. */
  readonly fingerprint: string;
  readonly memoryBytes: number;
  readonly maxEntryBytes: number;
  readonly maxVariants: number;
  readonly lookUpTimeoutMs: number;
  readonly redisRetryMs: number;
  readonly compressAboveBytes: number;
  readonly metrics: CacheMetrics;
  readonly log: Logger;
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;
const MAX_PENDING_BYTES = 64 * 1024 * 1024;

/** All caches of a node, by name. */
export class NamedCaches {
  readonly #caches: ReadonlyMap<string, TieredCache>;
  readonly #options: NamedCachesOptions;

  /** @throws SluiceError `CONFIG_INVALID` for definitions that can't be */
  constructor(options: NamedCachesOptions) {
    this.#options = options;
    const definitions = withDefault(options.definitions);
    checkDefinitions(definitions);
    this.#caches = new Map(definitions.map((definition) => [definition.name, this.#open(definition)]));
  }

  get(name: string): TieredCache {
    const cache = this.#caches.get(name);
    if (cache === undefined) throw new TypeError(`There is no cache ${name}.`);
    return cache;
  }

  get statistics(): readonly CacheStatistics[] {
    return [...this.#caches.values()].map((cache) => cache.statistics);
  }

  #open({ name, redisUrl, maxMemoryBytes, maxEntryBytes, maxAgeSeconds }: CacheDefinition): TieredCache {
    const options = this.#options;
    const { metrics, log, fingerprint } = options;
    const redis = redisUrl === null ? null : options.findRedis(redisUrl);
    const keys = new RedisCacheKeys(name, fingerprint);
    const guard =
      redis === null
        ? null
        : new RedisGuard({
            redis,
            deadlineMs: options.lookUpTimeoutMs,
            retryMs: options.redisRetryMs,
            onFailure: (operation) => metrics.redisFailures.inc({ operation }),
            onOpen: (error) =>
              log.warn({ err: error, cache: name }, 'The cache in Redis is lost; memory alone serves'),
            onClose: () => log.info({ cache: name }, 'The cache in Redis is back'),
          });
    return new TieredCache({
      name,
      memory: new MemoryCacheStore({
        maxBytes: maxMemoryBytes ?? options.memoryBytes,
        maxVariants: options.maxVariants,
        onEvict: (reason) => metrics.evictions.inc({ cache: name, reason }),
      }),
      redis:
        guard &&
        new RedisCacheStore({
          guard,
          keys,
          codec: new EntryCodec(options.compressAboveBytes),
          maxPendingBytes: MAX_PENDING_BYTES,
        }),
      leases: guard === null ? NO_LEASES : new RedisLeases(guard, keys),
      maxEntryBytes: maxEntryBytes ?? options.maxEntryBytes,
      maxAgeSeconds: maxAgeSeconds ?? null,
      metrics,
    });
  }
}

function withDefault(definitions: readonly CacheDefinition[]): readonly CacheDefinition[] {
  return definitions.some(({ name }) => name === DEFAULT_CACHE)
    ? definitions
    : [{ name: DEFAULT_CACHE }, ...definitions];
}

function checkDefinitions(definitions: readonly CacheDefinition[]): void {
  const faults = definitions.flatMap((definition, index) => [
    ...(NAME.test(definition.name) ? [] : [`"${definition.name}" is no name for a cache: ${NAME}`]),
    ...(definitions.findIndex(({ name }) => name === definition.name) === index
      ? []
      : [`the cache ${definition.name} is defined twice`]),
    ...(['maxMemoryBytes', 'maxEntryBytes', 'maxAgeSeconds'] as const)
      .filter((bound) => !isBound(definition[bound]))
      .map(
        (bound) =>
          `the cache ${definition.name} has ${bound}: ${definition[bound]}; expected a whole number above 0`,
      ),
  ]);
  if (faults.length > 0)
    throw new SluiceError(
      'CONFIG_INVALID',
      `The app's caches have faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
}

function isBound(value: number | undefined): boolean {
  return value === undefined || (Number.isSafeInteger(value) && value > 0);
}
