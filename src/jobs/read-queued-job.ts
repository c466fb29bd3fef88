import type { Job } from 'bullmq';
import type { QueueName } from './queue-names.js';
import type { JobData, JobProgress, JobState, QueuedJob } from './queued-job.js';

const STATES: { readonly [state: string]: JobState } = {
  waiting: 'WAITING',
  prioritized: 'WAITING',
  'waiting-children': 'WAITING',
  paused: 'WAITING',
  delayed: 'DELAYED',
  active: 'ACTIVE',
  completed: 'COMPLETED',
  failed: 'FAILED',
};

/** A job of BullMQ's, as we speak of it. */
export function readQueuedJob(job: Job<JobData>, queue: QueueName, state: string): QueuedJob {
  const known = STATES[state] ?? 'FAILED';
  return {
    id: job.id ?? '',
    queue,
    name: job.name,
    data: job.data,
    // It may still be waiting for a worker to let go of it; nobody will run it.
    state: job.data.isCancelled === true && known !== 'COMPLETED' ? 'CANCELLED' : known,
    progress: readProgress(job.progress),
    attempts: job.attemptsMade,
    maxAttempts: job.opts.attempts ?? 1,
    createdAtMs: job.timestamp,
    startedAtMs: job.processedOn ?? null,
    finishedAtMs: job.finishedOn ?? null,
    failure: known === 'FAILED' ? (job.failedReason ?? null) : null,
    result: job.returnvalue ?? null,
  };
}

function readProgress(value: unknown): JobProgress | null {
  if (typeof value !== 'object' || value === null) return null;
  const { done, total } = value as Partial<JobProgress>;
  return typeof done === 'number' && typeof total === 'number' ? { done, total } : null;
}
