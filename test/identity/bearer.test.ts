import { createHmac, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { readConfig } from '../../src/kernel/config/read-config.js';
import { createReader, thrownBy } from './viewer-readers.js';

const clock = { ms: Date.UTC(2030, 0, 1), nowMs: () => clock.ms };
const inOneHour = () => Math.floor(clock.ms / 1000) + 3600;
const pemOf = (key: KeyObject) => String(key.export({ type: 'spki', format: 'pem' }));

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RS256 = {
  SLUICE_IDENTITY_JWT_ALGORITHM: 'RS256',
  SLUICE_IDENTITY_JWT_PUBLIC_KEY: pemOf(rsa.publicKey),
};
const ES256 = {
  SLUICE_IDENTITY_JWT_ALGORITHM: 'ES256',
  SLUICE_IDENTITY_JWT_PUBLIC_KEY: pemOf(ec.publicKey),
};

interface Claims {
  readonly [name: string]: unknown;
}

const sign = (alg: string, key: KeyObject | Uint8Array, claims: Claims = {}, header: object = {}) =>
  new SignJWT({ sub: 'u1', exp: inOneHour(), ...claims }).setProtectedHeader({ alg, ...header }).sign(key);

async function read(env: Record<string, string>, token: string) {
  return createReader(env, { clock }).readViewer({ authorization: `Bearer ${token}` });
}
const refuse = async (env: Record<string, string>, token: string) => thrownBy(() => read(env, token));
const INVALID = { code: 'UNAUTHENTICATED', message: 'The token is not valid' };

describe('A public key', () => {
  it('checks tokens of RS256 and of ES256', async () => {
    expect(await read(RS256, await sign('RS256', rsa.privateKey))).toMatchObject({ id: 'u1' });
    expect(await read(ES256, await sign('ES256', ec.privateKey))).toMatchObject({ id: 'u1' });
  });

  it('may be written on one line', async () => {
    const SLUICE_IDENTITY_JWT_PUBLIC_KEY = ES256.SLUICE_IDENTITY_JWT_PUBLIC_KEY.replaceAll('\n', '\\n');
    const token = await sign('ES256', ec.privateKey);
    expect(await read({ ...ES256, SLUICE_IDENTITY_JWT_PUBLIC_KEY }, token)).toMatchObject({ id: 'u1' });
  });

  it('is no secret: a token signed with it as one is refused', async () => {
    for (const pem of [
      RS256.SLUICE_IDENTITY_JWT_PUBLIC_KEY,
      RS256.SLUICE_IDENTITY_JWT_PUBLIC_KEY.trim(),
      rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('latin1'),
    ]) {
      // By hand, as an attacker would: libraries refuse to sign with such a key.
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const signed = `${part({ alg: 'HS256' })}.${part({ sub: 'admin', exp: inOneHour() })}`;
      const signature = createHmac('sha256', Buffer.from(pem, 'latin1')).update(signed).digest('base64url');
      expect(await refuse(RS256, `${signed}.${signature}`)).toMatchObject(INVALID);
    }
  });

  it('is for one algorithm only, whatever a token names', async () => {
    expect(await refuse(RS256, await sign('RS512', rsa.privateKey))).toMatchObject(INVALID);
    expect(await refuse(RS256, await sign('PS256', rsa.privateKey))).toMatchObject(INVALID);
    expect(await refuse(RS256, await sign('ES256', ec.privateKey))).toMatchObject(INVALID);
    const unsigned = new UnsecuredJWT({ sub: 'u1', exp: inOneHour() }).encode();
    expect(await refuse(RS256, unsigned)).toMatchObject(INVALID);
    for (const alg of ['none', 'None', 'NONE', '', 'hs256', 'RS256 ']) {
      const header = Buffer.from(JSON.stringify({ alg })).toString('base64url');
      const [, payload] = unsigned.split('.');
      expect(await refuse(RS256, `${header}.${payload}.`)).toMatchObject(INVALID);
    }
  });

  it('refuses what another key of the same kind has signed', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await refuse(ES256, await sign('ES256', other.privateKey))).toMatchObject(INVALID);
  });

  it('takes no key, and no address of one, from a token', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = other.publicKey.export({ format: 'jwk' });
    for (const header of [
      { jwk },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/cert' },
      { kid: "../../../dev/null' OR 1=1 --" },
    ]) {
      expect(await refuse(ES256, await sign('ES256', other.privateKey, {}, header))).toMatchObject(INVALID);
    }
  });
});

describe('Issuer and audience', () => {
  const env = {
    ...ES256,
    SLUICE_IDENTITY_JWT_ISSUER: 'https://login.example/',
    SLUICE_IDENTITY_JWT_AUDIENCE: 'api',
  };
  const right = { iss: 'https://login.example/', aud: ['other', 'api'] };

  it('are checked where they are configured', async () => {
    expect(await read(env, await sign('ES256', ec.privateKey, right))).toMatchObject({ id: 'u1' });
    for (const [claims, message] of [
      [{ ...right, iss: 'https://evil.example/' }, 'The token\'s claim "iss" does not hold'],
      [{ ...right, aud: 'another' }, 'The token\'s claim "aud" does not hold'],
      [{ aud: 'api' }, 'The token lacks the claim "iss"'],
      [{ iss: right.iss }, 'The token lacks the claim "aud"'],
    ] as const) {
      expect(await refuse(env, await sign('ES256', ec.privateKey, claims))).toMatchObject({
        code: 'UNAUTHENTICATED',
        message,
      });
    }
  });

  it('are not asked for where they are not', async () => {
    expect(await read(ES256, await sign('ES256', ec.privateKey, right))).toMatchObject({ id: 'u1' });
  });
});

