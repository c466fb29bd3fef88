import type { Job } from 'bullmq';
import { JobEnd, type JobEndKind } from './job-attempt.js';
import type { JobData } from './queued-job.js';

/** A job that a worker has taken, and the ways in which it is told to end before its code does. */
export class RunningJob {
  /** Rejects with a `JobEnd` when it is to end. */
  readonly ended: Promise<never>;
  #reject: (reason: JobEnd) => void = () => undefined;
  #end: JobEnd | null = null;
  #controller: AbortController | null = null;

  /** @param untilMs when its time is up */
  constructor(
    readonly job: Job<JobData>,
    readonly beganMs: number,
    readonly untilMs: number,
  ) {
    this.ended = new Promise((_, reject) => {
      this.#reject = reject;
    });
    // Whoever runs it may be through already.
    this.ended.catch(() => undefined);
  }

  /** Made when it is first asked for: jobs that are over in a moment need none. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#end !== null) this.#controller.abort(this.#end);
    }
    return this.#controller.signal;
  }

  end(kind: JobEndKind): void {
    if (this.#end !== null) return;
    this.#end = new JobEnd(kind);
    this.#controller?.abort(this.#end);
    this.#reject(this.#end);
  }
}
