import type { RedisClient } from '../../kernel/redis-client.js';
import type { Logger } from '../../telemetry/logger.js';
import type { ChangesMetrics } from '../../telemetry/metrics.js';
import type { Changes } from '../changes.js';
import { DrainConnection } from '../drain/drain-connection.js';
import { MemoryChangeLog } from '../log/memory-change-log.js';
import { RedisChangeLog } from '../log/redis-change-log.js';
import { NodeChanges } from './node-changes.js';
import { createSteadyClock } from './steady-clock.js';

export interface ChangesOptions {
  /** Of the primary, directly or through PgBouncer, as the owner of the schema `sluice`. */
  readonly databaseUrl: string;
  /** Null: this node is alone. Stays its owner's. */
  readonly redis: RedisClient | null;
  readonly metrics: ChangesMetrics;
  readonly log: Logger;
  /** Names of the models whose changes are not captured as this node expects; asked at start and every few seconds. */
  readonly findUncaptured: () => Promise<readonly string[]>;
  /** What `findUncaptured` found just before; left out: nothing counts as captured before the node looks itself. */
  readonly uncaptured?: readonly string[];
  /** Default: 100. */
  readonly maxLagMs?: number;
  /** How often changes are asked for under traffic. Default: 15. */
  readonly pollIntervalMs?: number;
  /** How long a write waits until everybody can know of it. Default: 1,000. */
  readonly settleTimeoutMs?: number;
  /** How long one who needs trust waits for it. Default: 250. */
  readonly proofTimeoutMs?: number;
  /** Records that the log keeps, about. Default: 100,000. */
  readonly logMaxRecords?: number;
  /** Rows of the outbox that are named one by one. Default: 100,000. */
  readonly maxBacklogRows?: number;
  /** Default: 5,000. */
  readonly captureCheckIntervalMs?: number;
  /** A clock that never goes back. Default: `createSteadyClock`. */
  readonly nowMs?: () => number;
}

/** Also a million rows are counted within this. */
const STATUS_DEADLINE_MS = 1_000;

/** A node's knowledge of changes. Nothing is asked of anybody before it is relied on. */
export function createChanges(options: ChangesOptions): Changes {
  const { redis, logMaxRecords: maxRecords } = options;
  return new NodeChanges({
    ...{ maxLagMs: 100, pollIntervalMs: 15, settleTimeoutMs: 1_000, proofTimeoutMs: 250 },
    ...{ maxBacklogRows: 100_000, captureCheckIntervalMs: 5_000, nowMs: createSteadyClock() },
    uncaptured: null,
    ...options,
    connection: new DrainConnection({ url: options.databaseUrl }),
    statusConnection: new DrainConnection({ url: options.databaseUrl, deadlineMs: STATUS_DEADLINE_MS }),
    logKind: redis === null ? 'memory' : 'redis',
    openLog: (place) =>
      redis === null ? new MemoryChangeLog({ maxRecords }) : new RedisChangeLog({ redis, place, maxRecords }),
  });
}
