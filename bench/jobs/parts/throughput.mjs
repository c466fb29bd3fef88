import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { JobCatalogue } from '../../../dist/jobs/job-catalogue.js';
import { JobQueues } from '../../../dist/jobs/job-queues.js';
import { JobWorker } from '../../../dist/jobs/job-worker.js';
import { createRedisQueueBackend } from '../../../dist/jobs/queue-backend.js';
import { systemClock } from '../../../dist/kernel/clock.js';
import { createLogger } from '../../../dist/telemetry/logger.js';
import { createMetrics } from '../../../dist/telemetry/metrics.js';
import { median } from '../../harness/statistics.mjs';

const JOBS = 5_000;
const CONCURRENCY = 50;
const ROUNDS = 5;
const DATA = { args: '{}', viewer: null, askedAtMs: 0 };

/** Jobs that do nothing, through one worker of Sluice's, against BullMQ by itself: rounds in turn, in one process. */
export async function measureThroughput({ redisUrl, say }) {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null });
  const ratios = [];
  const rates = [];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const bare = await workOff(redis, openBare);
      const own = await workOff(redis, openOwn);
      say(`no-op jobs: ${Math.round(own)} a second, BullMQ by itself ${Math.round(bare)}`);
      ratios.push(own / bare);
      rates.push(own);
    }
  } finally {
    redis.disconnect();
  }
  return [
    {
      what: `no-op jobs through one worker, ${Math.round(median(rates))} a second, against bare BullMQ`,
      asked: '0.8',
      measured: median(ratios).toFixed(2),
    },
  ];
}

/** @returns jobs a second */
async function workOff(redis, open) {
  const place = randomUUID();
  const backend = createRedisQueueBackend(redis, place);
  const queue = backend.openQueue('default', {});
  await queue.addBulk(
    Array.from({ length: JOBS }, () => ({ name: 'nothing', data: DATA, opts: { removeOnComplete: true } })),
  );
  let done = 0;
  const { promise, resolve } = withResolvers();
  const begin = performance.now();
  const close = await open(backend, () => {
    done += 1;
    if (done === JOBS) resolve();
  });
  await promise;
  const elapsedMs = performance.now() - begin;
  await close();
  await queue.obliterate({ force: true });
  await queue.close();
  return (JOBS * 1_000) / elapsedMs;
}

async function openBare(backend, onDone) {
  const worker = backend.openWorker('default', async () => onDone(), { concurrency: CONCURRENCY });
  return () => worker.close();
}

async function openOwn(backend, onDone) {
  const graph = { hash: '', models: new Map(), enums: new Map() };
  const definitions = [{ name: 'nothing', run: async () => onDone() }];
  const catalogue = new JobCatalogue({ definitions, fields: [], graph });
  const log = createLogger({ level: 'silent', format: 'json' });
  const metrics = createMetrics().jobs;
  const queues = new JobQueues({
    backend,
    catalogue,
    log,
    metrics,
    clock: systemClock,
    deadlineMs: 5_000,
    maxWaiting: 1e6,
  });
  const worker = new JobWorker({
    ...{ queue: 'default', backend, queues, catalogue, metrics, log },
    // As a worker runs them, without what a job's own code is given.
    runner: { run: (definition, attempt) => definition.run(attempt.args), runBatch: async () => [] },
    settings: { concurrency: { min: CONCURRENCY, max: CONCURRENCY } },
    maxConcurrency: CONCURRENCY,
    readLagMs: () => 0,
    countPoolWaiting: () => 0,
    lockMs: 30_000,
    clock: systemClock,
  });
  return async () => {
    await worker.close(1_000);
    await queues.close();
  };
}

function withResolvers() {
  let resolve;
  const promise = new Promise((own) => {
    resolve = own;
  });
  return { promise, resolve };
}
