import type { Metrics } from '../telemetry/metrics.js';
import { createChangesCheck } from './changes/changes-check.js';
import { createGaugeReader } from './changes/changes-gauges.js';
import type { GatewayParts } from './gateway-parts.js';
import type { ReadinessCheck } from './readiness.js';
import { createDatabaseCheck, createRedisCheck } from './readiness-checks.js';

/** Brings gauges up to date, of what is asked about only when somebody scrapes. */
export function createGaugesReader({ changes = null, caching = null }: GatewayParts, metrics: Metrics) {
  const readChanges = changes === null ? null : createGaugeReader(changes.node, metrics.changes);
  return async () => {
    for (const { name, entries, bytes } of caching?.caches.statistics ?? []) {
      metrics.cache.entries.set({ cache: name }, entries);
      metrics.cache.bytes.set({ cache: name }, bytes);
    }
    await readChanges?.();
  };
}

/** What a gateway needs to be ready. */
export function listChecks(parts: GatewayParts): ReadinessCheck[] {
  return [
    ...(parts.pool === null ? [] : [createDatabaseCheck(parts.pool)]),
    ...(parts.redis === null ? [] : [createRedisCheck(parts.redis)]),
    ...(parts.changes ? [createChangesCheck(parts.changes.node)] : []),
    ...(parts.checks ?? []),
  ];
}
