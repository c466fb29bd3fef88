import { z } from 'zod';
import type { SqlClient } from '../../model/database-catalog.js';
import { hashSessionId, parseSessionData } from './session-data.js';
import type { SessionData, SessionStore } from './session-store.js';

const foundRow = z.object({ data: z.unknown() });
const countRow = z.object({ count: z.int() });

/** Sessions in the table `sluice.sessions`. Expiry goes by PostgreSQL's clock. */
export class PostgresSessionStore implements SessionStore {
  readonly kind = 'postgres';

  constructor(private readonly client: SqlClient) {}

  async find(id: string): Promise<SessionData | null> {
    const { rows } = await this.client.query(
      'SELECT data FROM sluice.sessions WHERE id_hash = $1 AND expires_at > now()',
      [hashSessionId(id)],
    );
    return rows.length === 0 ? null : parseSessionData(foundRow.parse(rows[0]).data);
  }

  async put(id: string, data: SessionData, ttlSeconds: number): Promise<void> {
    await this.client.query(
      `INSERT INTO sluice.sessions (id_hash, data, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))
       ON CONFLICT (id_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at`,
      [hashSessionId(id), JSON.stringify(data), ttlSeconds],
    );
  }

  async remove(id: string): Promise<void> {
    await this.client.query('DELETE FROM sluice.sessions WHERE id_hash = $1', [hashSessionId(id)]);
  }

  async sweep(): Promise<number> {
    const { rows } = await this.client.query(
      `WITH swept AS (DELETE FROM sluice.sessions WHERE expires_at <= now() RETURNING 1)
       SELECT count(*)::integer AS count FROM swept`,
      [],
    );
    return countRow.parse(rows[0]).count;
  }
}
