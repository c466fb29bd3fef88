import type { JobView } from '../../binding/offload/job-desk.js';
import type { JobCatalogue } from '../../jobs/job-catalogue.js';
import { readFailure } from '../../jobs/job-failure.js';
import type { JobResult } from '../../jobs/job-results.js';
import type { QueuedJob } from '../../jobs/queued-job.js';
import { encodeJobId, type JobPlace } from './job-ids.js';

/** What is known of one job. */
export interface KnownJob {
  readonly place: JobPlace;
  readonly name: string;
  /** Null: its queue has forgotten it, or wasn't asked. */
  readonly queued: QueuedJob | null;
  /** The last good one; null: there is none. */
  readonly result: JobResult | null;
  /** Whether nothing has changed that the result depends on. */
  readonly isFresh: boolean;
}

export interface ViewOptions {
  readonly catalogue: JobCatalogue;
  /** Asked only where that matters: an answer depends on what it asks of its viewer. */
  isStaff(): boolean;
  readonly nowMs: number;
}

/** A job as its viewer is shown it. */
export function viewJob(job: KnownJob, { catalogue, isStaff, nowMs }: ViewOptions): JobView {
  const { place, name, queued, result, isFresh } = job;
  const field = catalogue.findField(name);
  const own = isFresh || queued === null ? null : queued;
  const state = isFresh ? 'COMPLETED' : (own?.state ?? (result === null ? 'WAITING' : 'COMPLETED'));
  const progress =
    state === 'COMPLETED'
      ? 1
      : own?.progress
        ? Math.min(1, own.progress.done / Math.max(1, own.progress.total))
        : 0;
  return {
    __typename: field?.typeName ?? 'BackgroundJob',
    id: encodeJobId(place),
    name,
    queue: place.queue,
    state,
    progress,
    secondsLeft: state === 'ACTIVE' ? estimate(own, progress, result, nowMs) : null,
    attempts: own === null ? 1 : own.attempts + (state === 'ACTIVE' ? 1 : 0),
    startedAt: toTime(own === null ? (result?.computedAtMs ?? 0) - (result?.runMs ?? 0) : own.startedAtMs),
    finishedAt: toTime(own === null ? (result?.computedAtMs ?? null) : own.finishedAtMs),
    computedAt: toTime(result?.computedAtMs ?? null),
    isOutdated: result !== null && !isFresh,
    error: own !== null && own.failure !== null ? readFailure(own.failure, isStaff()) : null,
    result: result?.value ?? null,
  };
}

/** By how far it is, or by how long the last run took. In seconds. */
function estimate(
  queued: QueuedJob | null,
  progress: number,
  last: JobResult | null,
  nowMs: number,
): number | null {
  const startedAtMs = queued?.startedAtMs ?? null;
  if (startedAtMs === null) return null;
  const elapsedMs = Math.max(0, nowMs - startedAtMs);
  if (progress > 0.01) return Math.ceil((elapsedMs * (1 - progress)) / progress / 1000);
  return last === null ? null : Math.ceil(Math.max(0, last.runMs - elapsedMs) / 1000);
}

function toTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
