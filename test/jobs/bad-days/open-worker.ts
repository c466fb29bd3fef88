import { Redis } from 'ioredis';
import { GatewayJobRunner } from '../../../src/gateway/jobs/run-jobs.js';
import { JobCatalogue } from '../../../src/jobs/job-catalogue.js';
import { JobQueues } from '../../../src/jobs/job-queues.js';
import { JobResults } from '../../../src/jobs/job-results.js';
import { JobWorker } from '../../../src/jobs/job-worker.js';
import { createRedisQueueBackend } from '../../../src/jobs/queue-backend.js';
import { Threads } from '../../../src/jobs/threads.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { createPool } from '../../../src/reads/pg/create-pool.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { createBadJobs } from './bad-jobs.js';

export interface WorkerPlace {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Keeps its queues apart from others in the same Redis. */
  readonly place: string;
}

/** A worker of all that goes wrong. */
export async function openWorker({ databaseUrl, redisUrl, place }: WorkerPlace) {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  const backend = createRedisQueueBackend(redis, place);
  const pool = createPool({
    url: databaseUrl,
    prepared: true,
    poolSize: 6,
    statementTimeoutMs: 0,
    connectTimeoutMs: 2_000,
  });
  const graph = { hash: '', models: new Map(), enums: new Map() } as never;
  const catalogue = new JobCatalogue({ definitions: createBadJobs(), fields: [], graph });
  const log = createLogger({ level: 'silent', format: 'json' });
  const metrics = createMetrics();
  const threads = new Threads({ maxThreads: 2, maxHeapMb: 32 });
  const queues = new JobQueues({
    ...{ backend, catalogue, log },
    clock: systemClock,
    deadlineMs: 2_000,
    maxWaiting: 1_000_000,
    metrics: metrics.jobs,
  });
  const runner = new GatewayJobRunner({
    ...{ catalogue, queues, threads, pool, graph, log },
    results: new JobResults({ pool, ttlSeconds: 3_600, maxBytes: 1_000_000 }),
    prisma: {},
    following: null,
    settleTimeoutMs: 1_000,
    maxResultBytes: 100_000,
    clock: systemClock,
    metrics: metrics.changes,
  });
  const worker = new JobWorker({
    ...{ backend, queues, catalogue, runner, log },
    queue: 'default',
    settings: { concurrency: { min: 8, max: 8 } },
    maxConcurrency: 8,
    readLagMs: () => 0,
    countPoolWaiting: () => 0,
    lockMs: 1_000,
    clock: systemClock,
    metrics: metrics.jobs,
  });
  await worker.ready();
  return {
    queues,
    async close() {
      await worker.close(1_000);
      await queues.close();
      await threads.close();
      await pool.end();
      redis.disconnect();
    },
  };
}
