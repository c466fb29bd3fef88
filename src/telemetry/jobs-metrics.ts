import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Of what runs in workers. */
export interface JobsMetrics {
  readonly enqueued: Counter<'queue' | 'outcome'>;
  readonly finished: Counter<'queue' | 'outcome'>;
  readonly stalled: Counter<'queue'>;
  readonly waitSeconds: Histogram<'queue'>;
  readonly runSeconds: Histogram<'queue'>;
  readonly waiting: Gauge<'queue'>;
  readonly failed: Gauge<'queue'>;
  readonly concurrency: Gauge<'queue'>;
  readonly offloaded: Counter<'outcome'>;
}

const BUCKETS_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900];

export function createJobsMetrics(registers: Registry[]): JobsMetrics {
  const queue = ['queue'] as const;
  return {
    enqueued: new Counter({
      name: 'sluice_jobs_enqueued_total',
      help: 'Jobs that were asked for, by queue and outcome (added, joined: an equal one waits or runs, again: an equal one had ended, refused: too many wait).',
      labelNames: ['queue', 'outcome'],
      registers,
    }),
    finished: new Counter({
      name: 'sluice_jobs_attempts_total',
      help: 'Attempts that ended, by queue and outcome (completed, failed, cancelled, handed-back).',
      labelNames: ['queue', 'outcome'],
      registers,
    }),
    stalled: new Counter({
      name: 'sluice_jobs_stalled_total',
      help: 'Jobs that were taken up again, as the worker that had them is gone.',
      labelNames: queue,
      registers,
    }),
    waitSeconds: new Histogram({
      name: 'sluice_jobs_wait_seconds',
      help: 'From being asked for to an attempt.',
      labelNames: queue,
      buckets: BUCKETS_SECONDS,
      registers,
    }),
    runSeconds: new Histogram({
      name: 'sluice_jobs_run_seconds',
      help: 'How long attempts take.',
      labelNames: queue,
      buckets: BUCKETS_SECONDS,
      registers,
    }),
    waiting: new Gauge({
      name: 'sluice_jobs_waiting',
      help: 'Jobs that wait, as this worker last saw.',
      labelNames: queue,
      registers,
    }),
    failed: new Gauge({
      name: 'sluice_jobs_dead',
      help: 'Jobs that failed for good and are kept to be looked at, as this worker last saw.',
      labelNames: queue,
      registers,
    }),
    concurrency: new Gauge({
      name: 'sluice_jobs_concurrency',
      help: 'Jobs that this worker takes at a time.',
      labelNames: queue,
      registers,
    }),
    offloaded: new Counter({
      name: 'sluice_jobs_fields_total',
      help: 'Fields with @offload by outcome (fresh: a result was there, waited: it came in time, outdated: the last one was given, pending: none yet, failed).',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
