import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { signDevelopmentToken } from '../../../src/identity/development-token.js';
import { until } from '../../embedded/until.js';
import {
  createUnreachablePool,
  type EngineDatabase,
  openEngineDatabase,
} from '../../identity/engine-database.js';
import { testRedisUrl } from '../../services/database.js';
import { startSmallGateway } from '../small-gateway.js';
import {
  readSetCookie,
  SESSION_SECRET,
  type SessionGateway,
  startSessionGateway,
} from './session-gateway.js';

const VIEWER = '{ viewer { id tier scopes } }';
const JWT_SECRET = randomBytes(32).toString('hex');
const ANYBODY = { viewer: { id: null, tier: 'anonymous', scopes: [] } };

let database: EngineDatabase;
let gateway: SessionGateway;
beforeAll(async () => {
  database = await openEngineDatabase();
  gateway = await startSessionGateway({ SLUICE_IDENTITY_JWT_SECRET: JWT_SECRET }, { storage: database.pool });
});
afterAll(async () => {
  await gateway.close();
  await database.close();
});

const ask = (query: string, cookie?: string, headers: Record<string, string> = {}) =>
  gateway.ask(query, { headers: { ...(cookie !== undefined && { cookie }), ...headers } });

async function signIn(id = 'u1', cookie?: string): Promise<string> {
  const answer = await ask(`mutation { signIn(id: "${id}") { id } }`, cookie);
  expect(answer.errors).toBeUndefined();
  const set = readSetCookie(answer);
  if (set === null) throw new Error('No cookie was set');
  return set;
}

