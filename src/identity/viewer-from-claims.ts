import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { SluiceError } from '../kernel/sluice-error.js';
import { DEFAULT_TIER, type Viewer } from './viewer.js';

// Bounded, because ids and tiers become parts of keys and log lines.
const Claims = z.object({
  sub: z.string().min(1).max(256),
  tier: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .default(DEFAULT_TIER),
  // One string, words apart by single spaces (RFC 6749, 3.3).
  scope: z
    .string()
    .max(4096)
    .default('')
    .transform((text) => text.split(' ').filter((word) => word !== '')),
  jti: z.string().min(1).max(256).nullable().default(null),
});

/** What a verified token says. */
export interface ClaimedViewer {
  readonly viewer: Viewer;
  /** By which the token can be revoked; null where it has none. */
  readonly jti: string | null;
}

/**
 * The viewer that a verified token's claims name.
 *
 * @throws SluiceError `UNAUTHENTICATED` naming the claim that has another form than expected
 */
export function viewerFromClaims(payload: JWTPayload): ClaimedViewer {
  const claims = Claims.safeParse(payload);
  if (!claims.success) {
    const [claim] = claims.error.issues[0]?.path ?? [];
    throw new SluiceError('UNAUTHENTICATED', `The token's claim "${String(claim)}" does not hold`);
  }
  const { sub, tier, scope, jti } = claims.data;
  return {
    viewer: Object.freeze({ id: sub, tier, scopes: Object.freeze(scope), isAuthenticated: true }),
    jti,
  };
}
