import type { QueueName } from './queue-names.js';

/** What a queue keeps of a job, as JSON. */
export interface JobData {
  /** Of the arguments: `encodeArguments`. */
  readonly args: string;
  /** Whom the result is for; null: for everybody. */
  readonly viewer: JobViewer | null;
  /** What else of a request the result is for, by the name that the app registered to vary by. */
  readonly varied?: { readonly [name: string]: string };
  /** How long the result may be used where nothing changes; left out: nobody keeps it. */
  readonly lifeMs?: number;
  /** Somebody called it off: whoever has it is to let go of it. */
  readonly isCancelled?: boolean;
  /** Since 1970; a job that runs again was asked for again. */
  readonly askedAtMs: number;
}

/** What of a viewer a result depends on; null: not on this. */
export interface JobViewer {
  readonly id: string | null;
  readonly tier: string | null;
  /** Sorted. */
  readonly scopes: readonly string[] | null;
}

export const JOB_STATES = ['WAITING', 'DELAYED', 'ACTIVE', 'COMPLETED', 'FAILED', 'CANCELLED'] as const;
export type JobState = (typeof JOB_STATES)[number];

/** Nothing more becomes of it, unless somebody has it run again. */
export const ENDED_STATES: ReadonlySet<JobState> = new Set(['COMPLETED', 'FAILED', 'CANCELLED']);

export interface JobProgress {
  readonly done: number;
  readonly total: number;
}

/** A job as its queue has it. Times are milliseconds since 1970. */
export interface QueuedJob {
  readonly id: string;
  readonly queue: QueueName;
  readonly name: string;
  readonly data: JobData;
  readonly state: JobState;
  readonly progress: JobProgress | null;
  /** That have ended. */
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly finishedAtMs: number | null;
  /** As it was thrown; null where nothing was. */
  readonly failure: string | null;
  /** What it gave, where that is kept with the job. */
  readonly result: unknown;
}
