import { hash } from 'node:crypto';

/** Longer keys are told by their hash. */
const MAX_KEY_CHARACTERS = 200;
const FINGERPRINT_CHARACTERS = 16;

/**
 * Names of one cache's entries in Redis. The fingerprint is of all that decides how an entry is to be read: whoever has
 * another schema, or other code, meets none of its entries.
 */
export class RedisCacheKeys {
  readonly #prefix: string;

  constructor(cache: string, fingerprint: string) {
    const short = hash('sha256', fingerprint, 'base64url').slice(0, FINGERPRINT_CHARACTERS);
    this.#prefix = `sluice:v1:cache:${cache}:${short}:`;
  }

  entry(key: string): string {
    return `${this.#prefix}${shorten(key)}`;
  }

  lease(key: string): string {
    return `${this.#prefix}lease:${shorten(key)}`;
  }
}

function shorten(key: string): string {
  return key.length <= MAX_KEY_CHARACTERS ? key : `#${hash('sha256', key, 'base64url')}`;
}
