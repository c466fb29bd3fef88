import { createHash } from 'node:crypto';

/** In the change log: the token with this `jti` is revoked. Hashed, since a `jti` may hold anything. */
export function tokenRevocationTag(jti: string): string {
  return `sluice.revoked:${createHash('sha256').update(jti).digest('hex').slice(0, 32)}`;
}

/** In the change log: the key with this prefix is revoked or changed. */
export function keyRevocationTag(prefix: string): string {
  return `sluice.key:${prefix}`;
}
