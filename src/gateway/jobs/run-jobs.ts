import { coordinatePurgeTag, PURGE_ALL_TAG } from '../../cache/purging/purge-tags.js';
import type { CaptureSpec } from '../../changes/capture/capture-spec.js';
import type { Changes } from '../../changes/changes.js';
import { NOWHERE, type Position } from '../../changes/position.js';
import { hashTags } from '../../changes/tags/hash-tag.js';
import { collapseTag } from '../../changes/tags/tag-grammar.js';
import type { Viewer } from '../../identity/viewer.js';
import { fold } from '../../jobs/checkpoints.js';
import type { JobAttempt, JobRunner } from '../../jobs/job-attempt.js';
import type { JobCatalogue } from '../../jobs/job-catalogue.js';
import type {
  AsyncJobDefinition,
  BatchJobDefinition,
  JobDefinition,
  JobRun,
} from '../../jobs/job-definition.js';
import type { JobQueues } from '../../jobs/job-queues.js';
import { tagJobReads } from '../../jobs/job-reads.js';
import type { JobResults } from '../../jobs/job-results.js';
import type { JobViewer } from '../../jobs/queued-job.js';
import type { Threads } from '../../jobs/threads.js';
import type { Clock } from '../../kernel/clock.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { ReadRecorder } from '../../reads/tags/read-recorder.js';
import type { ReadTagging } from '../../reads/tags/read-tagging.js';
import type { Logger } from '../../telemetry/logger.js';
import type { RequestChanges } from '../changes/request-changes.js';
import { type JobAccess, type JobAccessParts, type JobTraces, openJobAccess } from './job-access.js';
import { hashKey } from './job-ids.js';
import { holds } from './result-holds.js';

export interface GatewayJobRunnerParts extends JobAccessParts {
  readonly catalogue: JobCatalogue;
  readonly queues: JobQueues;
  readonly results: JobResults;
  readonly threads: Threads;
  /** Null: nobody follows changes. */
  readonly following: {
    readonly changes: Changes;
    readonly tagging: ReadTagging;
    readonly specs: ReadonlyMap<string, CaptureSpec>;
  } | null;
  readonly maxResultBytes: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What has changed while a job ran makes it run once more, not once per change. */
const MAX_RUNS = 2;

interface Computed {
  readonly value: unknown;
  readonly stamp: Position;
  readonly tagHashes: Uint32Array;
  readonly modelHashes: Uint32Array;
  readonly runMs: number;
}

/** Runs an app's jobs, and keeps the results that fields ask for with what they depend on. */
export class GatewayJobRunner implements JobRunner {
  readonly #parts: GatewayJobRunnerParts;

  constructor(parts: GatewayJobRunnerParts) {
    this.#parts = parts;
  }

  async run(definition: JobDefinition, attempt: JobAttempt): Promise<unknown> {
    const { lifeMs } = attempt.data;
    if (lifeMs === undefined) {
      const { value } = await this.#compute(definition, attempt);
      return { name: attempt.name, result: this.#limitResult(value, attempt.name) };
    }
    // Somebody asked again while the one before was being kept.
    if (await this.#isKept(attempt.id, lifeMs)) return { isReused: true };
    for (let runs = 1; ; runs++) {
      const computed = await this.#compute(definition, attempt);
      const { id, name, queue, data, signal } = attempt;
      // Who was told to end, and went on all the same, has nobody to give it to.
      signal.throwIfAborted();
      await this.#parts.results.save({
        ...{ id, name, queue },
        viewer: data.viewer,
        ...computed,
        computedAtMs: this.#parts.clock.nowMs(),
      });
      if (runs >= MAX_RUNS || !(await this.#hasChanged(computed))) return { runs };
    }
  }

  async runBatch(
    definition: JobDefinition,
    attempts: readonly JobAttempt[],
  ): Promise<readonly PromiseSettledResult<unknown>[]> {
    const { runBatch, name } = definition as BatchJobDefinition;
    const controller = new AbortController();
    const end = () => {
      if (attempts.every(({ signal }) => signal.aborted)) controller.abort(attempts[0]?.signal.reason);
    };
    for (const { signal } of attempts) signal.addEventListener('abort', end, { once: true });
    const { changes, traces, sql, transaction } = openJobAccess(this.#parts, definition, controller.signal);
    const log = this.#parts.log.child({ job: name, items: attempts.length });
    const items = attempts.map(({ args }) => args);
    try {
      const outcomes = await runBatch(items, {
        signal: controller.signal,
        log,
        prisma: changes.client,
        sql,
        transaction,
      });
      return attempts.map((_, index): PromiseSettledResult<unknown> => {
        const outcome = outcomes[index];
        if (outcome === undefined)
          return { status: 'rejected', reason: new Error('the batch gave no outcome for it') };
        return 'error' in outcome
          ? { status: 'rejected', reason: outcome.error }
          : { status: 'fulfilled', value: { name, result: outcome.result } };
      });
    } finally {
      await this.#settle(changes, traces);
    }
  }

  async #isKept(id: string, lifeMs: number): Promise<boolean> {
    const { results, following, clock } = this.#parts;
    const kept = await results.find(id);
    if (kept === null || clock.nowMs() - kept.computedAtMs >= lifeMs) return false;
    return holds(following?.changes ?? null, kept);
  }

  /** Only what is known to be outdated is worth the second run. */
  async #hasChanged({ stamp, tagHashes, modelHashes }: Computed): Promise<boolean> {
    const changes = this.#parts.following?.changes ?? null;
    if (changes === null || stamp.epoch === '' || !(await changes.ensureTrusted())) return false;
    return !changes.isValid(stamp, tagHashes, modelHashes);
  }

  async #compute(definition: JobDefinition, attempt: JobAttempt): Promise<Computed> {
    const { following, clock } = this.#parts;
    const recorder = following === null ? null : new ReadRecorder(following.tagging);
    await following?.changes.ensureTrusted();
    const beganMs = clock.nowMs();
    const access = openJobAccess(this.#parts, definition, attempt.signal);
    const { changes, traces } = access;
    if (recorder !== null && following !== null) {
      changes.record(recorder);
      const { tags, models } = tagJobReads(definition.reads ?? [], following.specs);
      recorder.noteRead(tags, models);
    }
    let value: unknown;
    try {
      value =
        'thread' in definition
          ? await this.#parts.threads.run({
              module: definition.thread,
              args: attempt.args,
              signal: attempt.signal,
              progress: attempt.progress,
            })
          : await (definition as AsyncJobDefinition).run(
              attempt.args,
              this.#describeRun(definition, attempt, access, recorder),
            );
    } finally {
      await this.#settle(changes, traces);
    }
    const runMs = clock.nowMs() - beganMs;
    return { value, runMs, ...this.#findDependences(definition, attempt, traces, recorder) };
  }

