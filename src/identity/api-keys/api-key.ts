import { createHash, randomBytes } from 'node:crypto';

/**
 * An API key as its owner holds it: `slk_7gk2mwq4_<43 characters>`. The first two parts are its prefix, by which people
 * and the database tell keys apart; the last is 256 random bits.
 */
export interface ApiKey {
  /** Such as `slk_7gk2mwq4`. */
  readonly prefix: string;
  /** SHA-256 of the secret part. */
  readonly hash: Buffer;
}

/** Without letters that are taken for digits. */
const PREFIX_LETTERS = 'abcdefghjkmnpqrstvwxyz0123456789';
const PREFIX_LENGTH = 8;
const SECRET_BYTES = 32;
const KEY = /^(slk_[a-z0-9]{8})_([A-Za-z0-9_-]{43})$/;

/** A new key, and its text, which nobody can find out again. */
export function createApiKey(): ApiKey & { readonly text: string } {
  // 32 letters: each byte's lower five bits give one, all alike likely.
  const letters = Array.from(randomBytes(PREFIX_LENGTH), (byte) => PREFIX_LETTERS[byte & 31]);
  const prefix = `slk_${letters.join('')}`;
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { prefix, hash: hashSecret(secret), text: `${prefix}_${secret}` };
}

/** Null for what has not the form of a key. */
export function parseApiKey(text: string): ApiKey | null {
  const [, prefix, secret] = KEY.exec(text) ?? [];
  return prefix === undefined || secret === undefined ? null : { prefix, hash: hashSecret(secret) };
}

/** The prefix of what has the form of a key. */
export function readApiKeyPrefix(text: string): string {
  return text.slice(0, 'slk_'.length + PREFIX_LENGTH);
}

function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
