import { SluiceError } from '../../kernel/sluice-error.js';
import type { SqlClient } from '../../model/database-catalog.js';

/** How long to wait for a table's writers, who in turn let nobody in while they are waited for. */
const LOCK_TIMEOUT_MS = 5_000;
const LOCK_NOT_AVAILABLE = '55P03';
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Runs `work`, which changes a model's triggers, in a transaction; rolls back where it throws.
 *
 * @throws SluiceError `TIMEOUT` where the table's lock isn't to be had in time, `FORBIDDEN` where it isn't one's own
 */
export async function inTransaction(
  client: SqlClient,
  model: string,
  work: () => Promise<void>,
): Promise<void> {
  await client.query('BEGIN', []);
  try {
    await client.query(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`, []);
    await work();
    await client.query('COMMIT', []);
  } catch (error) {
    await Promise.allSettled([client.query('ROLLBACK', [])]);
    throw explain(error, model);
  }
}

function explain(error: unknown, model: string): unknown {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === LOCK_NOT_AVAILABLE) {
    return new SluiceError(
      'TIMEOUT',
      `The table of ${model} is in use: its writers did not let go of it within ${LOCK_TIMEOUT_MS / 1000} s`,
      { hint: 'Run the command again, at a quieter time; what was done before stays done.', cause: error },
    );
  }
  if (code === INSUFFICIENT_PRIVILEGE) {
    return new SluiceError(
      'FORBIDDEN',
      `The triggers of ${model} may not be changed: ${String((error as Error).message)}`,
      {
        hint: "Run the command as the table's owner, or hand the owner what `sluice capture install --print` prints.",
        cause: error,
      },
    );
  }
  return error;
}
