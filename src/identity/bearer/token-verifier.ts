import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Clock, systemClock } from '../../kernel/clock.js';
import type { JwtAlgorithm } from '../../kernel/config/config.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { SqlClient } from '../../model/database-catalog.js';
import { askStorage } from '../identity-storage.js';
import { tokenRevocationTag } from '../revocation/revocation-tags.js';
import { isTokenRevoked } from '../revocation/token-revocations.js';
import type { Tiers } from '../tiers.js';
import type { Verification } from '../verification.js';
import { viewerFromClaims } from '../viewer-from-claims.js';
import type { VerificationKey } from './verification-key.js';

/** How tokens are checked. */
export interface TokenVerifierOptions {
  readonly key: VerificationKey;
  readonly algorithm: JwtAlgorithm;
  /** Null: not checked. */
  readonly issuer: string | null;
  /** Null: not checked. */
  readonly audience: string | null;
  readonly tiers: Tiers;
  /** Has the engine's tables; null: no token is ever revoked. */
  readonly storage: SqlClient | null;
  readonly clock?: Clock;
}

/** Machines' clocks differ a little: a token counts as valid this long after it expired. */
const CLOCK_TOLERANCE_SECONDS = 5;

/** Checks a bearer token. @throws SluiceError `UNAUTHENTICATED`, `IDENTITY_UNAVAILABLE` */
export type TokenVerifier = (token: string) => Promise<Verification>;

/** A verifier of JSON Web Tokens (RFC 7519). `sub` and `exp` are required; `tier`, `scope` and `jti` are optional. */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { key, algorithm, issuer, audience, tiers, storage } = options;
  const clock = options.clock ?? systemClock;
  // The two kinds of key are two signatures of one function.
  const getKey: JWTVerifyGetKey = typeof key === 'function' ? key : () => key;

  async function verifySignature(token: string): Promise<JWTPayload & { readonly exp: number }> {
    try {
      const { payload } = await jwtVerify(token, getKey, {
        // Named, not taken from the token: its header must not choose how it is checked.
        algorithms: [algorithm],
        requiredClaims: ['sub', 'exp'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock.nowMs()),
        ...(issuer !== null && { issuer }),
        ...(audience !== null && { audience }),
      });
      return payload as JWTPayload & { readonly exp: number };
    } catch (error) {
      if (error instanceof errors.JOSEError)
        throw new SluiceError('UNAUTHENTICATED', explainRefusal(error), { cause: error });
      throw error;
    }
  }

  return async (token) => {
    const payload = await verifySignature(token);
    const { viewer, jti } = viewerFromClaims(payload);
    if (tiers.find(viewer.tier) === null)
      throw new SluiceError(
        'UNAUTHENTICATED',
        `The token's claim "tier" does not hold: ${tiers.explainUnknown(viewer.tier)}`,
      );
    const isWatched = jti !== null && storage !== null;
    if (isWatched && (await askStorage(storage, (client) => isTokenRevoked(client, jti))))
      throw new SluiceError('UNAUTHENTICATED', 'The token has been revoked');
    return {
      viewer,
      validUntilMs: (payload.exp + CLOCK_TOLERANCE_SECONDS) * 1000,
      revocationTag: isWatched ? tokenRevocationTag(jti) : null,
    };
  };
}

function explainRefusal(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.reason === 'missing'
      ? `The token lacks the claim "${error.claim}"`
      : `The token's claim "${error.claim}" does not hold`;
  }
  // Which of signature, algorithm or form is wrong helps those who forge more than those who err.
  return 'The token is not valid';
}
