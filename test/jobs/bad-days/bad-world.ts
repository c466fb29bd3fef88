import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import pg from 'pg';
import { applyEngineSchema } from '../../../src/changes/capture/engine-schema.js';
import { installSchedules } from '../../../src/jobs/install-schedules.js';
import { JobCatalogue } from '../../../src/jobs/job-catalogue.js';
import { JobQueues } from '../../../src/jobs/job-queues.js';
import { createRedisQueueBackend } from '../../../src/jobs/queue-backend.js';
import type { ScheduleDefinition } from '../../../src/jobs/schedule-definition.js';
import { systemClock } from '../../../src/kernel/clock.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { createMetrics } from '../../../src/telemetry/metrics.js';
import { createBadJobs, LEDGER_ITEMS } from './bad-jobs.js';
import type { WorkerPlace } from './open-worker.js';

/** Whoever asks for jobs while things break, and counts what came of them. */
export interface BadWorld extends WorkerPlace {
  readonly queues: JobQueues;
  ask(name: string, args?: object, id?: string): Promise<string>;
  /** Has all of these fire, and no others. */
  schedule(schedules: readonly ScheduleDefinition[]): Promise<void>;
  /** What it ended as. */
  ended(
    id: string,
  ): Promise<{ readonly state: string; readonly failure: string | null; readonly result: unknown }>;
  /** How often each item of a job was written: once each, or it is wrong. */
  judgeLedger(id: string): Promise<string>;
  countEffects(id: string): Promise<number>;
  /** Of all jobs whose ids are alike. */
  countAll(ids: string): Promise<{ readonly jobs: number; readonly effects: number }>;
  version(id: string): Promise<number>;
  close(): Promise<void>;
}

const DEADLINE_MS = 60_000;

export async function openBadWorld(databaseUrl: string, redisUrl: string): Promise<BadWorld> {
  const place = randomUUID();
  const client = () => new pg.Client({ connectionString: databaseUrl });
  const query = async (text: string, values: unknown[] = []): Promise<any[]> => {
    // PostgreSQL may be gone at the moment.
    for (;;) {
      const own = client();
      own.on('error', () => undefined);
      try {
        await own.connect();
        return (await own.query(text, values)).rows;
      } catch (error) {
        if ((error as { code?: string }).code?.startsWith('42') === true) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      } finally {
        await own.end().catch(() => undefined);
      }
    }
  };
  const first = client();
  await first.connect();
  await applyEngineSchema(first);
  await first.query('CREATE TABLE IF NOT EXISTS effects (job text NOT NULL, item int NOT NULL)');
  await first.query('CREATE UNIQUE INDEX IF NOT EXISTS once_idx ON effects (job) WHERE item = 0');
  await first.end();
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  const graph = { hash: '', models: new Map(), enums: new Map() } as never;
  const catalogue = new JobCatalogue({ definitions: createBadJobs(), fields: [], graph });
  const queues = new JobQueues({
    ...{ backend: createRedisQueueBackend(redis, place), catalogue },
    log: createLogger({ level: 'silent', format: 'json' }),
    clock: systemClock,
    deadlineMs: 2_000,
    maxWaiting: 1_000_000,
    metrics: createMetrics().jobs,
  });
  return {
    ...{ databaseUrl, redisUrl, place, queues },
    schedule: (schedules) => installSchedules(queues, catalogue, schedules),
    ask: async (name, args = {}, id) =>
      (await queues.enqueue({ name, id: id ?? null, args, viewer: null })).id,
    async ended(id) {
      const untilMs = Date.now() + DEADLINE_MS;
      for (;;) {
        const job = await queues.find('default', id).catch(() => null);
        if (
          job !== null &&
          job.finishedAtMs !== null &&
          (job.state === 'COMPLETED' || job.state === 'FAILED')
        ) {
          const { result } = (job.result ?? {}) as { readonly result?: unknown };
          return { state: job.state, failure: job.failure, result };
        }
        if (Date.now() > untilMs) throw new Error(`a job is ${job?.state ?? 'gone'} after ${DEADLINE_MS} ms`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async judgeLedger(id) {
      const rows = await query(
        'SELECT item, count(*)::int AS times FROM effects WHERE job = $1 GROUP BY item',
        [id],
      );
      const wrong = rows.filter(({ times }) => times !== 1);
      return rows.length === LEDGER_ITEMS && wrong.length === 0
        ? 'each item once'
        : `${rows.length} of ${LEDGER_ITEMS} items, ${wrong.length} of them not once`;
    },
    countEffects: async (id) =>
      Number((await query('SELECT count(*) FROM effects WHERE job = $1', [id]))[0].count),
    countAll: async (ids) =>
      (
        await query(
          'SELECT count(DISTINCT job)::int AS jobs, count(*)::int AS effects FROM effects WHERE job LIKE $1',
          [ids],
        )
      )[0],
    version: async (id) =>
      Number(
        (
          await query(
            'SELECT coalesce(max(version), 0) AS version FROM sluice.job_checkpoints WHERE job_id = $1',
            [id],
          )
        )[0].version,
      ),
    async close() {
      await queues.close();
      redis.disconnect();
    },
  };
}
