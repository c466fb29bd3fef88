import type { Pool } from 'pg';
import { type CounterTarget, resolveCounter } from '../counters/counter-definition.js';
import type { Counters } from '../counters/counters.js';
import { DirectCounters } from '../counters/direct-counters.js';
import { MemoryPendingCounts } from '../counters/memory-pending-counts.js';
import { RedisPendingCounts } from '../counters/redis-pending-counts.js';
import { WriteBehindCounters } from '../counters/write-behind-counters.js';
import type { Config } from '../kernel/config/config.js';
import type { RedisClient } from '../kernel/redis-client.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { CountersMetrics } from '../telemetry/counters-metrics.js';
import type { Logger } from '../telemetry/logger.js';
import type { ClosingStack } from './closing-stack.js';
import type { LoadedProject } from './load-project.js';

export interface OpenCountersOptions {
  readonly config: Config['counters'];
  readonly project: LoadedProject;
  readonly defaultSchema: string | null;
  readonly pool: Pool;
  /** Whether the database has all tables of Sluice. */
  readonly hasEngineSchema: boolean;
  /** Null: counts wait in this process. */
  readonly redis: RedisClient | null;
  readonly place: string;
  readonly metrics: CountersMetrics;
  readonly log: Logger;
  /** What is opened is added, to be closed. */
  readonly closing: ClosingStack;
}

const REDIS_DEADLINE_MS = 1_000;

/**
 * What an app counts up; null where it defines nothing.
 *
 * @throws SluiceError `CONFIG_INVALID` for counters that the model doesn't have
 */
export function openCounters(options: OpenCountersOptions): Counters | null {
  const { config, project, pool, redis, place, metrics, log, closing } = options;
  const targets = resolveAll(options);
  if (project.app.counters === undefined) return null;
  if (!options.hasEngineSchema) return new DirectCounters(targets, pool);
  const pending =
    redis === null
      ? new MemoryPendingCounts()
      : new RedisPendingCounts({ redis, place, deadlineMs: REDIS_DEADLINE_MS });
  const counters = new WriteBehindCounters({ ...config, targets, pending, client: pool, metrics, log });
  closing.add(() => counters.close());
  return counters;
}

function resolveAll({ project, defaultSchema }: OpenCountersOptions): ReadonlyMap<string, CounterTarget> {
  const targets = new Map<string, CounterTarget>();
  const faults: string[] = [];
  for (const definition of project.app.counters ?? []) {
    const target = resolveCounter(definition, project.graph, defaultSchema);
    if (typeof target === 'string') faults.push(target);
    else if (targets.has(target.name)) faults.push(`the counter ${target.name} is defined twice`);
    else targets.set(target.name, target);
  }
  if (faults.length === 0) return targets;
  throw new SluiceError('CONFIG_INVALID', `The app's counters have faults:\n  ${faults.join('\n  ')}`);
}
