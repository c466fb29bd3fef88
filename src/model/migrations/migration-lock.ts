import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';

/** The advisory lock that Prisma's own engine takes, so that it and Sluice keep out of each other's way too. */
const LOCK_KEY = 72_707_369;

/**
 * How often to ask for a lock that another holds. Asking, not waiting inside PostgreSQL: a statement that waits
 * has a snapshot, and CREATE INDEX CONCURRENTLY in the lock's holder would wait for that.
 */
const POLL_INTERVAL_MS = 100;

/**
 * Runs `work` in a transaction that holds the lock and has no statement timeout. Commits when it is done, rolls
 * back when it throws. Works through a pooler that hands out connections by transaction.
 *
 * @param onWait called once, when another holds the lock
 */
export async function withLockedTransaction<Result>(
  client: ClientBase,
  onWait: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  await pollForLock(onWait, async () => {
    await client.query('BEGIN');
    if (await tryLock(client, 'pg_try_advisory_xact_lock')) return true;
    await client.query('ROLLBACK');
    return false;
  });
  try {
    await client.query('SET LOCAL statement_timeout = 0');
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await rollBack(client);
    throw error;
  }
}

/**
 * Runs `work` without a transaction while the session holds the lock and has no statement timeout. Needs a
 * session of its own. A transaction that `work` leaves open is committed when it is done, and rolled back when
 * it throws.
 */
export async function withLockedSession<Result>(
  client: ClientBase,
  onWait: () => void,
  work: () => Promise<Result>,
): Promise<Result> {
  await pollForLock(onWait, () => tryLock(client, 'pg_try_advisory_lock'));
  try {
    await client.query('SET statement_timeout = 0');
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await rollBack(client);
    throw error;
  } finally {
    await Promise.allSettled([
      client.query('RESET statement_timeout'),
      client.query('SELECT pg_advisory_unlock($1)', [LOCK_KEY]),
    ]);
  }
}

/** Never throws: where the connection is lost, what was thrown before says more. */
async function rollBack(client: ClientBase): Promise<void> {
  await Promise.allSettled([client.query('ROLLBACK')]);
}

async function pollForLock(onWait: () => void, tryOnce: () => Promise<boolean>): Promise<void> {
  if (await tryOnce()) return;
  onWait();
  do await delay(POLL_INTERVAL_MS);
  while (!(await tryOnce()));
}

async function tryLock(
  client: ClientBase,
  fn: 'pg_try_advisory_lock' | 'pg_try_advisory_xact_lock',
): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(`SELECT ${fn}($1) AS locked`, [LOCK_KEY]);
  return rows[0]?.locked === true;
}
