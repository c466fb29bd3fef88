import type pg from 'pg';

const DEADLINE_MS = 10_000;

/** Returns when somebody in the client's database waits for a lock. */
export async function waitForLockWait(client: pg.Client): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    // In a transaction the view would stay as it was at the first look.
    await client.query('SELECT pg_stat_clear_snapshot()');
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rowCount !== 0) return;
  }
  throw new Error('Nobody waits for a lock.');
}
