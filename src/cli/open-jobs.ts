import type pg from 'pg';
import type { BoundApi } from '../binding/bind-schema.js';
import type { CaptureSpec } from '../changes/capture/capture-spec.js';
import type { Changes } from '../changes/changes.js';
import type { GatewayJobsParts } from '../gateway/jobs/gateway-jobs.js';
import { GatewayJobRunner } from '../gateway/jobs/run-jobs.js';
import { createEngineJobs, createEngineSchedules } from '../jobs/engine-jobs.js';
import { checkSchedules, installSchedules } from '../jobs/install-schedules.js';
import { JobCatalogue } from '../jobs/job-catalogue.js';
import { JobEvents } from '../jobs/job-events.js';
import { JobQueues } from '../jobs/job-queues.js';
import { JobResults } from '../jobs/job-results.js';
import { JobWorker } from '../jobs/job-worker.js';
import {
  createPostgresQueueBackend,
  createRedisQueueBackend,
  type QueueBackend,
} from '../jobs/queue-backend.js';
import { QUEUE_NAMES, type QueueName } from '../jobs/queue-names.js';
import { Threads } from '../jobs/threads.js';
import { systemClock } from '../kernel/clock.js';
import type { Config } from '../kernel/config/config.js';
import { createPool, type PoolSettings, readDatabaseName } from '../reads/pg/create-pool.js';
import { ReadTagging } from '../reads/tags/read-tagging.js';
import { watchEventLoop } from '../telemetry/event-loop-lag.js';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { ClosingStack } from './closing-stack.js';
import { connectQueueRedis } from './connect-redis.js';
import { fingerprintOf, type LoadedProject } from './load-project.js';
import { settleAll } from './settle-all.js';

export interface OpenJobsOptions {
  readonly config: Config;
  readonly project: LoadedProject;
  readonly api: BoundApi;
  readonly databaseUrl: string;
  /** Null: queues are in PostgreSQL. */
  readonly redisUrl: string | null;
  readonly settings: PoolSettings;
  readonly pool: pg.Pool;
  readonly prisma: unknown;
  /** Whether the database has all tables of Sluice. */
  readonly hasEngineSchema: boolean;
  /** Null: nobody follows changes. */
  readonly following: { readonly changes: Changes; readonly specs: ReadonlyMap<string, CaptureSpec> } | null;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** What is opened is added, to be closed. */
  readonly closing: ClosingStack;
}

/** Queues, and what works them off. */
export interface OpenedJobs {
  readonly gateway: GatewayJobsParts;
  /** Works off queues from now on, as far as there are jobs for them, and sees that schedules are kept. */
  work(options: WorkOptions): Promise<Working>;
}

/** Answers what is asked most before anybody asks. @returns how many answers are kept now */
type Warm = () => Promise<number>;

export interface WorkOptions {
  readonly queues: readonly QueueName[];
  /** Jobs of one queue at a time, at most. */
  readonly concurrency: number;
  readonly warm: Warm | null;
}

export interface Working {
  /** Those that jobs are taken from. */
  readonly queues: readonly QueueName[];
  /** Finishes what runs within the configured time, and hands back the rest. May be called more than once. */
  stop(): Promise<void>;
}

/**
 * What runs in the background. Null where nothing can: the database lacks tables of Sluice, or it is off.
 *
 * @throws SluiceError `CONFIG_INVALID` for jobs that can't be as they are defined
 */
