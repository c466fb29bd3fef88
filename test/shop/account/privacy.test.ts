import { join } from 'node:path';
import pg from 'pg';
import { findCaptureDemand } from '../../../src/binding/capture-demand.js';
import { prepareCapture } from '../../../src/cli/database/prepare-capture.js';
import { bindProject, loadProject } from '../../../src/cli/load-project.js';
import { findProject } from '../../../src/cli/project.js';
import { readConfig } from '../../../src/kernel/config/read-config.js';
import { DEVELOPMENT_PASSWORDS } from '../../../src/shop/seed/development-passwords.js';
import { INTROSPECTION } from '../clients/introspect.js';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop, ROOT } from '../clients/live-shop.js';
import { EVERYTHING } from '../everything.js';
import { globalId, openShop, STAFF } from '../shop-world.js';

const HASH = /password_?hash/i;

describe('The hash of a password', () => {
  let shop: LiveShop;
  beforeAll(async () => {
    shop = await openLiveShop();
  }, OPEN_TIMEOUT_MS);
  afterAll(() => shop.close());

  it('is nothing that introspection tells of, staff included', async () => {
    const token = await shop.signIn({ userId: 28, tier: 'staff' });
    for (const options of [{}, { token }]) {
      const text = JSON.stringify((await shop.ask(INTROSPECTION, options)).data);
      expect(text).not.toMatch(HASH);
      // What is signed in with is all that there is of it.
      expect(text.match(/"name":"[^"]*password[^"]*"/gi)).toEqual(['"name":"password"']);
    }
  });

  it.each([
    '{ user(id: "VXNlcjox") { passwordHash } }',
    '{ node(id: "VXNlcjox") { ... on User { password } } }',
    '{ product(slug: "a") { reviews(filter: { author: { is: { passwordHash: { startsWith: "scrypt" } } } }) { totalCount } } }',
    '{ product(slug: "a") { reviews(orderBy: [{ field: PASSWORD_HASH }]) { totalCount } } }',
  ])('can not be asked for: %s', async (query) => {
    const { status, data, errors } = await shop.ask(query);
    expect([status, data]).toEqual([400, undefined]);
    expect(errors?.[0]?.extensions.code).toMatch(/^(GRAPHQL_VALIDATION_FAILED|BAD_USER_INPUT)$/);
  });

  it('is in no statement that reads for the API, whatever is asked', async () => {
    const world = await openShop();
    try {
      const { data, faults } = await world.ask(EVERYTHING, {
        viewer: STAFF,
        variables: {
          categoryId: globalId('Category', 1),
          productId: globalId('Product', 1),
          slug: (await world.prisma.product.findUniqueOrThrow({ where: { id: 1 } })).slug,
          userId: globalId('User', 1),
          orderId: globalId('Order', 1),
          reviewId: globalId('Review', 1),
          cartId: '00000000-0000-4000-8000-000000000000',
        },
      });
      expect(faults).toEqual([]);
      expect(data.user.name).toBe('Amara Yilmaz');
      expect(world.statements.filter((text) => text.includes('"users"')).length).toBeGreaterThan(1);
      expect(world.statements.filter((text) => HASH.test(text))).toEqual([]);
    } finally {
      await world.close();
    }
  });
});

describe('A change of a password', () => {
  let shop: LiveShop;
  let client: pg.Client;
  beforeAll(async () => {
    shop = await openLiveShop();
    const loaded = await loadProject(findProject({ root: ROOT, codeDirectory: join(ROOT, 'src') }));
    const api = bindProject(loaded, readConfig({}).reads);
    client = new pg.Client({ connectionString: shop.databaseUrl });
    await client.connect();
    await prepareCapture({
      client,
      graph: loaded.graph,
      demand: findCaptureDemand(api.bindings),
      rollups: [],
      defaultSchema: 'public',
    });
  }, OPEN_TIMEOUT_MS);
  afterAll(async () => {
    await client.end();
    await shop.close();
  });

  it('is told of as a change of the row, without the hash', async () => {
    await client.query('DELETE FROM sluice.outbox');
    const [hash] = DEVELOPMENT_PASSWORDS.values();
    await client.query('UPDATE users SET password_hash = $1 WHERE id = 2', [hash]);
    await client.query('UPDATE users SET password_hash = NULL WHERE id = 2');
    await client.query("INSERT INTO users (email, name, password_hash) VALUES ('x@example.com', 'X', $1)", [
      hash,
    ]);
    const { rows } = await client.query<{ tags: string[] }>('SELECT tags FROM sluice.outbox');
    expect(rows.map(({ tags }) => tags)).toEqual([
      ['User~', 'User:2'],
      ['User~', 'User:2'],
      ['User~', 'User+', expect.stringMatching(/^User:\d+$/)],
    ]);
  });

  it('has no trigger that reads it', async () => {
    const { rows } = await client.query<{ text: string }>(
      "SELECT prosrc AS text FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'sluice'",
    );
    expect(rows.some(({ text }) => text.includes('User~'))).toBe(true);
    expect(rows.filter(({ text }) => HASH.test(text))).toEqual([]);
  });
});
