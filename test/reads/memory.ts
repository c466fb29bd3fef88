import type { Row } from '../../src/reads/row.js';
import type { Memory } from './naive-evaluator.js';
import type { PgZoo } from './pg-zoo.js';
import { rowsQuery } from './queries.js';

/**
 * Reads the given models whole, and every join table. A list that is NULL is null here, as conditions see it;
 * rows show it as an empty list.
 */
export async function readMemory({ graph, reader, pool }: PgZoo, models: readonly string[]): Promise<Memory> {
  const rows = new Map<string, readonly Row[]>();
  for (const model of models) {
    const columns = [...graph.models.get(model)!.columns.keys()];
    const found = await reader.findRows(rowsQuery({ model, columns }));
    rows.set(
      model,
      model === 'Animal' ? found.map((row) => (row.id === '5' ? { ...row, moods: null } : row)) : found,
    );
  }
  const pairs = new Map<string, { A: string; B: string }[]>();
  for (const table of ['_Friendship', '_AnimalToFood']) {
    const found = await pool.query(`SELECT "A"::text, "B"::text FROM zoo."${table}"`);
    pairs.set(table, found.rows);
  }
  return { graph, rows, pairs };
}
