import { type Job, UnrecoverableError, WaitingError, type Worker } from 'bullmq';
import type { Clock } from '../kernel/clock.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { JobsMetrics } from '../telemetry/jobs-metrics.js';
import type { Logger } from '../telemetry/logger.js';
import { AdaptiveConcurrency } from './adaptive-concurrency.js';
import { Batches } from './batches.js';
import { decodeArguments } from './job-arguments.js';
import { type JobAttempt, JobEnd, type JobRunner } from './job-attempt.js';
import type { JobCatalogue } from './job-catalogue.js';
import { type ChildResult, DEFAULT_TIMEOUT_MS, type JobDefinition } from './job-definition.js';
import { describeFailure } from './job-failure.js';
import type { JobQueues } from './job-queues.js';
import type { QueueBackend } from './queue-backend.js';
import type { QueueName, QueueSettings } from './queue-names.js';
import type { JobData } from './queued-job.js';
import { RunningJob } from './running-job.js';

export interface JobWorkerParts {
  readonly queue: QueueName;
  readonly backend: QueueBackend;
  readonly queues: JobQueues;
  readonly catalogue: JobCatalogue;
  readonly runner: JobRunner;
  readonly settings: QueueSettings;
  /** Where the queue's settings say nothing. */
  readonly maxConcurrency: number;
  /** How late timers of this process fire. */
  readonly readLagMs: () => number;
  /** Statements that wait for a connection. */
  readonly countPoolWaiting: () => number;
  /** For a job that is taken without sign of life: it is given to another worker. */
  readonly lockMs: number;
  readonly clock: Clock;
  readonly metrics: JobsMetrics;
  readonly log: Logger;
}

const ADAPT_INTERVAL_MS = 1_000;
/** How often it is looked whether a job that runs was called off. */
const CANCEL_POLL_MS = 500;
/** How exactly a job's time is kept. */
const LATE_INTERVAL_MS = 100;
/** Progress goes to its queue no more often. */
const PROGRESS_INTERVAL_MS = 200;
/** Jobs of batches wait in their places, which are more then. */
const MAX_PLACES = 1_000;
/** Recovered from workers that died: more often, and it is the job that kills them. */
const MAX_STALLS = 3;

/** Works off one queue until it is closed. */
export class JobWorker {
  readonly #parts: JobWorkerParts;
  readonly #worker: Worker<JobData>;
  readonly #batches: Batches;
  readonly #concurrency: AdaptiveConcurrency;
  readonly #running = new Set<RunningJob>();
  readonly #seen: SeenJobs;
  readonly #timers: readonly NodeJS.Timeout[];
  #parked = 0;
  #isEnding = false;

