import { z } from 'zod';
import type { SqlClient } from '../../model/database-catalog.js';
import { tokenRevocationTag } from './revocation-tags.js';

const countRow = z.object({ count: z.int() });

/** A token that is to hold no longer. */
export interface RevokedToken {
  readonly jti: string;
  /** When it would have expired, after which nothing needs to be remembered. Null: not known, so remembered for ever. */
  readonly expiresAt: Date | null;
}

/**
 * Revokes a token on every node: the row is for those who ask the database, the tag in the same transaction for those
 * who remember that the token holds. Once more with another expiry keeps the later one.
 */
export async function revokeToken(client: SqlClient, { jti, expiresAt }: RevokedToken): Promise<void> {
  await client.query(
    `WITH revoked AS (
       INSERT INTO sluice.revoked_tokens AS known (jti, expires_at) VALUES ($1, $2)
       ON CONFLICT (jti) DO UPDATE SET expires_at = CASE
         WHEN known.expires_at IS NULL OR excluded.expires_at IS NULL THEN NULL
         ELSE greatest(known.expires_at, excluded.expires_at)
       END
       RETURNING jti
     )
     INSERT INTO sluice.outbox (tags) SELECT ARRAY[$3::text] FROM revoked`,
    [jti, expiresAt, tokenRevocationTag(jti)],
  );
}

export async function isTokenRevoked(client: SqlClient, jti: string): Promise<boolean> {
  const { rows } = await client.query('SELECT FROM sluice.revoked_tokens WHERE jti = $1', [jti]);
  return rows.length > 0;
}

/** Forgets revocations of tokens that have expired since; says how many. */
export async function sweepRevokedTokens(client: SqlClient): Promise<number> {
  // A minute later than they expire: clocks differ, and expired tokens are accepted for some seconds.
  const { rows } = await client.query(
    `WITH swept AS (
       DELETE FROM sluice.revoked_tokens WHERE expires_at < now() - interval '1 minute' RETURNING 1
     )
     SELECT count(*)::integer AS count FROM swept`,
    [],
  );
  return countRow.parse(rows[0]).count;
}
