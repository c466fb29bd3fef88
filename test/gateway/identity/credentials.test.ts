import { createHmac, generateKeyPairSync } from 'node:crypto';
import { connect } from 'node:net';
import { SignJWT, UnsecuredJWT } from 'jose';
import { createApiKey } from '../../../src/identity/api-keys/api-key.js';
import { findApiKey, issueApiKey } from '../../../src/identity/api-keys/api-key-store.js';
import { until } from '../../embedded/until.js';
import { type EngineDatabase, openEngineDatabase } from '../../identity/engine-database.js';
import { startKeySetServer } from '../../identity/key-set-server.js';
import { type SmallGateway, startSmallGateway } from '../small-gateway.js';

const VIEWER = '{ viewer { id tier scopes } }';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = String(rsa.publicKey.export({ type: 'spki', format: 'pem' }));
const inOneHour = () => Math.floor(Date.now() / 1000) + 3600;
const sign = (claims: object, header: object = {}) =>
  new SignJWT({ sub: 'u1', exp: inOneHour(), iss: 'https://login.example/', aud: 'api', ...claims })
    .setProtectedHeader({ alg: 'RS256', ...header })
    .sign(rsa.privateKey);

let database: EngineDatabase;
let gateway: SmallGateway;
beforeAll(async () => {
  database = await openEngineDatabase();
  gateway = await startSmallGateway(
    {
      SLUICE_IDENTITY_JWT_ALGORITHM: 'RS256',
      SLUICE_IDENTITY_JWT_PUBLIC_KEY: pem,
      SLUICE_IDENTITY_JWT_ISSUER: 'https://login.example/',
      SLUICE_IDENTITY_JWT_AUDIENCE: 'api',
    },
    { storage: database.pool },
  );
});
afterAll(async () => {
  await gateway.close();
  await database.close();
});

const ask = (headers: Record<string, string>, query = VIEWER) => gateway.ask(query, { headers });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('A token', () => {
  it('names the viewer', async () => {
    expect((await ask(bearer(await sign({ tier: 'staff', scope: 'a b' })))).data).toEqual({
      viewer: { id: 'u1', tier: 'staff', scopes: ['a', 'b'] },
    });
  });

  it('that does not hold is refused with 401, a code and a challenge, and nothing is done', async () => {
    const unsigned = new UnsecuredJWT({ sub: 'u1', exp: inOneHour() }).encode();
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const body = `${part({ alg: 'HS256' })}.${part({ sub: 'admin', exp: inOneHour() })}`;
    const swapped = `${body}.${createHmac('sha256', pem).update(body).digest('base64url')}`;
    const [header, payload] = (await sign({})).split('.');
    const cases: [string, string][] = [
      [swapped, 'The token is not valid'],
      [unsigned, 'The token is not valid'],
      [`${header}.${payload}.`, 'The token is not valid'],
      [await sign({}, { kid: "x' OR '1'='1" }).then((token) => `${token}AAAA`), 'The token is not valid'],
      [await sign({ exp: inOneHour() - 7200 }), 'The token has expired'],
      [await sign({ nbf: inOneHour() }), 'The token\'s claim "nbf" does not hold'],
      [await sign({ iss: 'https://evil.example/' }), 'The token\'s claim "iss" does not hold'],
      [await sign({ aud: 'other' }), 'The token\'s claim "aud" does not hold'],
      [await sign({ sub: '' }), 'The token\'s claim "sub" does not hold'],
      [await sign({ tier: 'root' }), 'The token\'s claim "tier" does not hold: there is no tier "root"'],
    ];
    for (const [token, message] of cases) {
      const answer = await ask(bearer(token), 'mutation { bump }');
      expect([answer.status, answer.errors]).toEqual([
        401,
        [{ message, extensions: { code: 'UNAUTHENTICATED' } }],
      ]);
      expect(answer.headers.get('www-authenticate')).toBe(
        `Bearer realm="sluice", error="invalid_token", error_description="${message.replaceAll('"', "'")}"`,
      );
    }
    expect(gateway.world.bumps).toBe(0);
  });

  it('of another scheme is challenged without blame', async () => {
    const answer = await ask({ authorization: 'Basic dTpw' });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="sluice"']);
  });

  it('whose claims hold what a header may not is refused in words that a header may hold', async () => {
    const answer = await ask(bearer(await sign({ tier: 'x"\r\nset-cookie: a=b' })));
    expect(answer.status).toBe(401);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const named = await ask({ authorization: 'Bearer ä\\"' });
    expect(named.status).toBe(401);
    expect(named.headers.get('www-authenticate')).not.toMatch(/[^\x20-\x7E]/);
  });

  it('can not be checked while the keys for it are away: 503, and neither 401 nor nobody', async () => {
    const server = await startKeySetServer([]);
    server.answer = (response) => response.writeHead(500).end();
    const away = await startSmallGateway({
      SLUICE_IDENTITY_JWT_ALGORITHM: 'RS256',
      SLUICE_IDENTITY_JWKS_URL: server.url,
    });
    try {
      const answer = await away.ask(VIEWER, { headers: bearer(await sign({})) });
      expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([503, 'IDENTITY_UNAVAILABLE']);
      expect((await away.ask(VIEWER)).status).toBe(200);
      const metrics = await (await fetch(`${away.url}/metrics`)).text();
      expect(metrics).toContain('sluice_identity_verifications_total{kind="token",outcome="unavailable"} 1');
      expect(metrics).toContain('sluice_identity_key_set_fetch_failures_total 1');
    } finally {
      await away.close();
      await server.close();
    }
  });
});