  constructor(parts: JobWorkerParts) {
    this.#parts = parts;
    this.#seen = openSeries(parts.metrics, parts.queue);
    const { queue, settings, maxConcurrency, lockMs } = parts;
    const { min, max } = settings.concurrency ?? { min: Math.min(2, maxConcurrency), max: maxConcurrency };
    this.#concurrency = new AdaptiveConcurrency({
      min: Math.min(min, maxConcurrency),
      max: Math.min(max, maxConcurrency),
    });
    this.#batches = new Batches(parts.runner, (count) => {
      this.#parked = count;
      this.#setPlaces();
    });
    this.#worker = parts.backend.openWorker(queue, (job, token) => this.#take(job, token ?? ''), {
      concurrency: this.#concurrency.target,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: MAX_STALLS,
      ...(settings.rate !== undefined && {
        limiter: { max: settings.rate.max, duration: settings.rate.perMs },
      }),
    });
    this.#worker.on('error', (error) => parts.log.debug({ err: error, queue }, 'A worker lost its queue'));
    this.#worker.on('stalled', (id) => {
      parts.metrics.stalled.inc({ queue });
      parts.log.warn({ queue, job: id }, 'A job was taken up again whose worker is gone');
    });
    this.#worker.on('lockRenewalFailed', (ids) => {
      for (const running of this.#running) if (ids.includes(running.job.id ?? '')) running.end('lost');
    });
    this.#timers = [
      setInterval(() => this.#endLate(), LATE_INTERVAL_MS).unref(),
      setInterval(() => void this.#adapt(), ADAPT_INTERVAL_MS).unref(),
      setInterval(() => void this.#findCancelled(), CANCEL_POLL_MS).unref(),
    ];
  }

  /** Resolves once it takes jobs. */
  async ready(): Promise<void> {
    await this.#worker.waitUntilReady();
  }

  /** Takes no more; what runs is finished within the time, or handed back for others to begin anew. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    for (const timer of this.#timers) clearInterval(timer);
    const closing = this.#worker.close();
    this.#batches.flush();
    const handBack = setTimeout(() => {
      for (const running of this.#running) running.end('handed-back');
    }, timeoutMs);
    try {
      await closing;
    } finally {
      clearTimeout(handBack);
    }
  }

  async #take(job: Job<JobData>, token: string): Promise<unknown> {
    const { queue, log, clock } = this.#parts;
    const seen = this.#seen;
    const beganMs = clock.nowMs();
    // One that was scheduled, or is tried again, is due later than it was made.
    const dueMs = Math.max(job.data.askedAtMs, job.timestamp + (job.delay ?? 0));
    seen.wait.observe(Math.max(0, beganMs - dueMs) / 1000);
    try {
      const result = await this.#attempt(job, beganMs);
      seen.completed.inc();
      return result;
    } catch (error) {
      const kind = error instanceof JobEnd ? error.kind : null;
      if (kind === 'handed-back') {
        seen.handedBack.inc();
        await job.moveToWait(token);
        throw new WaitingError();
      }
      (kind === 'cancelled' ? seen.cancelled : seen.failed).inc();
      if (kind !== 'cancelled')
        log.warn(
          { err: error, queue, job: job.id, name: job.name, attempt: job.attemptsMade + 1 },
          'A job failed',
        );
      throw toQueueError(error);
    } finally {
      seen.run.observe((clock.nowMs() - beganMs) / 1000);
    }
  }

  async #attempt(job: Job<JobData>, beganMs: number): Promise<unknown> {
    const { catalogue, runner } = this.#parts;
    const definition = catalogue.find(job.name);
    if (definition === null)
      throw new UnrecoverableError(
        `The job "${job.name}" is unknown here: its code is gone, or not here yet`,
      );
    if (job.data.isCancelled === true) throw new JobEnd('cancelled');
    const running = new RunningJob(job, beganMs, beganMs + (definition.timeoutMs ?? DEFAULT_TIMEOUT_MS));
    this.#running.add(running);
    const progress = new ProgressReport(job, this.#parts.clock);
    try {
      const attempt = this.#describe(running, progress);
      const working =
        'batch' in definition ? this.#batches.join(definition, attempt) : call(runner, definition, attempt);
      return await Promise.race([working, running.ended]);
    } finally {
      this.#running.delete(running);
      await progress.close();
    }
  }

  #describe(running: RunningJob, progress: ProgressReport): JobAttempt {
    const { job } = running;
    return {
      id: job.id ?? '',
      name: job.name,
      queue: this.#parts.queue,
      data: job.data,
      args: decodeArguments(job.data.args),
      attempt: job.attemptsMade + 1,
      get signal() {
        return running.signal;
      },
      progress: (done, total) => progress.tell(done, total),
      childResults: () => readChildResults(job),
    };
  }

  #setPlaces(): void {
    this.#worker.concurrency = Math.min(MAX_PLACES, Math.max(1, this.#concurrency.target + this.#parked));
    this.#parts.metrics.concurrency.set({ queue: this.#parts.queue }, this.#concurrency.target);
  }

  async #adapt(): Promise<void> {
    const { queue, queues, readLagMs, countPoolWaiting, metrics } = this.#parts;
    try {
      const counts = await queues.count(queue);
      const waiting = (counts.waiting ?? 0) + (counts.prioritized ?? 0);
      metrics.waiting.set({ queue }, waiting);
      metrics.failed.set({ queue }, counts.failed ?? 0);
      this.#concurrency.adapt({
        waiting,
        running: this.#running.size - this.#parked,
        eventLoopLagMs: readLagMs(),
        poolWaiting: countPoolWaiting(),
      });
      this.#setPlaces();
    } catch {
      // The queues are away, which is told where they are asked for something.
    }
  }

  #endLate(): void {
    const nowMs = this.#parts.clock.nowMs();
    for (const running of this.#running) if (nowMs >= running.untilMs) running.end('timeout');
  }

  /** Of those that have been at it for a while: what is over in a moment needs not be called off. */
  async #findCancelled(): Promise<void> {
    const { clock, queue, queues } = this.#parts;
    const lasting = [...this.#running].filter(({ beganMs }) => clock.nowMs() - beganMs >= CANCEL_POLL_MS);
    await Promise.all(
      lasting.map(async (running) => {
        try {
          const now = await queues.find(queue, running.job.id ?? '');
          if (now?.data.isCancelled === true) running.end('cancelled');
        } catch {
          // As above; the job's own time runs on.
        }
      }),
    );
  }
}

