import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../kernel/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { RemoteKeySet, type RemoteKeySetOptions } from './remote-key-set.js';

/** What tokens' signatures are checked with. */
export type VerificationKey = Uint8Array | KeyObject | JWTVerifyGetKey;

/** The configured key; null where there is none. */
export function findVerificationKey(
  config: Config['identity'],
  events: Pick<RemoteKeySetOptions, 'onChanged' | 'onFailure'> & { readonly clock?: Clock },
): VerificationKey | null {
  const { jwtAlgorithm, jwtSecret, jwtPublicKey, jwksUrl } = config;
  if (jwtAlgorithm === 'HS256') return jwtSecret === null ? null : new TextEncoder().encode(jwtSecret);
  if (jwtPublicKey !== null) return createPublicKey(jwtPublicKey);
  if (jwksUrl === null) return null;
  const { jwksTimeoutMs: timeoutMs, jwksRefreshSeconds } = config;
  return new RemoteKeySet({ ...events, url: jwksUrl, timeoutMs, refreshMs: jwksRefreshSeconds * 1000 })
    .getKey;
}
