import { z } from 'zod';
import type { SqlClient } from '../../model/database-catalog.js';

const touchedRow = z.object({ model: z.string() });

/**
 * Voids what is known of models whose triggers or partitions somebody touched since this was last asked in the
 * database: meanwhile changes may have gone untold. It says nothing of whether they are captured now.
 *
 * @returns those models, by name; one statement
 */
export async function voidTouched(client: SqlClient): Promise<readonly string[]> {
  const { rows } = await client.query('SELECT model FROM sluice.void_touched() ORDER BY model', []);
  return z
    .array(touchedRow)
    .parse(rows)
    .map(({ model }) => model);
}