describe('A browser session', () => {
  it('says who asks from the request after signing in', async () => {
    const cookie = await signIn();
    expect((await ask(VIEWER, cookie)).data).toEqual({
      viewer: { id: 'u1', tier: 'premium', scopes: ['read'] },
    });
    expect((await ask(VIEWER)).data).toEqual(ANYBODY);
    expect((await ask(VIEWER, 'other=1; theme=dark')).data).toEqual(ANYBODY);
    expect((await ask(VIEWER, `theme=dark; ${cookie}; other=1`)).data).toMatchObject({
      viewer: { id: 'u1' },
    });
  });

  it('is a cookie that no page can read and no other site has sent', async () => {
    const answer = await ask('mutation { signIn(id: "u1") { id } }');
    const [text = ''] = answer.headers.getSetCookie();
    expect(text).toMatch(/^sluice=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
    const production = await startSessionGateway({ SLUICE_ENV: 'production' }, { storage: database.pool });
    try {
      const [secure = ''] = (
        await production.ask('mutation { signIn(id: "u1") { id } }')
      ).headers.getSetCookie();
      expect(secure).toMatch(
        /^__Host-sluice=[^;]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      );
      const cookie = secure.split(';')[0] ?? '';
      expect((await production.ask(VIEWER, { headers: { cookie } })).data).toMatchObject({
        viewer: { id: 'u1' },
      });
    } finally {
      await production.close();
    }
  });

  it('gets another id at each signing in, and the one before ends', async () => {
    const before = await signIn();
    const after = await signIn('u2', before);
    expect(after).not.toBe(before);
    expect((await ask(VIEWER, after)).data).toMatchObject({ viewer: { id: 'u2', tier: 'staff' } });
    expect((await ask(VIEWER, before)).status).toBe(401);
  });

  it('ends when its viewer signs out, also for whoever has a copy of the cookie', async () => {
    const cookie = await signIn();
    expect(readSetCookie(await ask('mutation { signOut }', cookie))).toBe('');
    expect((await ask(VIEWER, cookie)).status).toBe(401);
    expect(readSetCookie(await ask('mutation { signOut }'))).toBeNull();
  });

  it('that has ended is told once, with its cookie taken away: then one is nobody', async () => {
    const cookie = await signIn();
    await database.pool.query('UPDATE sluice.sessions SET expires_at = now()');
    const answer = await ask('mutation { deed }', cookie);
    expect([answer.status, answer.errors, readSetCookie(answer)]).toEqual([
      401,
      [{ message: 'The session has ended: sign in again', extensions: { code: 'UNAUTHENTICATED' } }],
      '',
    ]);
  });

  it('is begun by nobody that the app does not know', async () => {
    const answer = await ask('mutation { signIn(id: "stranger") { id } }');
    expect(answer.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(readSetCookie(answer)).toBeNull();
  });

  it('counts less than what the request itself states', async () => {
    const cookie = await signIn();
    const token = await signDevelopmentToken({ secret: JWT_SECRET, viewerId: 'u9' });
    expect((await ask(VIEWER, cookie, { authorization: `Bearer ${token}` })).data).toMatchObject({
      viewer: { id: 'u9', tier: 'authenticated' },
    });
    expect((await ask(VIEWER, cookie, { authorization: 'Bearer x' })).status).toBe(401);
    expect((await ask(VIEWER, cookie, { 'sluice-key': 'x' })).status).toBe(401);
  });

  it('is not looked for where a request has no cookie', async () => {
    const before = database.statements.length;
    await ask(VIEWER);
    expect(database.statements).toHaveLength(before);
  });
});

describe('What a viewer may do', () => {
  it('is asked of the app during a session: a tier that is taken away is gone', async () => {
    gateway.people.set('worker', { tier: 'staff', scopes: ['all'] });
    const cookie = await signIn('worker');
    expect((await ask(VIEWER, cookie)).data).toMatchObject({ viewer: { tier: 'staff', scopes: ['all'] } });
    gateway.people.set('worker', { tier: 'authenticated' });
    expect((await ask(VIEWER, cookie)).data).toMatchObject({
      viewer: { id: 'worker', tier: 'authenticated', scopes: [] },
    });
  });

  it('is nothing once the app knows them no longer, and the session ends with that', async () => {
    gateway.people.set('leaver', { tier: 'staff' });
    const cookie = await signIn('leaver');
    gateway.people.delete('leaver');
    expect((await ask('mutation { deed }', cookie)).status).toBe(401);
    gateway.people.set('leaver', { tier: 'staff' });
    expect((await ask(VIEWER, cookie)).status).toBe(401);
  });

  it('can not be found out, rather than be nothing, where the app fails', async () => {
    gateway.people.set('odd', { tier: 'premium' });
    const cookie = await signIn('odd');
    gateway.people.set('odd', null as never);
    Object.defineProperty(gateway.people, 'get', {
      configurable: true,
      value: () => {
        throw new Error('password=hunter2');
      },
    });
    try {
      const answer = await ask(VIEWER, cookie);
      expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([503, 'IDENTITY_UNAVAILABLE']);
      expect(JSON.stringify(answer)).not.toContain('hunter2');
    } finally {
      Reflect.deleteProperty(gateway.people, 'get');
    }
  });
});

describe("A session's cookie", () => {
  it('is of no use where it was changed, made up or signed by somebody else', async () => {
    const cookie = await signIn();
    const [name = '', value = ''] = cookie.split('=');
    const other = await startSessionGateway(
      { SLUICE_IDENTITY_SESSION_SECRET: 'another secret of 32 characters or more' },
      { storage: database.pool },
    );
    const foreign = await other
      .ask('mutation { signIn(id: "u2") { id } }')
      .then((answer) => readSetCookie(answer))
      .finally(() => other.close());
    const before = database.statements.length;
    for (const forged of [
      `${name}=${value}x`,
      `${name}=x${value}`,
      `${name}=${value.split('.')[0]}`,
      `${name}=${value.split('.')[0]}.`,
      `${name}=`,
      `${name}=%`,
      `${name}=${'x'.repeat(4_000)}`,
      foreign ?? '',
    ]) {
      const answer = await ask('mutation { deed }', forged);
      expect([forged, answer.status]).toEqual([forged, 401]);
    }
    // None of them was even looked for.
    expect(database.statements).toHaveLength(before);
    expect(gateway.countDeeds()).toBe(0);
  });

  it('does not let one who planted it share the session that follows (fixation)', async () => {
    const planted = await signIn('u2');
    const victim = await signIn('u1', planted);
    expect((await ask(VIEWER, planted)).status).toBe(401);
    expect((await ask(VIEWER, victim)).data).toMatchObject({ viewer: { id: 'u1' } });
  });
});

describe('Another site', () => {
  it('can have nothing done in the name of who has signed in', async () => {
    const cookie = await signIn();
    const url = `${gateway.url}/graphql`;
    const query = 'mutation { deed }';
    const form = new URLSearchParams({ query });
    const multipart = new FormData();
    multipart.set('operations', JSON.stringify({ query }));
    const json = JSON.stringify({ query });
    const evil = {
      cookie,
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'user-agent': 'Mozilla/5.0',
    };
    // All that a page can send elsewhere without asking first (Fetch, "simple" requests).
    const attempts: [string, RequestInit][] = [
      [url, { method: 'POST', body: form, headers: evil }],
      [url, { method: 'POST', body: multipart, headers: evil }],
      [url, { method: 'POST', body: json, headers: { ...evil, 'content-type': 'text/plain' } }],
      [url, { method: 'POST', body: new Blob([json]), headers: evil }],
      [`${url}?${form}`, { method: 'POST', headers: evil }],
      [`${url}?${form}`, { headers: evil }],
      // Older browsers, and those on plain HTTP, don't say where a request comes from.
      [`${url}?${form}`, { headers: { cookie, 'user-agent': 'Mozilla/5.0' } }],
    ];
    for (const [address, options] of attempts) {
      const response = await fetch(address, options);
      expect(response.status).toBeGreaterThanOrEqual(400);
    }
    expect(gateway.countDeeds()).toBe(0);
    const preflight = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: 'https://evil.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    // The same from a page of this origin.
    expect((await ask(query, cookie)).data).toEqual({ deed: true });
    expect(gateway.countDeeds()).toBe(1);
  });

  it('can not read what its viewer may see, whichever origin may call', async () => {
    const answer = await gateway.ask(VIEWER, {
      headers: { cookie: await signIn(), origin: 'http://localhost:3000' },
    });
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('Sessions', () => {
  it('are kept in Redis where there is one', async () => {
    const redis = new Redis(testRedisUrl());
    const one = await startSessionGateway({}, { redis });
    const other = await startSessionGateway({}, { redis });
    try {
      const cookie = readSetCookie(await one.ask('mutation { signIn(id: "u1") { id } }')) ?? '';
      expect((await other.ask(VIEWER, { headers: { cookie } })).data).toMatchObject({ viewer: { id: 'u1' } });
      await other.ask('mutation { signOut }', { headers: { cookie } });
      expect((await one.ask(VIEWER, { headers: { cookie } })).status).toBe(401);
    } finally {
      await Promise.all([one.close(), other.close()]);
      redis.disconnect();
    }
  });

  it('that can not be looked for are 503, and neither nobody nor ended', async () => {
    const away = await startSessionGateway({}, { storage: createUnreachablePool() });
    try {
      const cookie = await signIn();
      const answer = await away.ask(VIEWER, { headers: { cookie } });
      expect([answer.status, answer.errors?.[0]?.extensions.code, readSetCookie(answer)]).toEqual([
        503,
        'IDENTITY_UNAVAILABLE',
        null,
      ]);
      const refused = await away.ask('mutation { signIn(id: "u1") { id } }');
      expect(refused.errors?.[0]?.extensions.code).toBe('IDENTITY_UNAVAILABLE');
      await until('the failed sweep to be told', () =>
        away.log.lines.some(({ msg }) => String(msg).includes('could not be swept away')),
      );
    } finally {
      await away.close();
    }
  });

  it('that Redis does not tell of are 503 as well', async () => {
    const redis = new Redis('redis://127.0.0.1:1', { maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => {
      // Expected: nobody listens there.
    });
    const away = await startSessionGateway({}, { redis });
    try {
      const answer = await away.ask(VIEWER, { headers: { cookie: await signIn() } });
      expect([answer.status, answer.errors?.[0]?.extensions.code]).toEqual([503, 'IDENTITY_UNAVAILABLE']);
      const metrics = await (await fetch(`${away.url}/metrics`)).text();
      expect(metrics).toContain(
        'sluice_identity_verifications_total{kind="session",outcome="unavailable"} 1',
      );
    } finally {
      await away.close();
      redis.disconnect();
    }
  });

  it('are off without a secret, a place to keep them or a loadViewer; who signs in is told why', async () => {
    for (const [env, stores, reason] of [
      [{ SLUICE_IDENTITY_SESSION_SECRET: '' }, { storage: database.pool }, 'SLUICE_IDENTITY_SESSION_SECRET'],
      [{}, {}, 'neither Redis nor a database'],
    ] as const) {
      const without = await startSessionGateway(env, stores);
      try {
        const answer = await without.ask('mutation { signIn(id: "u1") { id } }');
        expect(answer.errors?.[0]).toMatchObject({
          message: expect.stringContaining(reason),
          extensions: { code: 'SESSIONS_OFF' },
        });
        const cookie = await signIn();
        expect((await without.ask(VIEWER, { headers: { cookie } })).data).toEqual(ANYBODY);
      } finally {
        await without.close();
      }
    }
  });

  it('that somebody wanted and are off are told of at start', async () => {
    const env = { SLUICE_ENV: 'production', SLUICE_IDENTITY_SESSION_SECRET: SESSION_SECRET };
    const without = await startSmallGateway(env, { storage: database.pool });
    await without.close();
    expect(without.log.lines.map(({ msg }) => msg)).toContain(
      "There are no browser sessions: the app's definition has no loadViewer",
    );
  });
});
