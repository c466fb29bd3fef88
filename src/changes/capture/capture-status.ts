import { z } from 'zod';
import type { SqlClient } from '../../model/database-catalog.js';
import { type CaptureStates, readCaptureStates } from './capture-state.js';
import { findPendingEngineSchema } from './engine-schema.js';
import type { CapturePlan } from './plan-capture.js';

/** All that an operator wants to know about capture in a database. */
export type CaptureStatus =
  /** The engine's schema lacks steps; `sluice migrate` applies them. */
  | { readonly kind: 'no-schema'; readonly pending: readonly string[] }
  | {
      readonly kind: 'installed';
      readonly plan: CapturePlan;
      readonly states: CaptureStates;
      readonly outbox: OutboxSize;
    };

export interface OutboxSize {
  /** Counted up to `MAX_COUNTED_ROWS`. */
  readonly rows: number;
  /** Age of the oldest; null: there is none. */
  readonly oldestSeconds: number | null;
}

/** Counting goes on no further: a backlog is a backlog. */
export const MAX_COUNTED_ROWS = 1_000_000;

export async function readCaptureStatus(client: SqlClient, plan: CapturePlan): Promise<CaptureStatus> {
  const pending = await findPendingEngineSchema(client);
  if (pending.length > 0) return { kind: 'no-schema', pending };
  const states = await readCaptureStates(client, plan);
  return { kind: 'installed', plan, states, outbox: await readOutboxSize(client) };
}

const sizeRow = z.object({ rows: z.number(), oldestSeconds: z.number().nullable() });

/** Rows that nobody has drained yet. */
async function readOutboxSize(client: SqlClient): Promise<OutboxSize> {
  const { rows } = await client.query(
    `SELECT count(*)::float8 AS rows, extract(epoch FROM clock_timestamp() - min(at))::float8 AS "oldestSeconds"
     FROM (SELECT at FROM sluice.outbox LIMIT ${MAX_COUNTED_ROWS}) AS counted`,
    [],
  );
  return sizeRow.parse(rows[0]);
}
