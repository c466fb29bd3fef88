import { z } from 'zod';
import type { JobRun, RunSql } from '../job-definition.js';
import type { RollupDefinition, RollupSlice } from './rollup-definition.js';

/** Marks that one transaction takes: what it computes, writers of the rollup's own table would wait for. */
const MAX_MARKS = 2_000;

const marks = z.array(z.object({ slice: z.record(z.string(), z.union([z.string(), z.number(), z.null()])) }));

/**
 * Computes the slices anew that were touched, and takes their marks away, in one transaction each: whoever touches one
 * meanwhile leaves a mark that is found the next time.
 *
 * @returns how many slices were computed
 */
export async function keepUpRollup(
  rollup: RollupDefinition,
  { transaction, signal, progress }: Pick<JobRun, 'transaction' | 'signal' | 'progress'>,
): Promise<number> {
  let slices = 0;
  let marked = 0;
  for (;;) {
    signal.throwIfAborted();
    const taken = await transaction((sql) => takeMarks(rollup, sql));
    if (taken.marks === 0) return slices;
    slices += taken.slices;
    marked += taken.marks;
    progress(marked, marked + taken.left);
  }
}

async function takeMarks(
  rollup: RollupDefinition,
  sql: RunSql,
): Promise<{ readonly marks: number; readonly slices: number; readonly left: number }> {
  // Of two who compute one slice, the one that saw less could be the last to write.
  await sql('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`sluice.rollup.${rollup.name}`]);
  const rows = await sql(
    `DELETE FROM sluice.rollup_marks WHERE id IN (
       SELECT id FROM sluice.rollup_marks WHERE rollup = $1 ORDER BY id LIMIT ${MAX_MARKS}
     ) RETURNING slice`,
    [rollup.name],
  );
  if (rows.length === 0) return { marks: 0, slices: 0, left: 0 };
  const slices = distinct(marks.parse(rows).map(({ slice }) => slice));
  await rollup.recompute(sql, slices);
  const [left] = await sql<{ count: number }>(
    'SELECT count(*)::int AS count FROM (SELECT FROM sluice.rollup_marks WHERE rollup = $1 LIMIT 100000) AS mark',
    [rollup.name],
  );
  return { marks: rows.length, slices: slices.length, left: left?.count ?? 0 };
}

function distinct(slices: readonly RollupSlice[]): readonly RollupSlice[] {
  return [...new Map(slices.map((slice) => [JSON.stringify(slice), slice])).values()];
}

export interface RollupCheck {
  /** That aren't what they should be: at most a hundred. */
  readonly differences: readonly object[];
  readonly count: number;
}

/**
 * Compares a rollup with a full recomputation, in one snapshot in which nothing is marked.
 *
 * @returns null where writers touched it again and again meanwhile
 */
export async function verifyRollup(
  rollup: RollupDefinition,
  run: Pick<JobRun, 'transaction' | 'signal' | 'progress'>,
): Promise<RollupCheck | null> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    await keepUpRollup(rollup, run);
    const found = await run.transaction((sql) => compare(rollup, sql));
    if (found !== null) return found;
  }
  return null;
}

const MAX_ATTEMPTS = 20;
const MAX_SHOWN = 100;

async function compare(rollup: RollupDefinition, sql: RunSql): Promise<RollupCheck | null> {
  await sql('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  const [marked] = await sql<{ has: boolean }>(
    'SELECT EXISTS (SELECT FROM sluice.rollup_marks WHERE rollup = $1) AS has',
    [rollup.name],
  );
  if (marked?.has !== false) return null;
  const rows = await sql(
    `SELECT *, count(*) OVER () AS "sluiceCount" FROM (${rollup.differences}) AS difference LIMIT ${MAX_SHOWN}`,
  );
  const [first] = rows as readonly { readonly sluiceCount?: string }[];
  return {
    differences: rows.map(({ sluiceCount: _, ...row }) => row),
    count: Number(first?.sluiceCount ?? 0),
  };
}
