import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeExecutableSchema } from '@graphql-tools/schema';
import pg from 'pg';
import { bindSchema } from '../../../src/binding/bind-schema.js';
import { issueApiKey, revokeApiKey } from '../../../src/identity/api-keys/api-key-store.js';
import { createJwtSecret, signDevelopmentToken } from '../../../src/identity/development-token.js';
import { sweepRevokedTokens } from '../../../src/identity/revocation/token-revocations.js';
import { SETTINGS } from '../../../src/kernel/config/settings.js';
import { LIMITS } from '../../binding/zoo-schema.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { type EngineDatabase, openEngineDatabase } from '../../identity/engine-database.js';
import { startSmallGateway } from '../small-gateway.js';
import { readSetCookie, SESSION_SECRET, startSessionGateway } from './session-gateway.js';
import { createApp } from './snippets/sign-in.js';

const ROOT = join(import.meta.dirname, '../../..');

let page: string;
let database: EngineDatabase;
beforeAll(async () => {
  page = await readFile(join(ROOT, 'docs/identity.md'), 'utf8');
  database = await openEngineDatabase();
});
afterAll(() => database.close());

/** The block of code below a comment. */
function findBlock(comment: string): string {
  const block = page.split(`<!-- ${comment} -->\n`)[1]?.match(/^```\w+\n([\s\S]*?)\n```/);
  if (block?.[1] === undefined) throw new Error(`docs/identity.md has no block for ${comment}`);
  return block[1];
}

describe('docs/identity.md', () => {
  it('shows how to ask who one is', async () => {
    const secret = createJwtSecret();
    const schema = bindSchema({
      sdl: [{ path: 'a.graphql', text: 'type Query { foods: [Food!]! } type Food { name: String! }' }],
      graph: await domainGraph(),
      limits: LIMITS,
    });
    const gateway = await startSmallGateway({ SLUICE_IDENTITY_JWT_SECRET: secret }, { schema });
    try {
      const token = await signDevelopmentToken({ secret, viewerId: '7', tier: 'premium', scopes: ['a'] });
      const query = findBlock('run by test/gateway/identity/documentation.test.ts');
      expect((await gateway.ask(query, { headers: { authorization: `Bearer ${token}` } })).data).toEqual({
        viewer: { id: '7', tier: 'premium', scopes: ['a'] },
      });
    } finally {
      await gateway.close();
    }
  });

  it('shows an app that signs people in and out', async () => {
    const file = 'test/gateway/identity/snippets/sign-in.ts';
    expect(findBlock(file)).toBe((await readFile(join(ROOT, file), 'utf8')).trimEnd());
    const app = createApp({
      check: async (email, password) => (email === 'a@example.com' && password === 'right' ? '7' : null),
      find: async (id) => (id === '7' ? { isStaff: true } : null),
    });
    const schema = makeExecutableSchema({
      typeDefs: `type Viewer { id: ID tier: String! } type Query { viewer: Viewer! }
        type Mutation { signIn(email: String!, password: String!): Viewer! signOut: Boolean! }`,
      resolvers: {
        ...(app.resolvers as object),
        Query: { viewer: (_: unknown, __: unknown, context: { viewer: unknown }) => context.viewer },
      },
    });
    const gateway = await startSmallGateway(
      { SLUICE_IDENTITY_SESSION_SECRET: SESSION_SECRET },
      { schema, app, storage: database.pool },
    );
    const signIn = (password: string) =>
      gateway.ask(`mutation { signIn(email: "a@example.com", password: "${password}") { id tier } }`);
    try {
      expect((await signIn('wrong')).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
      const answer = await signIn('right');
      expect(answer.data).toEqual({ signIn: { id: '7', tier: 'staff' } });
      const cookie = readSetCookie(answer) ?? '';
      expect((await gateway.ask('{ viewer { id } }', { headers: { cookie } })).data).toEqual({
        viewer: { id: '7' },
      });
      expect((await gateway.ask('mutation { signOut }', { headers: { cookie } })).data).toEqual({
        signOut: true,
      });
    } finally {
      await gateway.close();
    }
  });

  it('names grants with which a server can check, note and sweep as a role that owns nothing', async () => {
    const role = `app_${Date.now()}`;
    const key = await issueApiKey(database.pool, {
      name: 'test',
      viewerId: 'robot',
      tier: 'premium',
      scopes: [],
      expiresAt: null,
    });
    await database.pool.query(`CREATE ROLE ${role} LOGIN`);
    const url = database.url.replace('//postgres@', `//${role}@`);
    const pool = new pg.Pool({ connectionString: url, max: 2 });
    try {
      await database.pool.query(
        `GRANT USAGE ON SCHEMA sluice TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA sluice TO ${role};`,
      );
      await database.pool.query(
        findBlock('run by test/gateway/identity/documentation.test.ts as SQL').replaceAll('app;', `${role};`),
      );
      const gateway = await startSessionGateway({}, { storage: pool });
      expect((await gateway.ask('{ viewer { id } }', { headers: { 'sluice-key': key } })).status).toBe(200);
      const signedIn = await gateway.ask('mutation { signIn(id: "u1") { id } }');
      const cookie = readSetCookie(signedIn) ?? '';
      await gateway.ask('mutation { signOut }', { headers: { cookie } });
      await sweepRevokedTokens(pool);
      await gateway.close();
      expect(gateway.log.lines.filter(({ level }) => level === 'warn' || level === 40)).toEqual([]);
      await expect(revokeApiKey(pool, key.slice(0, 12))).rejects.toThrow(/permission denied/);
    } finally {
      await pool.end();
      await database.pool.query(`DROP OWNED BY ${role}`);
      await database.pool.query(`DROP ROLE ${role}`);
    }
  });

  it('lists every setting and metric of identity', async () => {
    const names = Object.keys(SETTINGS).filter((name) => name.startsWith('SLUICE_IDENTITY_'));
    const isNamed = (name: string) =>
      page.includes(`\`${name}\``) || page.includes(`\`${name.replace('SLUICE_IDENTITY', '…')}\``);
    expect(names.filter((name) => !isNamed(name))).toEqual([]);
    const gateway = await startSmallGateway();
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    await gateway.close();
    const metrics = [...text.matchAll(/^# TYPE (sluice_identity_\w+)/gm)].map((match) => match[1]);
    expect(metrics.length).toBeGreaterThan(1);
    expect(metrics.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });
});
