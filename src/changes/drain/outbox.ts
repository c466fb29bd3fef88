import type { QueryResult } from 'pg';
import { quoteLiteral } from '../../model/sql/literals.js';
import { onlyRow } from './only-row.js';

/** What is asked of a connection: statements, as text, at most for so long. */
export type Ask = (text: string, deadlineMs?: number) => Promise<readonly QueryResult[]>;

/** One look at the outbox, without a lock. */
export interface Peeked {
  readonly epoch: string;
  readonly head: number;
  readonly lsn: string;
  /** False: a crash, a promotion or a restore lies between; the next that takes begins a new epoch. */
  readonly isStanding: boolean;
  readonly isEmpty: boolean;
}

/** What one pass took out of the outbox; nothing is final before its transaction commits. */
export interface Taken {
  readonly epoch: string;
  /** Null: there was nothing to take. */
  readonly id: number | null;
  readonly prev: number;
  readonly lsn: string;
  readonly tags: readonly string[];
  readonly isHorizon: boolean;
  /** More is left than one pass takes. */
  readonly isPartial: boolean;
}

export interface TakeOptions {
  readonly place: string;
  readonly maxRows: number;
  readonly maxBacklogRows: number;
  readonly deadlineMs: number;
}

export async function peek(ask: Ask, place: string): Promise<Peeked> {
  const row = onlyRow<PeekRow>(await ask(`SELECT * FROM sluice.peek(${quoteLiteral(place)})`));
  return {
    epoch: row.epoch,
    head: Number(row.head),
    lsn: row.lsn,
    isStanding: row.is_standing,
    isEmpty: row.is_empty,
  };
}

/** Leaves a transaction open that holds the lock: commit or roll back soon. */
export async function take(ask: Ask, options: TakeOptions): Promise<Taken> {
  const { place, maxRows, maxBacklogRows, deadlineMs } = options;
  // One message: what holds the lock has its changes a round trip earlier.
  const row = onlyRow<TakeRow>(
    await ask(
      'BEGIN ISOLATION LEVEL READ COMMITTED; ' +
        `SELECT * FROM sluice.take(${quoteLiteral(place)}, ${maxRows}, ${maxBacklogRows})`,
      deadlineMs,
    ),
  );
  return {
    epoch: row.epoch,
    id: row.id === null ? null : Number(row.id),
    prev: Number(row.prev),
    lsn: row.lsn,
    tags: row.tags === null ? [] : JSON.parse(row.tags),
    isHorizon: row.is_horizon,
    isPartial: row.is_partial,
  };
}

/** Rows that wait, counted up to `maxRows`, and since when the oldest of them does. */
export async function measureOutbox(
  ask: Ask,
  maxRows: number,
): Promise<{ readonly rows: number; readonly oldestMs: number | null }> {
  const row = onlyRow<{ readonly count: string; readonly oldest: string | null }>(
    await ask(
      `SELECT count(*), extract(epoch FROM clock_timestamp() - min(at)) * 1000 AS oldest
       FROM (SELECT at FROM sluice.outbox LIMIT ${maxRows}) AS waiting`,
    ),
  );
  return { rows: Number(row.count), oldestMs: row.oldest === null ? null : Number(row.oldest) };
}

interface PeekRow {
  readonly epoch: string;
  readonly head: string;
  readonly lsn: string;
  readonly is_standing: boolean;
  readonly is_empty: boolean;
}

interface TakeRow {
  readonly epoch: string;
  readonly id: string | null;
  readonly prev: string;
  readonly lsn: string;
  readonly tags: string | null;
  readonly is_horizon: boolean;
  readonly is_partial: boolean;
}