describe('An API key', () => {
  const grant = { name: 'test', viewerId: 'robot', tier: 'premium', scopes: ['read'], expiresAt: null };

  it('names the viewer, and its use is noted', async () => {
    const key = await issueApiKey(database.pool, grant);
    for (const _ of [1, 2])
      expect((await ask({ 'sluice-key': key })).data).toEqual({
        viewer: { id: 'robot', tier: 'premium', scopes: ['read'] },
      });
    await until(
      'the use to be noted',
      async () => (await findApiKey(database.pool, key.slice(0, 12)))?.lastUsedAt !== null,
    );
  });

  it('that does not hold is refused with 401, whether or not there is one that begins so', async () => {
    const known = await issueApiKey(database.pool, grant);
    const unknown = createApiKey().text;
    const answers = [];
    for (const key of [unknown, known.slice(0, 13) + unknown.slice(13)]) {
      const { status, errors, headers } = await ask({ 'sluice-key': key }, 'mutation { bump }');
      answers.push({ status, errors, challenge: headers.get('www-authenticate') });
    }
    expect(answers[0]).toEqual({
      status: 401,
      errors: [{ message: 'The key is not valid', extensions: { code: 'UNAUTHENTICATED' } }],
      challenge: 'Bearer realm="sluice"',
    });
    expect(answers[1]).toEqual(answers[0]);
    expect(gateway.world.bumps).toBe(0);
  });

  it('beside a token is refused: who is meant?', async () => {
    const answer = await ask({
      'sluice-key': await issueApiKey(database.pool, grant),
      ...bearer(await sign({})),
    });
    expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });

  it('is no token, nor a token a key, also where it is known', async () => {
    const key = await issueApiKey(database.pool, grant);
    const token = await sign({});
    expect((await ask({ 'sluice-key': key })).status).toBe(200);
    expect((await ask(bearer(token))).status).toBe(200);
    expect((await ask(bearer(key))).status).toBe(401);
    expect((await ask({ 'sluice-key': token })).status).toBe(401);
  });

  it('is never logged, nor is a token', async () => {
    const key = createApiKey().text;
    const token = await sign({ sub: 'logged' });
    await ask({ 'sluice-key': key });
    await ask(bearer(`${token}x`));
    const answered = await ask(bearer(token));
    const requestId = answered.headers.get('sluice-request-id') ?? answered.headers.get('x-request-id');
    await gateway.log.waitForLine((line) => line.requestId === requestId);
    const text = JSON.stringify(gateway.log.lines);
    expect(text).not.toContain(key.slice(13));
    expect(text).not.toContain(token.split('.')[2]);
  });
});

describe('A page of an origin that may call', () => {
  it('may send either header, and is told so when it asks', async () => {
    for (const name of ['authorization', 'sluice-key']) {
      const { headers } = await fetch(`${gateway.url}/graphql`, {
        method: 'OPTIONS',
        headers: {
          origin: 'http://localhost:3000',
          'access-control-request-method': 'POST',
          'access-control-request-headers': `content-type,${name}`,
        },
      });
      expect(headers.get('access-control-allow-headers')).toContain(name);
    }
  });
});

describe('Oversize headers', () => {
  it('are refused unread, and the server goes on', async () => {
    const answer = await ask(bearer('x'.repeat(8193)));
    expect(answer.status).toBe(401);
    const { hostname, port } = new URL(gateway.url);
    const text = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      let received = '';
      socket.setEncoding('utf8').on('data', (chunk) => {
        received += chunk;
      });
      socket.once('close', () => resolve(received)).once('error', reject);
      socket.write(`POST /graphql HTTP/1.1\r\nhost: localhost\r\nsluice-key: ${'x'.repeat(100_000)}\r\n\r\n`);
    });
    expect(text).toMatch(/^HTTP\/1\.1 431 /);
    expect((await ask({})).status).toBe(200);
  });
});
