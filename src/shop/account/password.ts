import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { Turns } from './turns.js';

/** A password's hash, taken apart. As text: `scrypt$N$r$p$salt$hash`, the last two in base64url. */
interface PasswordHash {
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/**
 * One of the settings that OWASP's password storage cheat sheet calls equally strong: 32 MiB, and some tenths of a second of
 * a core. Hashes say what they were made with, so that this may be raised without making them void; until those of before
 * are made anew, the time that an answer takes tells them from addresses that nobody has.
 */
const COST = { N: 2 ** 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What the password of nobody is compared with. No password is known to lead to it, and none would be let in. */
const NOBODY: PasswordHash = { cost: COST, salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) };

/**
 * Each derivation holds its memory, and one of the four threads that files, name look-ups and compression share: a flood
 * of sign-ins must leave some of them free.
 */
const MAX_AT_ONCE = 2;
const turns = new Turns(MAX_AT_ONCE);

/** The text to keep of a password, with a salt of its own: different at each call. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, { cost: COST, salt, bytes: HASH_BYTES });
  const { N, r, p } = COST;
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/**
 * Whether a password is the one that `stored` was made of. Null is nobody's: that takes as long as a wrong password, so
 * that time doesn't tell who is a customer.
 *
 * @throws TypeError where `stored` is nothing that `hashPassword` makes
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const { cost, salt, hash } = stored === null ? NOBODY : parseHash(stored);
  const derived = await derive(password, { cost, salt, bytes: hash.length });
  return timingSafeEqual(derived, hash) && stored !== null;
}

function parseHash(text: string): PasswordHash {
  const match = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(text);
  // Without the text itself, which belongs in no log.
  if (match === null) throw new TypeError('What is stored as the hash of a password is none');
  const [, N, r, p, salt = '', hash = ''] = match;
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64url'),
    hash: Buffer.from(hash, 'base64url'),
  };
}

interface Derivation extends Pick<PasswordHash, 'cost' | 'salt'> {
  readonly bytes: number;
}

function derive(password: string, { cost, salt, bytes }: Derivation): Promise<Buffer> {
  // The same letters may come in different code points, by keyboard and system.
  const text = password.normalize('NFKC');
  // It takes 128 * N * r bytes and a little more; node:crypto allows 32 MiB unless told otherwise.
  const options: ScryptOptions = { ...cost, maxmem: 256 * cost.N * cost.r };
  return turns.run(
    () =>
      new Promise((resolve, reject) => {
        scrypt(text, salt, bytes, options, (error, key) => (error === null ? resolve(key) : reject(error)));
      }),
  );
}
