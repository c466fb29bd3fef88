import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDevelopmentSecret } from '../../src/cli/development-secret.js';
import { signTierTokens } from '../../src/cli/tier-tokens.js';
import { Tiers } from '../../src/identity/tiers.js';
import { readConfig } from '../../src/kernel/config/read-config.js';
import { readToken } from '../identity/viewer-readers.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sluice-secrets-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (env: Record<string, string>) => withDevelopmentSecret(readConfig(env), directory);
const SECRET = 'x'.repeat(32);
const JWKS = {
  SLUICE_IDENTITY_JWT_ALGORITHM: 'ES256',
  SLUICE_IDENTITY_JWKS_URL: 'https://login.example/keys',
};

describe('Secrets', () => {
  it('are made in development, two of them, and kept where nobody else can read them', async () => {
    const { jwtSecret, sessionSecret } = open({}).identity;
    expect(jwtSecret).not.toBe(sessionSecret);
    expect(open({}).identity).toMatchObject({ jwtSecret, sessionSecret });
    for (const [name, secret] of [
      ['jwt-secret', jwtSecret],
      ['session-secret', sessionSecret],
    ] as const) {
      const file = join(directory, name);
      expect(await readFile(file, 'utf8')).toBe(secret);
      expect((await stat(file)).mode & 0o077).toBe(0);
    }
  });

  it('are the configured ones where there are some', () => {
    const env = { SLUICE_IDENTITY_JWT_SECRET: SECRET, SLUICE_IDENTITY_SESSION_SECRET: `${SECRET}y` };
    expect(open(env).identity).toMatchObject({ jwtSecret: SECRET, sessionSecret: `${SECRET}y` });
  });

  it('are not made in production, nor for tokens that are checked with a public key', () => {
    expect(open({ SLUICE_ENV: 'production' }).identity).toMatchObject({
      jwtSecret: null,
      sessionSecret: null,
    });
    expect(open(JWKS).identity).toMatchObject({ jwtSecret: null, sessionSecret: expect.any(String) });
  });
});

describe('Tokens to try things out with', () => {
  const sign = (env: Record<string, string>) => signTierTokens(open(env), new Tiers());

  it('are one for each tier that signs in', async () => {
    const tokens = await sign({ SLUICE_IDENTITY_JWT_SECRET: SECRET });
    expect(tokens.map(({ tier }) => tier)).toEqual(['authenticated', 'premium', 'staff']);
    for (const { tier, token } of tokens)
      expect(await readToken(SECRET, token)).toEqual({ id: '1', tier, scopes: [], isAuthenticated: true });
  });

  it('are none in production, on a database of yours, or without a secret', async () => {
    const env = { SLUICE_IDENTITY_JWT_SECRET: SECRET };
    expect(await sign({ ...env, SLUICE_ENV: 'production' })).toEqual([]);
    expect(await sign({ ...env, DATABASE_URL: 'postgresql://localhost/mine' })).toEqual([]);
    expect(await sign(JWKS)).toEqual([]);
  });
});
