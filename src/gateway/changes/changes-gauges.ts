import type { Changes } from '../../changes/changes.js';
import type { ChangesMetrics } from '../../telemetry/metrics.js';

/** Sets the gauges of the change log; to be called when someone asks for metrics. Never rejects. */
export function createGaugeReader(changes: Changes, metrics: ChangesMetrics): () => Promise<void> {
  return async () => {
    metrics.positionId.set(changes.position.id);
    try {
      const { horizon, lagMs, outbox } = await changes.readStatus();
      metrics.horizonId.set(horizon);
      metrics.lagSeconds.set(lagMs === null ? Number.NaN : lagMs / 1000);
      metrics.outboxRows.set(outbox?.rows ?? Number.NaN);
      metrics.outboxAgeSeconds.set((outbox?.oldestMs ?? 0) / 1000);
    } catch {
      // What nobody knows is no number; that PostgreSQL is away shows in its own metrics.
      for (const gauge of [metrics.lagSeconds, metrics.outboxRows, metrics.outboxAgeSeconds])
        gauge.set(Number.NaN);
    }
  };
}
