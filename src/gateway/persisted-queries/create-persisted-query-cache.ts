import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import type { RedisClient } from '../../kernel/redis-client.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { MemoryPersistedQueryStore } from './memory-persisted-query-store.js';
import { isQueryHash } from './persisted-query-store.js';
import { RedisPersistedQueryStore } from './redis-persisted-query-store.js';
import { TieredPersistedQueryStore } from './tiered-persisted-query-store.js';

type PersistedQueryCache = NonNullable<
  Exclude<ApolloServerOptions<BaseContext>['persistedQueries'], false | undefined>['cache']
>;

/** Apollo Server's view of the stores: it asks for `apq:<hash>`. */
export function createPersistedQueryCache(options: {
  readonly redis: RedisClient | null;
  readonly ttlSeconds: number;
  readonly metrics: Metrics;
}): PersistedQueryCache {
  const { redis, ttlSeconds, metrics } = options;
  const store = new TieredPersistedQueryStore({
    memory: new MemoryPersistedQueryStore({ ttlSeconds }),
    shared: redis === null ? null : new RedisPersistedQueryStore({ redis, ttlSeconds }),
    metrics,
  });
  return {
    async get(key) {
      const hash = key.replace(/^apq:/, '');
      return isQueryHash(hash) ? store.findQuery(hash) : undefined;
    },
    async set(key, query) {
      const hash = key.replace(/^apq:/, '');
      if (isQueryHash(hash)) await store.saveQuery(hash, query);
    },
    // Part of Apollo's port, but nothing ever deletes a persisted query.
    async delete() {
      return false;
    },
  };
}
