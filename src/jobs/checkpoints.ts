import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import type { Position } from '../changes/position.js';
import { SluiceError } from '../kernel/sluice-error.js';
import { JobEnd } from './job-attempt.js';
import type { FoldOptions, RunSql } from './job-definition.js';
import { runTransaction, sqlOf } from './job-sql.js';

/** What a checkpoint's state may take, as JSON. */
const MAX_STATE_BYTES = 1_048_576;

const row = z.object({
  version: z.int(),
  state: z.string(),
  is_done: z.boolean(),
  epoch: z.string(),
  position: z.coerce.number(),
});
type Checkpoint = z.infer<typeof row>;

export interface FoldContext {
  readonly jobId: string;
  readonly pool: Pool;
  readonly statementTimeoutMs: number;
  readonly signal: AbortSignal;
  /** Where the change log stood before the job's first read. */
  readonly stamp: Position;
  onProgress(done: number, total: number): void;
  /** Of the attempt that began, which may have been another one. */
  onStamp(stamp: Position): void;
}

/**
 * Works in chunks, each in one transaction with the note of where it has come to. Whoever has the job next goes on there;
 * of two who believe that they have it, one finds that the other was here, and its chunk is undone.
 */
export async function fold<State>(options: FoldOptions<State>, context: FoldContext): Promise<State> {
  const { step = 'main', start, chunk } = options;
  const { pool, jobId, statementTimeoutMs, signal } = context;
  let at = await openCheckpoint(pool, { jobId, step, state: encodeState(start), stamp: context.stamp });
  context.onStamp({ epoch: at.epoch, id: at.position });
  while (!at.is_done) {
    signal.throwIfAborted();
    const before = at;
    at = await runTransaction(pool, statementTimeoutMs, async (client) => {
      const { state, isDone, done, total } = await chunk(sqlOf(client), JSON.parse(before.state) as State);
      const next = { ...before, version: before.version + 1, state: encodeState(state), is_done: isDone };
      await moveOn(client, { jobId, step, from: before.version, to: next });
      if (done !== undefined && total !== undefined) context.onProgress(done, total);
      return next;
    });
  }
  return JSON.parse(at.state) as State;
}

/** Removed once a result is kept that makes them needless. */
export async function dropCheckpoints(sql: RunSql, jobId: string): Promise<void> {
  await sql('DELETE FROM sluice.job_checkpoints WHERE job_id = $1', [jobId]);
}

interface Opening {
  readonly jobId: string;
  readonly step: string;
  readonly state: string;
  readonly stamp: Position;
}

async function openCheckpoint(pool: Pool, { jobId, step, state, stamp }: Opening): Promise<Checkpoint> {
  await pool.query(
    `INSERT INTO sluice.job_checkpoints (job_id, step, version, state, is_done, epoch, position)
     VALUES ($1, $2, 0, $3, false, $4, $5) ON CONFLICT DO NOTHING`,
    [jobId, step, state, stamp.epoch, stamp.id],
  );
  const { rows } = await pool.query(
    'SELECT version, state, is_done, epoch, position FROM sluice.job_checkpoints WHERE job_id = $1 AND step = $2',
    [jobId, step],
  );
  return row.parse(rows[0]);
}

async function moveOn(
  client: PoolClient,
  move: {
    readonly jobId: string;
    readonly step: string;
    readonly from: number;
    readonly to: Checkpoint;
  },
): Promise<void> {
  const { jobId, step, from, to } = move;
  const { rowCount } = await client.query(
    `UPDATE sluice.job_checkpoints SET version = $4, state = $5, is_done = $6, updated_at = now()
     WHERE job_id = $1 AND step = $2 AND version = $3`,
    [jobId, step, from, to.version, to.state, to.is_done],
  );
  if (rowCount !== 1) throw new JobEnd('lost');
}

function encodeState(state: unknown): string {
  const text = JSON.stringify(state ?? null);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_STATE_BYTES)
    throw new SluiceError(
      'JOB_TOO_LARGE',
      `What a chunk leaves for the next takes ${bytes} bytes, of ${MAX_STATE_BYTES} at most`,
    );
  return text;
}
