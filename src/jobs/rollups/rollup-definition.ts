import type { RunSql } from '../job-definition.js';

/** The part of a rollup that is computed at a time, such as a keeper's day. A key that is null stands for all of its values. */
export type RollupSlice = { readonly [key: string]: string | number | null };

/** Rows whose changes touch slices. */
export interface RollupSource {
  readonly model: string;
  /**
   * A SELECT from `changed`, which has the rows as they were and as they are: a row for each slice that they touch, with a
   * column for each of its keys. It runs in the transaction of whoever writes, so it should find its rows by an index.
   */
  readonly slices: string;
}

/** A table of an app's that sums others up, and is kept up as they change. */
export interface RollupDefinition {
  /** In small letters, digits and dashes. */
  readonly name: string;
  readonly sources: readonly RollupSource[];
  /** Computes slices anew from what they sum up. Runs in a transaction; of one rollup, one at a time. */
  recompute(sql: RunSql, slices: readonly RollupSlice[]): Promise<void>;
  /** A SELECT of the slices' keys, and after them any columns that tell more: those that aren't what they should be. */
  readonly differences: string;
}
