import type { Pool } from 'pg';
import type { Changes } from '../../changes/changes.js';
import { NOWHERE, type Position } from '../../changes/position.js';
import {
  DEFAULT_STATEMENT_TIMEOUT_MS,
  type JobDefinition,
  type JobRun,
  type RunSql,
} from '../../jobs/job-definition.js';
import { readingSql, runTransaction, sqlOf } from '../../jobs/job-sql.js';
import type { ModelGraph } from '../../model/model-graph.js';
import type { ChangesMetrics } from '../../telemetry/metrics.js';
import { RequestChanges } from '../changes/request-changes.js';

export interface JobAccessParts {
  /** Connections that nobody else uses: a long report keeps no request waiting for one. */
  readonly pool: Pool;
  /** The app's Prisma Client. */
  readonly prisma: unknown;
  readonly graph: ModelGraph;
  /** Null: nobody follows changes. */
  readonly following: { readonly changes: Changes } | null;
  readonly settleTimeoutMs: number;
  readonly metrics: ChangesMetrics;
}

/** What was seen of how a job read and wrote. */
export interface JobTraces {
  usesSql: boolean;
  isTagged: boolean;
  mayHaveWritten: boolean;
  stamp: Position;
}

/** How one attempt reads and writes. */
export interface JobAccess {
  readonly changes: RequestChanges;
  readonly traces: JobTraces;
  readonly timeoutMs: number;
  readonly sql: RunSql;
  readonly transaction: JobRun['transaction'];
}

/** Ways to read and write for one attempt, or one batch, that note what is done. */
export function openJobAccess(
  { pool, prisma, graph, following, metrics, settleTimeoutMs }: JobAccessParts,
  definition: JobDefinition,
  signal: AbortSignal,
): JobAccess {
  const timeoutMs = definition.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const traces: JobTraces = {
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
