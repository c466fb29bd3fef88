import type { Pool } from 'pg';
import { z } from 'zod';
import { decodeValue, encodeValue, VALUE_FORMAT } from '../cache/codec/value-codec.js';
import type { Position } from '../changes/position.js';
import { SluiceError } from '../kernel/sluice-error.js';
import { dropCheckpoints } from './checkpoints.js';
import { runTransaction, sqlOf } from './job-sql.js';
import type { QueueName } from './queue-names.js';
import type { JobViewer } from './queued-job.js';

/** The last good result of a job, and what it depends on. */
export interface JobResult {
  readonly id: string;
  readonly name: string;
  readonly queue: QueueName;
  /** Whom it is for; null: for everybody. */
  readonly viewer: JobViewer | null;
  readonly value: unknown;
  /** Read before the job's first read. */
  readonly stamp: Position;
  readonly tagHashes: Uint32Array;
  readonly modelHashes: Uint32Array;
  /** Since 1970. */
  readonly computedAtMs: number;
  readonly runMs: number;
}

export interface JobResultsParts {
  /** With the engine's tables. */
  readonly pool: Pool;
  readonly ttlSeconds: number;
  readonly maxBytes: number;
}

const row = z.object({
  id: z.string(),
  name: z.string(),
  queue: z.string(),
  viewer: z.string().nullable(),
  value: z.instanceof(Buffer),
  epoch: z.string(),
  position: z.coerce.number(),
  tag_hashes: z.instanceof(Buffer),
  model_hashes: z.instanceof(Buffer),
  computed_ms: z.coerce.number(),
  run_ms: z.int(),
});

const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * Results of jobs that fields ask for, in PostgreSQL: they outlive both Redis and the workers, and are there for whichever
 * node is asked.
 */
export class JobResults {
  readonly #parts: JobResultsParts;

  constructor(parts: JobResultsParts) {
    this.#parts = parts;
  }

  /** Null: there is none, it is too old, or another version of Node.js wrote it. */
  async find(id: string): Promise<JobResult | null> {
    const { rows } = await this.#parts.pool.query(
      `SELECT id, name, queue, viewer, value, epoch, position, tag_hashes, model_hashes, run_ms,
         extract(epoch FROM computed_at) * 1000 AS computed_ms
       FROM sluice.job_results WHERE id = $1 AND format = $2 AND expires_at > now()`,
      [id, VALUE_FORMAT],
    );
    if (rows[0] === undefined) return null;
    const found = row.parse(rows[0]);
    return {
      id: found.id,
      name: found.name,
      queue: found.queue as QueueName,
      viewer: found.viewer === null ? null : (JSON.parse(found.viewer) as JobViewer),
      value: decodeValue(found.value),
      stamp: { epoch: found.epoch, id: found.position },
      tagHashes: toHashes(found.tag_hashes),
      modelHashes: toHashes(found.model_hashes),
      computedAtMs: found.computed_ms,
      runMs: found.run_ms,
    };
  }

  /**
   * Takes the place of the one before, unless that is newer; what the job's chunks left is dropped with it.
   *
   * @throws SluiceError `JOB_TOO_LARGE`; TypeError for what is no plain data
   */
  async save(result: JobResult): Promise<void> {
    const { pool, ttlSeconds, maxBytes } = this.#parts;
    const value = encodeValue(result.value);
    if (value === null) throw new TypeError(`The result of ${result.name} holds more than plain data`);
    if (value.length > maxBytes)
      throw new SluiceError(
        'JOB_TOO_LARGE',
        `The result of ${result.name} takes ${value.length} bytes, of ${maxBytes} at most; ask for less at a time`,
      );
    await runTransaction(pool, STATEMENT_TIMEOUT_MS, async (client) => {
      await client.query(
        `INSERT INTO sluice.job_results
           (id, name, queue, viewer, format, value, epoch, position, tag_hashes, model_hashes, computed_at, run_ms,
            expires_at)
         VALUES ($1, $2, $3, $13, $4, $5, $6, $7, $8, $9, to_timestamp($10::float8 / 1000), $11,
           now() + make_interval(secs => $12))
         ON CONFLICT (id) DO UPDATE SET format = excluded.format, value = excluded.value, epoch = excluded.epoch,
           position = excluded.position, tag_hashes = excluded.tag_hashes, model_hashes = excluded.model_hashes,
           computed_at = excluded.computed_at, run_ms = excluded.run_ms, expires_at = excluded.expires_at
         WHERE job_results.epoch <> excluded.epoch OR job_results.position <= excluded.position`,
        [
          result.id,
          result.name,
          result.queue,
          VALUE_FORMAT,
          value,
          result.stamp.epoch,
          result.stamp.id,
          toBytes(result.tagHashes),
          toBytes(result.modelHashes),
          result.computedAtMs,
          Math.round(result.runMs),
          ttlSeconds,
          result.viewer === null ? null : JSON.stringify(result.viewer),
        ],
      );
      await dropCheckpoints(sqlOf(client), result.id);
    });
  }
}

function toBytes(hashes: Uint32Array): Buffer {
  return Buffer.from(hashes.buffer, hashes.byteOffset, hashes.byteLength);
}

function toHashes(bytes: Buffer): Uint32Array {
  // A copy: the bytes may begin at an address that is no multiple of four.
  return new Uint32Array(new Uint8Array(bytes).buffer);
}
