import { randomUUID } from 'node:crypto';
import type { FlowJob, FlowProducer, Job, JobsOptions, JobType, Queue } from 'bullmq';
import type { Clock } from '../kernel/clock.js';
import { withDeadline } from '../kernel/deadline.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { JobsMetrics } from '../telemetry/jobs-metrics.js';
import type { Logger } from '../telemetry/logger.js';
import { encodeArguments } from './job-arguments.js';
import type { JobCatalogue } from './job-catalogue.js';
import { DEFAULT_ATTEMPTS, type EnqueueOptions } from './job-definition.js';
import type { QueueBackend } from './queue-backend.js';
import type { QueueName } from './queue-names.js';
import { ENDED_STATES, type JobData, type JobState, type JobViewer, type QueuedJob } from './queued-job.js';
import { readQueuedJob } from './read-queued-job.js';

export interface JobQueuesParts {
  readonly backend: QueueBackend;
  readonly catalogue: JobCatalogue;
  readonly clock: Clock;
  /** For an answer of the queues' service. */
  readonly deadlineMs: number;
  /** Jobs that wait in one queue, at most. */
  readonly maxWaiting: number;
  readonly metrics: JobsMetrics;
  readonly log: Logger;
}

/** What is asked to be run. */
export interface AskedJob {
  readonly name: string;
  /** The same for equal requests; null: it is like no other. */
  readonly id: string | null;
  readonly args: unknown;
  readonly viewer: JobViewer | null;
  readonly varied?: JobData['varied'];
  readonly lifeMs?: number;
  readonly priority?: number;
  readonly delayMs?: number;
  readonly children?: EnqueueOptions['children'];
}

/** Ended jobs are kept for people to look at: so many of each queue, so long. */
const KEPT_COMPLETED = { count: 1_000, age: 86_400 };
/** Failed ones are the dead letters. */
const KEPT_FAILED = { count: 10_000, age: 30 * 86_400 };
/** The first retry comes after a second or less, each further one after twice the time. */
const BACKOFF = { type: 'exponential', delay: 1_000, jitter: 0.5 };
/** How long a job that failed is left alone before somebody's asking for it again runs it again. */
const FAILURE_REST_MS = 30_000;
/** Of one job, to find it as it was at one moment. */
const MAX_READS = 3;
/** A count of what waits is good for so long. */
const COUNT_TTL_MS = 1_000;

const TYPES: { readonly [State in JobState]: readonly JobType[] } = {
  WAITING: ['waiting', 'prioritized', 'waiting-children', 'paused' as JobType],
  DELAYED: ['delayed'],
  ACTIVE: ['active'],
  COMPLETED: ['completed'],
  FAILED: ['failed'],
  CANCELLED: ['failed', 'waiting', 'prioritized', 'delayed'],
};

/** A job that was asked for. */
export interface EnqueuedJob {
  readonly id: string;
  /** Whether it is going to run, or runs. False: it failed a moment ago, and is left alone. */
  readonly isAhead: boolean;
}

/** Puts jobs into queues, finds them there, and sees to them. Safe to be used by any number of processes. */
export class JobQueues {
  readonly #parts: JobQueuesParts;
  readonly #queues = new Map<QueueName, Queue<JobData>>();
  readonly #waiting = new Map<QueueName, { readonly count: number; readonly atMs: number }>();
  #flows: FlowProducer | null = null;
  #isLost = false;

  constructor(parts: JobQueuesParts) {
    this.#parts = parts;
  }

