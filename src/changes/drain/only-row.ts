import type { QueryResult } from 'pg';

/** The row of the last statement, which always has one. */
export function onlyRow<Row>(results: readonly QueryResult[]): Row {
  return results.at(-1)?.rows[0];
}
