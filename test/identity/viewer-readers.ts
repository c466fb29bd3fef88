import { createApiKeyVerifier } from '../../src/identity/api-keys/api-key-verifier.js';
import { createTokenVerifier } from '../../src/identity/bearer/token-verifier.js';
import { findVerificationKey } from '../../src/identity/bearer/verification-key.js';
import { CredentialCache, type CredentialCacheOptions } from '../../src/identity/credential-cache.js';
import { Tiers } from '../../src/identity/tiers.js';
import type { Viewer } from '../../src/identity/viewer.js';
import { createViewerReader, type ViewerReader } from '../../src/identity/viewer-reader.js';
import type { Clock } from '../../src/kernel/clock.js';
import { readConfig } from '../../src/kernel/config/read-config.js';
import type { SqlClient } from '../../src/model/database-catalog.js';

export interface ReaderOptions {
  readonly clock?: Clock;
  readonly storage?: SqlClient;
  readonly changes?: CredentialCacheOptions['changes'];
  onKeySetFailure?(error: unknown): void;
  readonly areEqual?: (one: Uint8Array, other: Uint8Array) => boolean;
}

/** A reader of viewers as the environment says. */
export function createReader(env: Record<string, string>, options: ReaderOptions = {}): ViewerReader {
  const { clock, storage = null } = options;
  const { identity } = readConfig(env);
  const tiers = new Tiers();
  const remember = (verify: CredentialCacheOptions['verify']) =>
    new CredentialCache({
      verify,
      changes: options.changes ?? null,
      maxEntries: identity.cacheEntries,
      recheckMs: identity.recheckMs,
      clock,
    });
  const key = findVerificationKey(identity, {
    onChanged: () => tokens?.forgetAll(),
    onFailure: options.onKeySetFailure ?? (() => undefined),
    clock,
  });
  const { jwtAlgorithm: algorithm, jwtIssuer: issuer, jwtAudience: audience } = identity;
  const verifyToken = key && createTokenVerifier({ key, algorithm, issuer, audience, tiers, storage, clock });
  const tokens = verifyToken && remember(verifyToken);
  const { areEqual } = options;
  const keys = storage && remember(createApiKeyVerifier({ storage, tiers, clock, areEqual }));
  return createViewerReader({ tokens, keys, onKeyUsed: () => undefined });
}

/** Whom a token signed with this secret names. */
export async function readToken(secret: string, token: string): Promise<Viewer> {
  const reader = createReader({ SLUICE_IDENTITY_JWT_SECRET: secret });
  return reader.readViewer({ authorization: `Bearer ${token}` });
}

/** What something throws or rejects with. */
export async function thrownBy(work: () => unknown): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}
