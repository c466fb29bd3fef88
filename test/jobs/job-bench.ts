import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { ClosingStack } from '../../src/cli/closing-stack.js';
import { GatewayJobRunner } from '../../src/gateway/jobs/run-jobs.js';
import { JobCatalogue } from '../../src/jobs/job-catalogue.js';
import type { JobDefinition } from '../../src/jobs/job-definition.js';
import { JobQueues } from '../../src/jobs/job-queues.js';
import { JobResults } from '../../src/jobs/job-results.js';
import { JobWorker, type JobWorkerParts } from '../../src/jobs/job-worker.js';
import { createPostgresQueueBackend, createRedisQueueBackend } from '../../src/jobs/queue-backend.js';
import { QUEUE_NAMES, type QueueName } from '../../src/jobs/queue-names.js';
import { Threads } from '../../src/jobs/threads.js';
import { systemClock } from '../../src/kernel/clock.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { domainGraph } from '../domain/domain-graph.js';
import { captureLog } from '../gateway/small-gateway.js';
import { type EngineDatabase, openEngineDatabase } from '../identity/engine-database.js';
import { testRedisUrl } from '../services/database.js';

/** Queues, workers and a database of their own, without an API around them. */
export interface JobBench {
  readonly database: EngineDatabase;
  readonly queues: JobQueues;
  readonly log: ReturnType<typeof captureLog>;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly redis: Redis;
  /** Another worker; all queues of it. */
  work(settings?: Partial<JobWorkerParts>): Promise<BenchWorker>;
  /** Has a job run, and gives what became of it. */
  run(name: string, args?: object): Promise<Ended>;
  ended(name: string, id: string): Promise<Ended>;
  close(): Promise<void>;
}

export interface BenchWorker {
  close(timeoutMs?: number): Promise<void>;
}

export interface Ended {
  readonly state: string;
  readonly result: unknown;
  readonly failure: string | null;
  readonly attempts: number;
}

const DEADLINE_MS = 30_000;

export async function openJobBench(
  definitions: readonly JobDefinition[],
  {
    backend: kind = 'redis',
    maxWaiting = 1_000,
  }: { backend?: 'redis' | 'postgres'; maxWaiting?: number } = {},
): Promise<JobBench> {
  const closing = new ClosingStack();
  const database = await openEngineDatabase();
  closing.add(() => database.close());
  const redis = new Redis(testRedisUrl(), { maxRetriesPerRequest: null });
  closing.add(() => redis.disconnect());
  const backend =
    kind === 'redis'
      ? createRedisQueueBackend(redis, randomUUID())
      : createPostgresQueueBackend(database.url);
  const graph = await domainGraph();
  const catalogue = new JobCatalogue({ definitions, fields: [], graph });
  const log = captureLog();
  const logger = createLogger({ level: 'debug', format: 'json', destination: log.destination });
  const metrics = createMetrics();
  const queues = new JobQueues({
    ...{ backend, catalogue, log: logger, maxWaiting },
    clock: systemClock,
    deadlineMs: 10_000,
    metrics: metrics.jobs,
  });
  closing.add(() => queues.close());
  const threads = new Threads({ maxThreads: 1, maxHeapMb: 64 });
  closing.add(() => threads.close());
  const runner = new GatewayJobRunner({
    ...{ catalogue, queues, threads, graph, log: logger },
    results: new JobResults({ pool: database.pool, ttlSeconds: 3_600, maxBytes: 1_048_576 }),
    pool: database.pool,
    prisma: {},
    following: null,
    settleTimeoutMs: 1_000,
    maxResultBytes: 10_000,
    clock: systemClock,
    metrics: metrics.changes,
  });
  async function ended(name: string, id: string): Promise<Ended> {
    const untilMs = Date.now() + DEADLINE_MS;
    for (;;) {
      const job = await queues.find(catalogue.queueOf(name), id);
      if (
        job !== null &&
        ['COMPLETED', 'FAILED', 'CANCELLED'].includes(job.state) &&
        job.finishedAtMs !== null
      ) {
        const { result } = (job.result ?? {}) as { readonly result?: unknown };
        return { state: job.state, result: result ?? null, failure: job.failure, attempts: job.attempts };
      }
      if (Date.now() > untilMs) throw new Error(`${name} is ${job?.state ?? 'gone'} after ${DEADLINE_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return {
    database,
    queues,
    log,
    metrics,
    redis,
    async work(settings = {}) {
      const used = new Set<QueueName>(catalogue.names.map((name) => catalogue.queueOf(name)));
      const workers = QUEUE_NAMES.filter((queue) => used.has(queue)).map(
        (queue) =>
          new JobWorker({
            ...{ queue, backend, queues, catalogue, runner, log: logger },
            settings: {},
            maxConcurrency: 4,
            readLagMs: () => 0,
            countPoolWaiting: () => 0,
            lockMs: 30_000,
            clock: systemClock,
            metrics: metrics.jobs,
            ...settings,
          }),
      );
      await Promise.all(workers.map((worker) => worker.ready()));
      const close = async (timeoutMs = 5_000) => {
        await Promise.all(workers.map((worker) => worker.close(timeoutMs)));
      };
      closing.add(() => close());
      return { close };
    },
    async run(name, args = {}) {
      const { id } = await queues.enqueue({ name, id: null, args, viewer: null });
      return ended(name, id);
    },
    ended,
    close: () => closing.close(),
  };
}
