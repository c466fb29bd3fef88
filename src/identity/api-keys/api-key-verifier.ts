import { timingSafeEqual } from 'node:crypto';
import { type Clock, systemClock } from '../../kernel/clock.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { SqlClient } from '../../model/database-catalog.js';
import { askStorage } from '../identity-storage.js';
import { keyRevocationTag } from '../revocation/revocation-tags.js';
import type { Tiers } from '../tiers.js';
import type { Verification } from '../verification.js';
import { parseApiKey } from './api-key.js';
import { findApiKey, type StoredApiKey } from './api-key-store.js';

/** How API keys are checked. */
export interface ApiKeyVerifierOptions {
  /** Has the engine's tables. */
  readonly storage: SqlClient;
  readonly tiers: Tiers;
  readonly clock?: Clock;
  /** Compares two hashes in a time that doesn't depend on them. Default: Node's own. */
  readonly areEqual?: (one: Uint8Array, other: Uint8Array) => boolean;
}

/** Longest that a key is used without looking at its row again: for rows that were changed by hand. */
const MAX_AGE_MS = 60_000;
/** What an unknown prefix is compared with. No secret has it as its hash, as far as anyone can tell. */
const NO_HASH = Buffer.alloc(32);

/** Checks a key's text. @throws SluiceError `UNAUTHENTICATED`, `IDENTITY_UNAVAILABLE` */
export type ApiKeyVerifier = (text: string) => Promise<Verification>;

/**
 * A verifier of API keys. An unknown prefix and a wrong secret take the same steps and get the same answer, so that
 * nobody learns which prefixes there are.
 */
export function createApiKeyVerifier(options: ApiKeyVerifierOptions): ApiKeyVerifier {
  const { storage, tiers } = options;
  const clock = options.clock ?? systemClock;
  const areEqual = options.areEqual ?? timingSafeEqual;
  return async (text) => {
    const key = parseApiKey(text);
    if (key === null)
      throw refusal('The Sluice-Key header holds no key: it must read "slk_<prefix>_<secret>"');
    const stored = await askStorage(storage, (client) => findApiKey(client, key.prefix));
    const isRight = areEqual(key.hash, stored?.hash ?? NO_HASH);
    if (stored === null || !isRight) throw refusal('The key is not valid');
    // Told only to those who know the secret.
    refuseEnded(stored, clock.nowMs());
    if (tiers.find(stored.tier) === null)
      throw refusal(`The key does not hold: ${tiers.explainUnknown(stored.tier)}`);
    return {
      viewer: Object.freeze({
        id: stored.viewerId,
        tier: stored.tier,
        scopes: Object.freeze(stored.scopes),
        isAuthenticated: true,
      }),
      validUntilMs: Math.min(
        clock.nowMs() + MAX_AGE_MS,
        stored.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
      ),
      revocationTag: keyRevocationTag(key.prefix),
    };
  };
}

function refuseEnded({ revokedAt, expiresAt }: StoredApiKey, nowMs: number): void {
  if (revokedAt !== null) throw refusal('The key has been revoked');
  if (expiresAt !== null && expiresAt.getTime() <= nowMs) throw refusal('The key has expired');
}

function refusal(message: string): SluiceError {
  return new SluiceError('UNAUTHENTICATED', message);
}