describe('A tier', () => {
  it('that there is not is refused with the reason', async () => {
    expect(await refuse(ES256, await sign('ES256', ec.privateKey, { tier: 'premum' }))).toMatchObject({
      code: 'UNAUTHENTICATED',
      message: expect.stringMatching(/claim "tier" does not hold: there is no tier "premum".*premium/),
    });
  });
});

describe('A token that holds', () => {
  it('is verified once, and refused all the same when it expires', async () => {
    const reader = createReader(ES256, { clock });
    const authorization = `Bearer ${await sign('ES256', ec.privateKey)}`;
    // One verification under way serves all who ask meanwhile.
    const [first, second] = await Promise.all([
      reader.readViewer({ authorization }),
      reader.readViewer({ authorization }),
    ]);
    expect(second).toBe(first);
    expect(reader.readViewer({ authorization })).toBe(first);
    clock.ms += 3_606_000;
    expect(await thrownBy(() => reader.readViewer({ authorization }))).toMatchObject({
      message: 'The token has expired',
    });
  });

  it('is verified each time where nothing may be remembered', async () => {
    const reader = createReader({ ...ES256, SLUICE_IDENTITY_CACHE_ENTRIES: '0' }, { clock });
    const authorization = `Bearer ${await sign('ES256', ec.privateKey)}`;
    const first = await reader.readViewer({ authorization });
    expect(await reader.readViewer({ authorization })).not.toBe(first);
  });

  it('is not remembered by a part of it', async () => {
    const reader = createReader(ES256, { clock });
    const token = await sign('ES256', ec.privateKey);
    await reader.readViewer({ authorization: `Bearer ${token}` });
    const [header, payload] = token.split('.');
    for (const forged of [`${header}.${payload}.`, `${token}A`, token.slice(0, -1)]) {
      expect(await thrownBy(() => reader.readViewer({ authorization: `Bearer ${forged}` }))).toMatchObject(
        INVALID,
      );
    }
  });
});

describe('The settings of tokens', () => {
  const faultsOf = (env: Record<string, string>) => {
    try {
      readConfig(env);
      return '';
    } catch (error) {
      return String(error);
    }
  };

  it('must fit together', () => {
    const secret = { SLUICE_IDENTITY_JWT_SECRET: 'x'.repeat(32) };
    const jwks = { SLUICE_IDENTITY_JWKS_URL: 'https://login.example/keys' };
    expect(faultsOf(RS256) + faultsOf(ES256) + faultsOf(secret)).toBe('');
    expect(faultsOf({ SLUICE_IDENTITY_JWT_ALGORITHM: 'RS256', ...jwks })).toBe('');
    expect(faultsOf(jwks)).toContain('SLUICE_IDENTITY_JWKS_URL is set, but');
    expect(faultsOf({ ...RS256, SLUICE_IDENTITY_JWT_ALGORITHM: 'HS256' })).toContain(
      'SLUICE_IDENTITY_JWT_PUBLIC_KEY is set, but',
    );
    expect(faultsOf({ ...RS256, ...secret })).toContain('SLUICE_IDENTITY_JWT_SECRET is set, but');
    for (const env of [{ SLUICE_IDENTITY_JWT_ALGORITHM: 'RS256' }, { ...RS256, ...jwks }])
      expect(faultsOf(env)).toContain('expected just one of');
    expect(
      faultsOf({
        SLUICE_ENV: 'production',
        SLUICE_IDENTITY_JWT_ALGORITHM: 'RS256',
        SLUICE_IDENTITY_JWKS_URL: 'http://login.example/keys',
      }),
    ).toContain('SLUICE_IDENTITY_JWKS_URL is not https');
  });

  it('take a public key only that fits the algorithm and is long enough', () => {
    const withKey = (key: string, algorithm = 'RS256') =>
      faultsOf({ SLUICE_IDENTITY_JWT_ALGORITHM: algorithm, SLUICE_IDENTITY_JWT_PUBLIC_KEY: key });
    expect(withKey(pemOf(rsa.publicKey), 'ES256')).toContain('is no key for ES256');
    expect(withKey(pemOf(ec.publicKey))).toContain('is no key for RS256');
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(withKey(pemOf(p384.publicKey), 'ES256')).toContain('expected one on the curve P-256');
    const short = generateKeyPairSync('rsa', { modulusLength: 1024 });
    expect(withKey(pemOf(short.publicKey))).toContain('has 1024 bits: expected at least 2048');
    const cutOff = pemOf(rsa.publicKey).slice(0, 200);
    const privateKey = String(rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    for (const text of ['nonsense', cutOff, privateKey])
      expect(withKey(text)).toContain('expected a public key in PEM');
  });

  it('name the proxies that are believed by address or range', () => {
    const read = (text: string) => readConfig({ SLUICE_HTTP_TRUSTED_PROXIES: text }).http.trustedProxies;
    expect(read('10.0.0.0/8, ::1,192.0.2.1')).toEqual(['10.0.0.0/8', '::1', '192.0.2.1']);
    for (const text of [
      '*',
      'true',
      '10.0.0.0/33',
      '::1/129',
      '10.0.0.0/',
      '1.2.3.4/8/8',
      'proxy.example',
      '1',
    ])
      expect(faultsOf({ SLUICE_HTTP_TRUSTED_PROXIES: text })).toContain('SLUICE_HTTP_TRUSTED_PROXIES');
  });
});
