import { z } from 'zod';
import { SluiceError } from '../../kernel/sluice-error.js';
import { findSystemCode } from '../../kernel/system-code.js';
import type { SqlClient } from '../../model/database-catalog.js';
import { keyRevocationTag } from '../revocation/revocation-tags.js';
import { isScope } from '../scope.js';
import { createApiKey } from './api-key.js';

/** Whose a key is, and what it lets them do. */
export interface ApiKeyGrant {
  /** For people: what the key is for. */
  readonly name: string;
  readonly viewerId: string;
  readonly tier: string;
  readonly scopes: readonly string[];
  /** Null: it doesn't expire. */
  readonly expiresAt: Date | null;
}

/** A key as a list shows it. */
export interface ListedApiKey extends ApiKeyGrant {
  readonly prefix: string;
  readonly createdAt: Date;
  /** To the minute; null: never. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

/** A key as it is checked. */
export interface StoredApiKey extends ListedApiKey {
  /** SHA-256. */
  readonly hash: Buffer;
}

const COLUMNS = `prefix, name, viewer_id AS "viewerId", tier, scopes, created_at AS "createdAt",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;

const listedRow = z.object({
  prefix: z.string(),
  name: z.string(),
  viewerId: z.string(),
  tier: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.date(),
  expiresAt: z.date().nullable(),
  lastUsedAt: z.date().nullable(),
  revokedAt: z.date().nullable(),
});
const storedRow = listedRow.extend({
  hash: z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes)),
});

const UNIQUE_VIOLATION = '23505';
/** Prefixes have 40 random bits: a second one that is taken is a miracle, a fifth a defect. */
const MAX_ATTEMPTS = 5;

/**
 * Makes a key and returns its text, which is kept nowhere.
 *
 * @throws SluiceError `BAD_USER_INPUT` for what no viewer can be
 */
export async function issueApiKey(client: SqlClient, grant: ApiKeyGrant): Promise<string> {
  checkGrant(grant);
  for (let attempt = 1; ; attempt++) {
    const { prefix, hash, text } = createApiKey();
    try {
      await client.query(
        `INSERT INTO sluice.api_keys (prefix, hash, name, viewer_id, tier, scopes, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [prefix, hash, grant.name, grant.viewerId, grant.tier, [...grant.scopes], grant.expiresAt],
      );
      return text;
    } catch (error) {
      if (findSystemCode(error) !== UNIQUE_VIOLATION || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** All keys, the newest first; those that hold no longer among them. */
export async function listApiKeys(client: SqlClient): Promise<readonly ListedApiKey[]> {
  const { rows } = await client.query(
    `SELECT ${COLUMNS} FROM sluice.api_keys ORDER BY created_at DESC, prefix`,
    [],
  );
  return z.array(listedRow).parse(rows);
}

/** Null where no key has this prefix. */
export async function findApiKey(client: SqlClient, prefix: string): Promise<StoredApiKey | null> {
  const { rows } = await client.query(`SELECT ${COLUMNS}, hash FROM sluice.api_keys WHERE prefix = $1`, [
    prefix,
  ]);
  return rows.length === 0 ? null : storedRow.parse(rows[0]);
}

/**
 * Revokes a key on every node: the row is for those who ask the database, the tag in the same transaction for those who
 * remember the key. Whether there was such a key; one that was revoked before stays so since then.
 */
export async function revokeApiKey(client: SqlClient, prefix: string): Promise<boolean> {
  const { rows } = await client.query(
    `WITH revoked AS (
       UPDATE sluice.api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE prefix = $1 RETURNING prefix
     )
     INSERT INTO sluice.outbox (tags) SELECT ARRAY[$2::text] FROM revoked RETURNING true`,
    [prefix, keyRevocationTag(prefix)],
  );
  return rows.length > 0;
}

/** Notes that keys are in use, at most once a minute each, whatever the number of nodes. */
export async function noteApiKeyUses(client: SqlClient, prefixes: readonly string[]): Promise<void> {
  await client.query(
    `UPDATE sluice.api_keys SET last_used_at = now()
     WHERE prefix = ANY ($1) AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
    [[...prefixes]],
  );
}

const MAX_TEXT = 256;
const MAX_SCOPE = 128;

function checkGrant({ name, viewerId, scopes }: ApiKeyGrant): void {
  for (const [what, text] of Object.entries({ name, 'viewer id': viewerId })) {
    if (text.length === 0 || text.length > MAX_TEXT)
      throw new SluiceError('BAD_USER_INPUT', `A key's ${what} has 1 to ${MAX_TEXT} characters`);
  }
  const odd = scopes.find((scope) => scope.length > MAX_SCOPE || !isScope(scope));
  if (odd !== undefined)
    throw new SluiceError('BAD_USER_INPUT', `"${odd}" is no scope: one word without quotes or backslashes`);
}