export function openJobs(options: OpenJobsOptions): OpenedJobs | null {
  const { config, project, api, following, log, metrics, closing } = options;
  const { app, graph } = project;
  const rollups = app.rollups ?? [];
  const canWarm = config.cache.enabled && following !== null && config.cache.warmRecorded > 0;
  let warm: Warm | null = null;
  const engineParts = { rollups, warm: canWarm ? async () => (await warm?.()) ?? 0 : null };
  const catalogue = new JobCatalogue({
    definitions: app.jobs ?? [],
    engine: createEngineJobs(engineParts),
    fields: api.offloaded,
    graph,
  });
  const schedules = [...createEngineSchedules(engineParts), ...(app.schedules ?? [])];
  checkSchedules(schedules, catalogue);
  if (!config.jobs.enabled || !options.hasEngineSchema) return null;
  const place = readDatabaseName(options.databaseUrl);
  const backend = openBackend(options, place);
  const queues = new JobQueues({
    ...{ backend, catalogue, log },
    clock: systemClock,
    deadlineMs: config.jobs.queueTimeoutMs,
    maxWaiting: config.jobs.maxWaiting,
    metrics: metrics.jobs,
  });
  closing.add(() => queues.close());
  const events = new JobEvents(backend, log);
  closing.add(() => events.close());
  const results = new JobResults({
    pool: options.pool,
    ttlSeconds: config.jobs.resultTtlSeconds,
    maxBytes: config.jobs.maxResultBytes,
  });
  const fingerprint = `${place} ${fingerprintOf(project, api)}`;
  const gateway: GatewayJobsParts = {
    queues,
    events,
    results,
    catalogue,
    fingerprint,
    metrics: metrics.jobs,
  };
  return {
    gateway,
    work: async ({ queues: names, concurrency, warm: warmNow }) => {
      warm = warmNow;
      const working = await startWorkers(options, { backend, gateway, names, concurrency });
      try {
        await installSchedules(queues, catalogue, schedules);
        return working;
      } catch (error) {
        await working.stop();
        throw error;
      }
    },
  };
}

function openBackend({ redisUrl, databaseUrl, closing }: OpenJobsOptions, place: string): QueueBackend {
  if (redisUrl === null) return createPostgresQueueBackend(databaseUrl);
  const redis = connectQueueRedis(redisUrl);
  closing.add(() => redis.disconnect());
  return createRedisQueueBackend(redis, place);
}

async function startWorkers(
  options: OpenJobsOptions,
  {
    backend,
    gateway,
    names,
    concurrency,
  }: {
    readonly backend: QueueBackend;
    readonly gateway: GatewayJobsParts;
    readonly names: readonly QueueName[];
    readonly concurrency: number;
  },
): Promise<Working> {
  const { config, project, settings, following, metrics, log } = options;
  const closing = new ClosingStack();
  const { queues, results, catalogue } = gateway;
  const used = new Set(catalogue.names.map((name) => catalogue.queueOf(name)));
  const taken = QUEUE_NAMES.filter((name) => names.includes(name) && used.has(name));
  const pool = createPool({
    ...settings,
    poolSize: config.jobs.poolSize,
    // Each job says how long its statements may take.
    statementTimeoutMs: 0,
    applicationName: 'sluice-jobs',
  });
  closing.add(() => pool.end());
  const threads = new Threads({ maxThreads: config.jobs.threads, maxHeapMb: config.jobs.threadHeapMb });
  closing.add(() => threads.close());
  const lag = watchEventLoop();
  closing.add(() => lag.stop());
  const runner = new GatewayJobRunner({
    ...{ catalogue, queues, results, threads, pool, log },
    prisma: options.prisma,
    graph: project.graph,
    following:
      following === null ? null : { ...following, tagging: new ReadTagging(project.graph, following.specs) },
    settleTimeoutMs: config.changes.settleTimeoutMs,
    maxResultBytes: config.jobs.maxResultBytes,
    clock: systemClock,
    metrics: metrics.changes,
  });
  const workers = taken.map(
    (queue) =>
      new JobWorker({
        ...{ queue, backend, queues, catalogue, runner, log },
        settings: project.app.queues?.[queue] ?? {},
        maxConcurrency: concurrency,
        readLagMs: () => lag.lagMs,
        countPoolWaiting: () => pool.waitingCount,
        lockMs: config.jobs.lockMs,
        clock: systemClock,
        metrics: metrics.jobs,
      }),
  );
  closing.add(() => settleAll(workers.map((worker) => worker.close(config.jobs.shutdownTimeoutMs))));
  try {
    await settleAll(workers.map((worker) => worker.ready()));
  } catch (error) {
    await closing.close();
    throw error;
  }
  return { queues: taken, stop: () => closing.close() };
}
