import { scryptSync } from 'node:crypto';
import { hashPassword, verifyPassword } from '../../../src/shop/account/password.js';
import { countDerivations } from './count-derivations.js';

const FORM = /^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/;

/** As another version of the shop may have made it. */
function makeHash(password: string, cost: { N: number; r: number; p: number }, bytes: number): string {
  const salt = Buffer.from('a salt of its own');
  const hash = scryptSync(password, salt, bytes, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

describe('The hash of a password', () => {
  it('lets that password in and no other', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(FORM);
    expect(await verifyPassword('correct horse', hash)).toBe(true);
    for (const wrong of ['correct horsf', 'correct horse ', 'Correct horse', 'correct', ''])
      expect([wrong, await verifyPassword(wrong, hash)]).toEqual([wrong, false]);
  });

  it('is another at each time', async () => {
    const hashes = await Promise.all([hashPassword('twice'), hashPassword('twice')]);
    expect(new Set(hashes.flatMap((hash) => hash.split('$').slice(4))).size).toBe(4);
  });

  it('says what it was made with, so that older ones go on holding', async () => {
    for (const [cost, bytes] of [
      [{ N: 1024, r: 8, p: 1 }, 32],
      [{ N: 2048, r: 4, p: 2 }, 64],
    ] as const) {
      const hash = makeHash('old', cost, bytes);
      expect(await verifyPassword('old', hash)).toBe(true);
      expect(await verifyPassword('new', hash)).toBe(false);
    }
  });

  it('is of the letters, however a keyboard writes them', async () => {
    const hash = await hashPassword('Zoe\u0308 \ufb01sh');
    expect(await verifyPassword('Zo\u00eb fish', hash)).toBe(true);
  });

  it('that is missing lets nobody in, after the work of a wrong one', async () => {
    const derivations = countDerivations();
    expect(await verifyPassword('anything', null)).toBe(false);
    expect(derivations.stop()).toBe(1);
  });

  it('that is none is a fault that does not show it', async () => {
    for (const text of ['', 'secret', 'scrypt$1024$8$1$c2FsdA', 'bcrypt$1024$8$1$c2FsdA$c2FsdA'])
      await expect(verifyPassword('anything', text)).rejects.toThrow(
        /^What is stored as the hash of a password is none$/,
      );
    // N must be a power of two.
    await expect(verifyPassword('anything', 'scrypt$1000$8$1$c2FsdA$c2FsdA')).rejects.toMatchObject({
      code: 'ERR_CRYPTO_INVALID_SCRYPT_PARAMS',
    });
  });
});
