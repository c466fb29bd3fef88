import type { DynamicHint, FieldPolicy } from '../../cache/policy/cache-policy.js';
import type { OffloadedField } from '../../jobs/job-catalogue.js';
import type { JobFailure } from '../../jobs/job-failure.js';
import type { JobState } from '../../jobs/queued-job.js';
import type { ReadRecorder } from '../../reads/tags/read-recorder.js';

/** A job as the interface `Job` shows it. */
export interface JobView {
  readonly __typename: string;
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly state: JobState;
  readonly progress: number;
  readonly secondsLeft: number | null;
  readonly attempts: number;
  /** ISO 8601, as all times here. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly computedAt: string | null;
  readonly isOutdated: boolean;
  readonly error: JobFailure | null;
  /** Null: there is none yet. */
  readonly result: unknown;
}

/** One queue, in numbers. */
export interface JobQueueView {
  readonly name: string;
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly completed: number;
  readonly failed: number;
}

export interface ListedJobs {
  readonly queue: string | null;
  readonly states: readonly JobState[] | null;
  readonly first: number;
}

/** Where is noted what an answer depends on. */
export interface OffloadContext {
  tag(...tags: readonly string[]): void;
  cacheHint(hint: DynamicHint): void;
  readonly recorder?: ReadRecorder | null;
}

/** Where one request asks for jobs and sees to them. */
export interface JobDesk {
  /**
   * The result of a field with `@offload`, or the job that it is computed by. What the answer depends on is noted in
   * `context`.
   *
   * @throws SluiceError `JOBS_UNAVAILABLE`, `OVERLOADED` where there isn't even an old result; `UNAUTHENTICATED`
   */
  offload(
    field: OffloadedField,
    policy: FieldPolicy | null,
    args: object,
    context: OffloadContext,
  ): Promise<JobView>;
  /** Null: there is none, or it is none of the viewer's. */
  find(id: string): Promise<JobView | null>;
  /** For staff. @throws SluiceError `UNAUTHENTICATED`, `FORBIDDEN`, `BAD_USER_INPUT` */
  list(asked: ListedJobs): Promise<readonly JobView[]>;
  /** For staff. */
  listQueues(): Promise<readonly JobQueueView[]>;
  /** @throws SluiceError `FORBIDDEN` */
  cancel(id: string): Promise<JobView | null>;
  /** @throws SluiceError `FORBIDDEN` */
  retry(id: string): Promise<JobView | null>;
  /** The job as it stands, and after each change, until it has ended; nothing where `find` gives null. */
  watch(id: string): AsyncIterable<JobView>;
}
