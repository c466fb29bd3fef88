import type { Viewer } from '../identity/viewer.js';
import type { Logger } from '../telemetry/logger.js';
import type { QueueName } from './queue-names.js';

/** Runs one statement. Values as `pg` gives them: exact numbers as text. */
export type RunSql = <Row extends object = Record<string, unknown>>(
  text: string,
  values?: readonly unknown[],
) => Promise<readonly Row[]>;

/** What a chunk of a long job comes to. */
export interface ChunkResult<State> {
  /** JSON. Kept with the chunk's own writes, in one transaction: whoever goes on begins here. At most 1 MB. */
  readonly state: State;
  readonly isDone: boolean;
  /** Units that are done, of how many; left out: nobody can tell. */
  readonly done?: number;
  readonly total?: number;
}

export interface FoldOptions<State> {
  /** Tells several folds of one job apart. Default: `main`. */
  readonly step?: string;
  readonly start: State;
  /** Called in a transaction of its own, again and again until it says that it is done. */
  chunk(sql: RunSql, state: State): Promise<ChunkResult<State>>;
}

/** What a job's code works with; `Client` is the app's Prisma Client. */
export interface JobRun<Client = unknown> {
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
  /** Whom the result is for; null: for everybody, so it must not depend on anybody. */
  readonly viewer: Viewer | null;
  /** What the one who asks said of something that the app registered, where the field varies by it. */
  vary(name: string): string;
  /** Aborted when the job is to end: called off, out of time, or its worker stops. */
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Models that are read through it are noted: the result is outdated once they change. */
  readonly prisma: Client;
  /** Reads by SQL of your own. What it reads is to be said by the definition's `reads`, or with `tag`. */
  readonly sql: RunSql;
  /** All or nothing. */
  transaction<Result>(work: (sql: RunSql) => Promise<Result>): Promise<Result>;
  /**
   * Works in chunks, so that memory stays bounded and a worker that dies loses one chunk: each is committed together with
   * where it has come to, and none counts twice.
   *
   * @returns the last state
   */
  fold<State>(options: FoldOptions<State>): Promise<State>;
  /** Declares what the result depends on, as `RequestContext.tag` does. */
  tag(...tags: readonly string[]): void;
  progress(done: number, total: number): void;
  /** Has another job run. @returns its id */
  enqueue(name: string, args?: object, options?: EnqueueOptions): Promise<string>;
  /** Results of the jobs that this one waited for, by their names and in their order. */
  childResults(): Promise<readonly ChildResult[]>;
}

export interface ChildResult {
  readonly name: string;
  readonly result: unknown;
}

export interface EnqueueOptions {
  /** Jobs of the same key are one as long as it waits or runs. */
  readonly key?: string;
  /** 1 comes first. Default: after those that have none, in order. */
  readonly priority?: number;
  readonly delayMs?: number;
  /** Run first; this one begins when all of them have ended well. */
  readonly children?: readonly { readonly name: string; readonly args?: object }[];
}

interface DefinitionBase {
  /** The field that it computes, such as `Query.salesReport`, or a name of its own, such as `expire-sessions`. */
  readonly name: string;
  /** Of one with a name of its own; a field's is what `@offload` says. Default: `default`. */
  readonly queue?: QueueName;
  /**
   * What its own SQL reads: models, such as `Animal`, or single columns of them, such as `Animal.taxonId`. Its result is
   * outdated once one of them changes, or a row of such a model comes or goes.
   */
  readonly reads?: readonly string[];
  /** Before it is given up. Default: 3, from 1 to 20. */
  readonly attempts?: number;
  /** For one attempt. Default: 900,000. */
  readonly timeoutMs?: number;
  /** For one of its statements. Default: 60,000. */
  readonly statementTimeoutMs?: number;
}

/** Code that runs beside the worker's other jobs: mostly waiting, for SQL or for others. */
export interface AsyncJobDefinition extends DefinitionBase {
  // biome-ignore lint/suspicious/noExplicitAny: the app names its own arguments and its own Prisma Client
  run(args: any, job: JobRun<any>): Promise<unknown>;
}

/** Code that computes: a module whose default export is called with `ThreadTask`, in a thread of its own. */
export interface ThreadJobDefinition extends DefinitionBase {
  readonly thread: URL;
}

/** Code that does many jobs at once. */
export interface BatchJobDefinition extends DefinitionBase {
  /** Runs once so many wait (1 to 1,000), or the first of them has waited so long (up to 600,000 ms). */
  readonly batch: { readonly maxItems: number; readonly maxWaitMs: number };
  /**
   * One outcome an item, in their order. Where the whole throws, each is tried by itself, so that one that can't be done
   * fails alone.
   */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  runBatch(items: readonly any[], job: BatchRun<any>): Promise<readonly BatchOutcome[]>;
}

export type BatchRun<Client = unknown> = Pick<
  JobRun<Client>,
  'signal' | 'log' | 'prisma' | 'sql' | 'transaction'
>;

export type BatchOutcome = { readonly result: unknown } | { readonly error: unknown };

export type JobDefinition = AsyncJobDefinition | ThreadJobDefinition | BatchJobDefinition;

/** What a thread's module is called with. */
export interface ThreadTask {
  readonly args: unknown;
  progress(done: number, total: number): void;
}

export const DEFAULT_ATTEMPTS = 3;
export const DEFAULT_TIMEOUT_MS = 900_000;
export const DEFAULT_STATEMENT_TIMEOUT_MS = 60_000;
