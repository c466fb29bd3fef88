import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { type Clock, systemClock } from '../kernel/clock.js';
import { DEFAULT_TIER } from './viewer.js';

/** Whom a token is for. */
export interface DevelopmentTokenOptions {
  readonly secret: string;
  readonly viewerId: string;
  /** Default: `authenticated`. */
  readonly tier?: string;
  readonly scopes?: readonly string[];
  /** Default: one day. */
  readonly expiresInSeconds?: number;
  readonly clock?: Clock;
}

const ONE_DAY_SECONDS = 86_400;

/** Signs a token that `createViewerReader` with the same secret accepts: for development and for tests. */
export async function signDevelopmentToken(options: DevelopmentTokenOptions): Promise<string> {
  const issuedAt = Math.floor((options.clock ?? systemClock).nowMs() / 1000);
  return new SignJWT({ tier: options.tier ?? DEFAULT_TIER, scope: (options.scopes ?? []).join(' ') })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(options.viewerId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + (options.expiresInSeconds ?? ONE_DAY_SECONDS))
    .sign(new TextEncoder().encode(options.secret));
}

/** A secret good for `SLUICE_IDENTITY_JWT_SECRET`: 64 characters that hold 384 random bits. */
export function createJwtSecret(): string {
  return randomBytes(48).toString('base64url');
}