/** One queue's series of metrics, found once. */
type SeenJobs = ReturnType<typeof openSeries>;

function openSeries({ finished, waitSeconds, runSeconds }: JobsMetrics, queue: QueueName) {
  return {
    completed: finished.labels({ queue, outcome: 'completed' }),
    failed: finished.labels({ queue, outcome: 'failed' }),
    cancelled: finished.labels({ queue, outcome: 'cancelled' }),
    handedBack: finished.labels({ queue, outcome: 'handed-back' }),
    wait: waitSeconds.labels({ queue }),
    run: runSeconds.labels({ queue }),
  };
}

/** One that throws at once fails like any other. */
async function call(runner: JobRunner, definition: JobDefinition, attempt: JobAttempt): Promise<unknown> {
  return runner.run(definition, attempt);
}

/** What the queue is to make of it: tried again, unless that can't help. */
function toQueueError(error: unknown): Error {
  if (error instanceof JobEnd) {
    if (error.kind === 'cancelled') return new UnrecoverableError('CANCELLED: The job was called off');
    if (error.kind === 'timeout') return new Error('TIMEOUT: The job took longer than it may');
  }
  if (error instanceof UnrecoverableError) return error;
  const text = describeFailure(error);
  if (error instanceof SluiceError && error.code === 'BAD_USER_INPUT') return new UnrecoverableError(text);
  return Object.assign(new Error(text), { stack: error instanceof Error ? error.stack : undefined });
}

async function readChildResults(job: Job<JobData>): Promise<readonly ChildResult[]> {
  const values = await job.getChildrenValues<ChildResult>();
  return Object.entries(values)
    .sort(([one], [other]) => placeOf(one) - placeOf(other))
    .map(([, value]) => value);
}

/** By the end of a child's key: `…<parent>.<place>`. */
function placeOf(key: string): number {
  return Number(key.slice(key.lastIndexOf('.') + 1));
}

/** Tells a job's progress to its queue, the last of it always. */
class ProgressReport {
  #next: { readonly done: number; readonly total: number } | null = null;
  #toldMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;
  #sending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly job: Job<JobData>,
    private readonly clock: Clock,
  ) {}

  tell(done: number, total: number): void {
    this.#next = { done, total };
    const waitMs = this.#toldMs + PROGRESS_INTERVAL_MS - this.clock.nowMs();
    if (waitMs <= 0) this.#send();
    else this.#timer ??= setTimeout(() => this.#send(), waitMs);
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#next = null;
    await this.#sending;
  }

  #send(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const next = this.#next;
    if (next === null) return;
    this.#next = null;
    this.#toldMs = this.clock.nowMs();
    // Progress that can't be told is none that anybody misses.
    this.#sending = this.job.updateProgress(next).catch(() => undefined);
  }
}
