import { jest } from '@jest/globals';
import { runPrisma } from '../../migrations/prisma-cli.js';
import { createEmptyShopDatabase } from '../shop-database.js';
import { type OpenDatabase, openDatabase } from './shop-client.js';

// Prisma's CLI takes a second or two to start.
jest.setTimeout(60_000);

let shop: OpenDatabase;

beforeAll(async () => {
  shop = await openDatabase(createEmptyShopDatabase());
});

afterAll(() => shop.close());

describe("the shop's migrations", () => {
  it('lead to just what prisma/schema.prisma says, hand-made indexes and all', async () => {
    const args = [
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
    ];
    const { exitCode, output } = await runPrisma([...args, '--exit-code'], shop.url);
    expect(output).toContain('No difference detected.');
    expect(exitCode).toBe(0);
    const shadows = await shop.ask(
      `SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`,
    );
    expect(shadows).toEqual([]);
  });

  it('are all applied in the eyes of prisma migrate status', async () => {
    const { exitCode, output } = await runPrisma(['migrate', 'status'], shop.url);
    expect(output).toContain('Database schema is up to date!');
    expect(exitCode).toBe(0);
  });

  it('would be seen to differ by one partial index, one INCLUDE column, one BRIN index', async () => {
    const changed = await openDatabase(createEmptyShopDatabase());
    await changed.ask(
      'DROP INDEX categories_featured_idx, cart_items_listed_idx, product_views_viewed_at_idx',
    );
    await changed.ask(
      'CREATE INDEX categories_featured_idx ON categories (sort_order, id) WHERE is_featured = false',
    );
    await changed.ask('CREATE INDEX cart_items_listed_idx ON cart_items (cart_id, added_at, id)');
    const args = [
      'migrate',
      'diff',
      '--from-config-datasource',
      '--to-schema',
      'prisma/schema.prisma',
      '--script',
    ];
    const { exitCode, output } = await runPrisma([...args, '--exit-code'], changed.url);
    await changed.close();
    expect(exitCode).toBe(2);
    for (const table of ['categories', 'cart_items', 'product_views']) {
      expect(output).toMatch(new RegExp(`CREATE INDEX "\\w+" ON "${table}"`));
    }
  });
});