  #describeRun(
    definition: JobDefinition,
    attempt: JobAttempt,
    access: JobAccess,
    recorder: ReadRecorder | null,
  ): JobRun {
    const { queues, pool, log } = this.#parts;
    const { changes, traces, timeoutMs, sql, transaction } = access;
    const { id, signal, data } = attempt;
    return {
      id,
      attempt: attempt.attempt,
      viewer: toViewer(data.viewer),
      vary: (name) => findVaried(data.varied, name),
      signal,
      log: log.child({ job: definition.name, jobId: id }),
      prisma: changes.client,
      sql,
      transaction,
      fold: (options) => {
        traces.usesSql = true;
        traces.mayHaveWritten = true;
        return fold(options, {
          jobId: id,
          pool,
          statementTimeoutMs: timeoutMs,
          signal,
          stamp: traces.stamp,
          onProgress: attempt.progress,
          onStamp: (stamp) => {
            traces.stamp = olderOf(traces.stamp, stamp);
          },
        });
      },
      tag: (...tags) => {
        traces.isTagged = true;
        recorder?.noteTags(tags);
      },
      progress: attempt.progress,
      enqueue: (name, args = {}, { key, ...options } = {}) => {
        this.#refuseUnknown(name);
        const asked = queues.enqueue({
          ...options,
          ...{ name, args },
          id: key === undefined ? null : hashKey(name, key),
          viewer: data.viewer,
        });
        return asked.then((enqueued) => enqueued.id);
      },
      childResults: attempt.childResults,
    };
  }

  #refuseUnknown(name: string): void {
    if (this.#parts.catalogue.find(name) === null)
      throw new SluiceError('NOT_FOUND', `The app defines no job "${name}"`);
  }

  /** Has everybody told what was written, so that kept answers don't outlive it. */
  async #settle(changes: RequestChanges, { mayHaveWritten }: JobTraces): Promise<void> {
    await changes.settle();
    if (mayHaveWritten) await this.#parts.following?.changes.settle('may-have-written');
  }

  #findDependences(
    definition: JobDefinition,
    { name, data }: JobAttempt,
    traces: JobTraces,
    recorder: ReadRecorder | null,
  ): Pick<Computed, 'stamp' | 'tagHashes' | 'modelHashes'> {
    const nothing = { stamp: NOWHERE, tagHashes: new Uint32Array(), modelHashes: new Uint32Array() };
    const { following, log } = this.#parts;
    if (recorder === null || following === null) return nothing;
    const seen = recorder.finish();
    const isTold = definition.reads !== undefined || traces.isTagged;
    const isUnseen = !isTold && (traces.usesSql || 'thread' in definition || seen.unseen.length > 0);
    const untold = seen.models.find((model) => !following.changes.isCaptured(model));
    if (isUnseen || untold !== undefined) {
      const why = isUnseen
        ? 'it reads by SQL: name the models in `reads`, or tag what it reads'
        : `changes of ${String(untold)} are not captured`;
      // Whoever asks for no result doesn't mind.
      if (data.lifeMs !== undefined)
        log.warn(
          { job: name },
          `Nobody can know when the result is outdated, so it always counts as such: ${why}`,
        );
      return nothing;
    }
    const tags = [...seen.tags, PURGE_ALL_TAG, coordinatePurgeTag(name)];
    return {
      stamp: traces.stamp,
      tagHashes: hashTags(tags),
      modelHashes: hashTags(seen.models.map(collapseTag)),
    };
  }

  #limitResult(value: unknown, name: string): unknown {
    if (value === undefined || value === null) return null;
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes > this.#parts.maxResultBytes)
      throw new SluiceError(
        'JOB_TOO_LARGE',
        `The result of ${name} takes ${bytes} bytes, of ${this.#parts.maxResultBytes} at most`,
      );
    return value;
  }
}

/** Of two positions the one that makes a result look older; of two epochs, nothing is known of either. */
function olderOf(one: Position, other: Position): Position {
  if (one.epoch !== other.epoch) return NOWHERE;
  return other.id < one.id ? other : one;
}

function toViewer(viewer: JobViewer | null): Viewer | null {
  if (viewer === null) return null;
  const { id, tier, scopes } = viewer;
  return { id, tier: tier ?? 'anonymous', scopes: scopes ?? [], isAuthenticated: id !== null };
}

/** @throws TypeError for what the result doesn't vary by */
function findVaried(varied: { readonly [name: string]: string } = {}, name: string): string {
  const value = varied[name];
  if (value === undefined) throw new TypeError(`The job's field is not declared to vary by ${name}.`);
  return value;
}
