import type { ChildResult, JobDefinition } from './job-definition.js';
import type { QueueName } from './queue-names.js';
import type { JobData } from './queued-job.js';

/** One attempt at a job, by the worker that took it. */
export interface JobAttempt {
  readonly id: string;
  readonly name: string;
  readonly queue: QueueName;
  readonly data: JobData;
  readonly args: unknown;
  /** From 1. */
  readonly attempt: number;
  /** Aborted when it is to end; the reason is a `JobEnd`. */
  readonly signal: AbortSignal;
  progress(done: number, total: number): void;
  childResults(): Promise<readonly ChildResult[]>;
}

/** Runs what a worker has taken. The result is JSON; larger ones are kept elsewhere. */
export interface JobRunner {
  run(definition: JobDefinition, attempt: JobAttempt): Promise<unknown>;
  /** Several at once; one outcome an item, in their order. */
  runBatch(
    definition: JobDefinition,
    attempts: readonly JobAttempt[],
  ): Promise<readonly PromiseSettledResult<unknown>[]>;
}

/** Why an attempt is to end before its code does. */
export type JobEndKind = 'cancelled' | 'timeout' | 'handed-back' | 'lost';

export class JobEnd extends Error {
  override readonly name = 'JobEnd';

  constructor(readonly kind: JobEndKind) {
    super(`The job is to end: ${kind}`);
  }
}