  /** The queue itself, for those who show or schedule. */
  open(name: QueueName): Queue<JobData> {
    let queue = this.#queues.get(name);
    if (queue === undefined) {
      queue = this.#parts.backend.openQueue(name, {
        defaultJobOptions: {
          removeOnComplete: KEPT_COMPLETED,
          removeOnFail: KEPT_FAILED,
          stackTraceLimit: 20,
        },
      });
      queue.on('error', (error) => this.#noteLoss(error));
      this.#queues.set(name, queue);
    }
    return queue;
  }

  /**
   * Has a job run, unless an equal one waits or runs; one that has ended is run again.
   *
   * @throws SluiceError `JOBS_UNAVAILABLE`, `OVERLOADED`
   */
  async enqueue(asked: AskedJob): Promise<EnqueuedJob> {
    const { name, id, children = [] } = asked;
    const queueName = this.#parts.catalogue.queueOf(name);
    await this.#refuseBacklog(queueName);
    if (children.length > 0) return { id: await this.#enqueueFlow(asked, queueName), isAhead: true };
    const { metrics } = this.#parts;
    // Not the queue's own numbers, which begin anew where Redis has lost them: what a job has left is found by its id.
    const jobId = id ?? randomUUID();
    const present = id === null ? null : await this.find(queueName, id);
    let isAhead = true;
    if (present === null) {
      const options = { ...this.#options(asked), jobId };
      await this.#reach(() => this.open(queueName).add(name, this.#describe(asked), options));
      metrics.enqueued.inc({ queue: queueName, outcome: 'added' });
    } else {
      const isAgain = await this.#runAgain(present);
      isAhead = isAgain || !ENDED_STATES.has(present.state);
      metrics.enqueued.inc({ queue: queueName, outcome: isAgain ? 'again' : 'joined' });
    }
    return { id: jobId, isAhead };
  }

  /** Null: there is none, or not any more. @throws SluiceError `JOBS_UNAVAILABLE` */
  async find(queueName: QueueName, id: string): Promise<QueuedJob | null> {
    const queue = this.open(queueName);
    for (let reads = 1; ; reads++) {
      const job = await this.#reach(() => queue.getJob(id));
      if (job === undefined || job === null) return null;
      const state = await this.#reach(() => job.getState());
      const isOver = state === 'completed' || state === 'failed';
      // It ended between the two: what it ended with is read anew.
      const isRead = isOver === (job.finishedOn !== undefined && job.finishedOn !== null);
      if (isRead || reads >= MAX_READS) return readQueuedJob(job as Job<JobData>, queueName, state);
    }
  }

  /** The newest first. @throws SluiceError `JOBS_UNAVAILABLE` */
  async list(
    queueName: QueueName,
    states: readonly JobState[],
    first: number,
  ): Promise<readonly QueuedJob[]> {
    const types = [...new Set(states.flatMap((state) => TYPES[state]))];
    const jobs = await this.#reach(() => this.open(queueName).getJobs(types, 0, first - 1, false));
    const found = await this.#reach(() =>
      Promise.all(
        jobs
          .filter((job) => job !== undefined && job !== null)
          .map(async (job) => readQueuedJob(job as Job<JobData>, queueName, await job.getState())),
      ),
    );
    return found.filter(({ state }) => states.includes(state)).slice(0, first);
  }

  /** Jobs by state. @throws SluiceError `JOBS_UNAVAILABLE` */
  async count(queueName: QueueName): Promise<{ readonly [type: string]: number }> {
    return this.#reach(() => this.open(queueName).getJobCounts());
  }

  /**
   * Calls a job off: one that waits never runs, one that runs is told to end.
   *
   * @returns false where it has ended already
   */
  async cancel(queueName: QueueName, id: string): Promise<boolean> {
    const job = await this.#reach(() => this.open(queueName).getJob(id));
    if (job === undefined || job === null) return false;
    const { state } = readQueuedJob(job as Job<JobData>, queueName, await this.#reach(() => job.getState()));
    if (ENDED_STATES.has(state)) return false;
    await this.#reach(() => job.updateData({ ...(job.data as JobData), isCancelled: true }));
    return true;
  }

  /** Runs one again that failed or was called off. @returns false where it hasn't */
  async retry(queueName: QueueName, id: string): Promise<boolean> {
    const present = await this.find(queueName, id);
    if (present === null || (present.state !== 'FAILED' && present.state !== 'CANCELLED')) return false;
    return this.#restart(present);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
    await this.#flows?.close();
  }

  /** Whoever asks for a job that has ended wants it to run once more. */
  async #runAgain(present: QueuedJob): Promise<boolean> {
    const { state, finishedAtMs } = present;
    const restedMs = this.#parts.clock.nowMs() - (finishedAtMs ?? 0);
    const isDue =
      state === 'COMPLETED' || state === 'CANCELLED' || (state === 'FAILED' && restedMs > FAILURE_REST_MS);
    return isDue && this.#restart(present);
  }

  async #restart({ queue, id, state }: QueuedJob): Promise<boolean> {
    const job = await this.#reach(() => this.open(queue).getJob(id));
    if (job === undefined || job === null) return false;
    const { isCancelled: _, ...data } = job.data as JobData;
    await this.#reach(() => job.updateData({ ...data, askedAtMs: this.#parts.clock.nowMs() }));
    const real = await this.#reach(() => job.getState());
    if (real !== 'completed' && real !== 'failed') return state === 'CANCELLED';
    try {
      await this.#reach(() => job.retry(real, { resetAttemptsMade: true, resetAttemptsStarted: true }));
      return true;
    } catch (error) {
      // Somebody else was quicker.
      if (error instanceof SluiceError) throw error;
      return false;
    }
  }

  async #enqueueFlow(asked: AskedJob, queueName: QueueName): Promise<string> {
    this.#flows ??= this.#parts.backend.openFlows();
    const flows = this.#flows;
    const id = asked.id ?? randomUUID();
    const children = (asked.children ?? []).map(({ name, args }, index) => {
      const child = { name, id: null, args: args ?? {}, viewer: asked.viewer };
      // Its place is found by its id again, as its parent is given the results in order.
      const opts = { ...this.#options(child), jobId: `${id}.${index}`, failParentOnFailure: true };
      return { name, queueName: this.#parts.catalogue.queueOf(name), data: this.#describe(child), opts };
    });
    const opts = { ...this.#options(asked), jobId: id };
    const flow: FlowJob = { name: asked.name, queueName, data: this.#describe(asked), opts, children };
    await this.#reach(() => flows.add(flow));
    this.#parts.metrics.enqueued.inc({ queue: queueName, outcome: 'added' });
    return id;
  }

  #describe({ args, viewer, varied, lifeMs }: AskedJob): JobData {
    return { args: encodeArguments(args), viewer, varied, lifeMs, askedAtMs: this.#parts.clock.nowMs() };
  }

  /** How a job is tried and kept. */
  optionsOf(name: string): Omit<JobsOptions, 'jobId' | 'repeat'> {
    return this.#options({ name });
  }

  #options({
    name,
    priority = 0,
    delayMs = 0,
  }: Pick<AskedJob, 'name' | 'priority' | 'delayMs'>): JobsOptions {
    const definition = this.#parts.catalogue.find(name);
    return {
      attempts: definition?.attempts ?? DEFAULT_ATTEMPTS,
      backoff: BACKOFF,
      removeOnComplete: KEPT_COMPLETED,
      removeOnFail: KEPT_FAILED,
      ...(priority > 0 && { priority }),
      ...(delayMs > 0 && { delay: delayMs }),
    };
  }

  async #refuseBacklog(queueName: QueueName): Promise<void> {
    const { clock, maxWaiting } = this.#parts;
    let known = this.#waiting.get(queueName);
    if (known === undefined || clock.nowMs() - known.atMs > COUNT_TTL_MS) {
      const counts = await this.#reach(() =>
        this.open(queueName).getJobCounts('waiting', 'prioritized', 'delayed'),
      );
      known = { count: Object.values(counts).reduce((sum, count) => sum + count, 0), atMs: clock.nowMs() };
      this.#waiting.set(queueName, known);
    }
    if (known.count < maxWaiting) return;
    this.#parts.metrics.enqueued.inc({ queue: queueName, outcome: 'refused' });
    throw new SluiceError(
      'OVERLOADED',
      `${known.count} jobs wait in the queue "${queueName}" already; ask again later`,
    );
  }

  /** @throws SluiceError `JOBS_UNAVAILABLE` where the service doesn't answer */
  async #reach<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await withDeadline(work(), this.#parts.deadlineMs, createLateError);
      if (this.#isLost) this.#parts.log.info('The queues of jobs are back');
      this.#isLost = false;
      return result;
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      this.#noteLoss(error);
      throw new SluiceError('JOBS_UNAVAILABLE', 'The queues of jobs can not be reached; ask again later', {
        cause: error,
      });
    }
  }

  #noteLoss(error: unknown): void {
    if (!this.#isLost)
      this.#parts.log.warn({ err: error }, 'The queues of jobs are lost; no job can be asked for');
    this.#isLost = true;
  }
}

/** BullMQ's own refusals have a number; what the connection says has a text for a code, or none. */
function isConnectionLoss(error: unknown): boolean {
  return !(error instanceof Error && 'code' in error && typeof error.code === 'number');
}

function createLateError(): Error {
  return new Error('The queues did not answer in time');
}
