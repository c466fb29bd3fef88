import type { SqlClient } from '../../model/database-catalog.js';

/**
 * Has every node forget all that it knows of this database: for what triggers don't tell of, such as a migration that
 * rewrites rows. Does nothing where the engine's tables are missing, since nobody caches by change there.
 */
export async function voidAll(client: SqlClient): Promise<void> {
  const { rows } = await client.query("SELECT FROM pg_class WHERE oid = to_regclass('sluice.outbox')", []);
  // A row without tags is a horizon: all that is known from before it is void.
  if (rows.length > 0) await client.query('INSERT INTO sluice.outbox (tags) VALUES (NULL)', []);
}
