import { SignJWT, UnsecuredJWT } from 'jose';
import { createJwtSecret, signDevelopmentToken } from '../../src/identity/development-token.js';
import { ANONYMOUS } from '../../src/identity/viewer.js';
import { createReader, readToken, thrownBy } from './viewer-readers.js';

const secret = createJwtSecret();
const key = new TextEncoder().encode(secret);
const clock = { ms: Date.UTC(2030, 0, 1), nowMs: () => clock.ms };
const viewers = createReader({ SLUICE_IDENTITY_JWT_SECRET: secret }, { clock });

const inOneHour = () => Math.floor(clock.ms / 1000) + 3600;
const sign = (claims: object, alg = 'HS256') =>
  new SignJWT({ ...claims }).setProtectedHeader({ alg }).sign(key);
const read = async (token: string | Promise<string>) =>
  viewers.readViewer({ authorization: `Bearer ${await token}` });
const refusal = (message: string) => ({ code: 'UNAUTHENTICATED', message });

describe('Reading a viewer', () => {
  it('finds nobody without a header', async () => {
    expect(await viewers.readViewer({})).toBe(ANONYMOUS);
    expect(ANONYMOUS).toEqual({ id: null, tier: 'anonymous', scopes: [], isAuthenticated: false });
  });

  it('finds id, tier and scopes', async () => {
    expect(
      await read(sign({ sub: 'u1', tier: 'premium', scope: 'read  write:all', exp: inOneHour() })),
    ).toEqual({
      id: 'u1',
      tier: 'premium',
      scopes: ['read', 'write:all'],
      isAuthenticated: true,
    });
  });

  it('takes the tier authenticated and no scopes where the token names none', async () => {
    expect(await read(sign({ sub: 'u1', exp: inOneHour() }))).toMatchObject({
      tier: 'authenticated',
      scopes: [],
    });
  });

  it('gives viewers that nobody can change', async () => {
    const viewer = await read(sign({ sub: 'u1', exp: inOneHour() }));
    expect(Object.isFrozen(viewer) && Object.isFrozen(viewer.scopes)).toBe(true);
  });

  it("reads the scheme's name in any case", async () => {
    const token = await signDevelopmentToken({ secret, viewerId: 'u1', clock });
    expect(await viewers.readViewer({ authorization: `bearer ${token}` })).toMatchObject({ id: 'u1' });
  });
});

describe('A token is refused', () => {
  it('once it has expired, a little tolerance for clocks included', async () => {
    const token = await signDevelopmentToken({ secret, viewerId: 'u1', expiresInSeconds: 60, clock });
    const issuedAtMs = clock.ms;
    clock.ms = issuedAtMs + 64_000;
    await read(token);
    clock.ms = issuedAtMs + 66_000;
    await expect(read(token)).rejects.toMatchObject(refusal('The token has expired'));
  });

  it('before it begins to hold', async () => {
    await expect(read(sign({ sub: 'u1', nbf: inOneHour(), exp: inOneHour() }))).rejects.toMatchObject(
      refusal('The token\'s claim "nbf" does not hold'),
    );
  });

  it('without an expiry or a subject', async () => {
    await expect(read(sign({ sub: 'u1' }))).rejects.toMatchObject(refusal('The token lacks the claim "exp"'));
    await expect(read(sign({ exp: inOneHour() }))).rejects.toMatchObject(
      refusal('The token lacks the claim "sub"'),
    );
  });

  it('where a claim has another form than it should', async () => {
    for (const [claim, value] of [
      ['sub', ''],
      ['sub', 'x'.repeat(257)],
      ['tier', 'no spaces'],
      ['tier', 7],
      ['scope', ['a']],
    ] as const) {
      await expect(read(sign({ sub: 'u1', exp: inOneHour(), [claim]: value }))).rejects.toMatchObject(
        refusal(`The token's claim "${claim}" does not hold`),
      );
    }
  });

  it('where it is signed by another algorithm, another key, or not at all', async () => {
    const invalid = refusal('The token is not valid');
    await expect(read(sign({ sub: 'u1', exp: inOneHour() }, 'HS512'))).rejects.toMatchObject(invalid);
    const other = signDevelopmentToken({ secret: createJwtSecret(), viewerId: 'u1', clock });
    await expect(read(other)).rejects.toMatchObject(invalid);
    const unsigned = new UnsecuredJWT({ sub: 'u1', exp: inOneHour() }).encode();
    await expect(read(unsigned)).rejects.toMatchObject(invalid);
  });

  it('where it was changed after signing', async () => {
    const [header, , signature] = (await sign({ sub: 'u1', exp: inOneHour() })).split('.');
    const payload = Buffer.from(JSON.stringify({ sub: 'admin', exp: inOneHour() })).toString('base64url');
    await expect(read(`${header}.${payload}.${signature}`)).rejects.toMatchObject(
      refusal('The token is not valid'),
    );
  });

  it('where the header is no bearer token, or one too long to be ours', async () => {
    for (const header of [
      '',
      'Bearer',
      'Bearer ',
      'Basic dTpw',
      'Bearer a b',
      `Bearer ${'x'.repeat(8193)}`,
    ]) {
      expect(await thrownBy(() => viewers.readViewer({ authorization: header }))).toMatchObject(
        refusal('The Authorization header must read "Bearer <token>"'),
      );
    }
  });

  it('where there is no secret to check it with', async () => {
    const token = await signDevelopmentToken({ secret, viewerId: 'u1', clock });
    const without = createReader({});
    expect(await thrownBy(() => without.readViewer({ authorization: `Bearer ${token}` }))).toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await without.readViewer({})).toBe(ANONYMOUS);
  });
});

describe('Secrets for development', () => {
  it('are long enough for the configuration and never the same', () => {
    expect(createJwtSecret()).toHaveLength(64);
    expect(createJwtSecret()).not.toBe(createJwtSecret());
  });

  it('sign tokens that hold for a day from now', async () => {
    const token = await signDevelopmentToken({ secret, viewerId: 'u1' });
    expect(await readToken(secret, token)).toMatchObject({
      id: 'u1',
      tier: 'authenticated',
    });
  });
});
