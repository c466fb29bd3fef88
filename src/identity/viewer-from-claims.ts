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
});

/**
 * The viewer that a verified token's claims name.
 *
 * @throws SluiceError `UNAUTHENTICATED` naming the claim that has another form than expected
 */
export function viewerFromClaims(payload: JWTPayload): Viewer {
  const claims = Claims.safeParse(payload);
  if (!claims.success) {
    const [claim] = claims.error.issues[0]?.path ?? [];
    throw new SluiceError('UNAUTHENTICATED', `The token's claim "${String(claim)}" does not hold`);
  }
  const { sub, tier, scope } = claims.data;
  return Object.freeze({ id: sub, tier, scopes: Object.freeze(scope), isAuthenticated: true });
}
