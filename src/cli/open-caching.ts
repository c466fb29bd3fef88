import type { BoundApi } from '../binding/bind-schema.js';
import { NamedCaches } from '../cache/named-caches.js';
import { RedisGuard } from '../cache/stores/redis-guard.js';
import { AskedOperations } from '../cache/warming/asked-operations.js';
import type { CaptureSpec } from '../changes/capture/capture-spec.js';
import type { GatewayCaching } from '../gateway/caching/open-caching.js';
import { systemClock } from '../kernel/clock.js';
import type { Config } from '../kernel/config/config.js';
import type { RedisClient } from '../kernel/redis-client.js';
import { ReadTagging } from '../reads/tags/read-tagging.js';
import type { CacheMetrics } from '../telemetry/cache-metrics.js';
import type { Logger } from '../telemetry/logger.js';
import type { ClosingStack } from './closing-stack.js';
import { connectRedis } from './connect-redis.js';
import { fingerprintOf, type LoadedProject } from './load-project.js';

export interface OpenCachingOptions {
  readonly config: Config['cache'];
  readonly project: LoadedProject;
  readonly api: BoundApi;
  /** What is captured, by model; null: nobody follows changes. */
  readonly specs: ReadonlyMap<string, CaptureSpec> | null;
  /** Keeps apart what shares a Redis: the database's name. */
  readonly place: string;
  /** The one of limits and log; null: there is none. */
  readonly redis: RedisClient | null;
  readonly metrics: CacheMetrics;
  readonly log: Logger;
  /** What is opened is added, to be closed. */
  readonly closing: ClosingStack;
}

/**
 * What answers are kept with. Null where nothing can be: nobody would know when it is outdated.
 *
 * @throws SluiceError `CONFIG_INVALID` for caches that can't be as they are defined
 */
export function openCaching(options: OpenCachingOptions): GatewayCaching | null {
  const { config, project, api, specs, redis, metrics, log, closing } = options;
  if (!config.enabled || specs === null) return null;
  const clients = new Map<string, RedisClient>();
  function connect(url: string): RedisClient {
    const known = clients.get(url);
    if (known !== undefined) return known;
    const client = connectRedis(url, {
      onLost: (error) => log.warn({ err: error }, "The caches' Redis is lost; memory alone serves"),
      onBack: () => log.info("The caches' Redis is back"),
    });
    clients.set(url, client);
    closing.add(() => client.disconnect());
    return client;
  }
  const caches = new NamedCaches({
    ...config,
    definitions: project.app.caches ?? [],
    findRedis: (url) => {
      const own = url ?? config.redisUrl;
      return own === null ? redis : connect(own);
    },
    fingerprint: `${options.place} ${fingerprintOf(project, api)}`,
    metrics,
    log,
  });
  const asked = openAsked(options, config.redisUrl === null ? redis : connect(config.redisUrl));
  return { caches, policies: api.policies, tagging: new ReadTagging(project.graph, specs), asked };
}

/** Where what is asked is remembered: beside the answers, as it is worth as much. Null: there is no Redis. */
function openAsked(options: OpenCachingOptions, redis: RedisClient | null): AskedOperations | null {
  const { config, place, metrics, closing } = options;
  if (redis === null || config.warmRecorded === 0) return null;
  const guard = new RedisGuard({
    redis,
    deadlineMs: config.lookUpTimeoutMs,
    retryMs: config.redisRetryMs,
    onFailure: (operation) => metrics.redisFailures.inc({ operation }),
    // That it is lost, and back, is told for the answers.
    onOpen: () => undefined,
    onClose: () => undefined,
  });
  const asked = new AskedOperations({ guard, place, clock: systemClock });
  closing.add(() => asked.close());
  return asked;
}
