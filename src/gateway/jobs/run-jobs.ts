import type { Pool } from 'pg';
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
import {
  type AsyncJobDefinition,
  type BatchJobDefinition,
  DEFAULT_STATEMENT_TIMEOUT_MS,
  type JobDefinition,
  type JobRun,
  type RunSql,
} from '../../jobs/job-definition.js';
import type { JobQueues } from '../../jobs/job-queues.js';
import { tagJobReads } from '../../jobs/job-reads.js';
import type { JobResults } from '../../jobs/job-results.js';
import { readingSql, runTransaction, sqlOf } from '../../jobs/job-sql.js';
import type { JobViewer } from '../../jobs/queued-job.js';
import type { Threads } from '../../jobs/threads.js';
import type { Clock } from '../../kernel/clock.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { ModelGraph } from '../../model/model-graph.js';
import { ReadRecorder } from '../../reads/tags/read-recorder.js';
import type { ReadTagging } from '../../reads/tags/read-tagging.js';
import type { Logger } from '../../telemetry/logger.js';
import type { ChangesMetrics } from '../../telemetry/metrics.js';
import { RequestChanges } from '../changes/request-changes.js';
import { hashKey } from './job-ids.js';

export interface GatewayJobRunnerParts {
  readonly catalogue: JobCatalogue;
  readonly queues: JobQueues;
  readonly results: JobResults;
  readonly threads: Threads;
  /** Connections that nobody else uses: a long report keeps no request waiting for one. */
  readonly pool: Pool;
  /** The app's Prisma Client. */
  readonly prisma: unknown;
  readonly graph: ModelGraph;
  /** Null: nobody follows changes. */
  readonly following: {
    readonly changes: Changes;
    readonly tagging: ReadTagging;
    readonly specs: ReadonlyMap<string, CaptureSpec>;
  } | null;
  readonly settleTimeoutMs: number;
  readonly maxResultBytes: number;
  readonly clock: Clock;
  readonly metrics: ChangesMetrics;
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

/** What was seen of how a job read and wrote. */
interface Traces {
  usesSql: boolean;
  isTagged: boolean;
  mayHaveWritten: boolean;
  stamp: Position;
}

/** How one attempt reads and writes. */
interface JobAccess {
  readonly changes: RequestChanges;
  readonly traces: Traces;
  readonly timeoutMs: number;
  readonly sql: RunSql;
  readonly transaction: JobRun['transaction'];
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
    const { changes, traces, sql, transaction } = this.#openAccess(definition, controller.signal);
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
    if (following === null) return true;
    const { changes } = following;
    return (await changes.ensureTrusted()) && changes.isValid(kept.stamp, kept.tagHashes, kept.modelHashes);
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
    const access = this.#openAccess(definition, attempt.signal);
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

  #openAccess(definition: JobDefinition, signal: AbortSignal): JobAccess {
    const { pool, prisma, graph, following, metrics, settleTimeoutMs } = this.#parts;
    const timeoutMs = definition.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
    const traces: Traces = {
      usesSql: false,
      isTagged: false,
      mayHaveWritten: false,
      // Before the first read: what changes meanwhile must make the result look old.
      stamp: following?.changes.position ?? NOWHERE,
    };
    const changes = new RequestChanges(
      {
        changes: following?.changes ?? null,
        client: prisma,
        graph,
        metrics,
        settleTimeoutMs,
        positionTimeoutMs: 0,
      },
      null,
      () => undefined,
    );
    const read = readingSql(pool, timeoutMs);
    const sql: RunSql = (text, values) => {
      signal.throwIfAborted();
      traces.usesSql = true;
      return read(text, values);
    };
    const transaction = <Result>(work: (own: RunSql) => Promise<Result>): Promise<Result> => {
      signal.throwIfAborted();
      traces.usesSql = true;
      traces.mayHaveWritten = true;
      return runTransaction(pool, timeoutMs, (client) => work(sqlOf(client)));
    };
    return { changes, traces, timeoutMs, sql, transaction };
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
  async #settle(changes: RequestChanges, { mayHaveWritten }: Traces): Promise<void> {
    await changes.settle();
    if (mayHaveWritten) await this.#parts.following?.changes.settle('may-have-written');
  }

  #findDependences(
    definition: JobDefinition,
    { name, data }: JobAttempt,
    traces: Traces,
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
