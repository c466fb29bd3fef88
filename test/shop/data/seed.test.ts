import { verifyPassword } from '../../../src/shop/account/password.js';
import { seedShop } from '../../../src/shop/seed/seed-shop.js';
import { createEmptyShopDatabase, createShopDatabase, TINY_SCALE } from '../shop-database.js';
import { SEED_LAWS } from './seed-laws.js';
import { type OpenDatabase, openDatabase } from './shop-client.js';

const TABLES = [
  'categories',
  'products',
  'product_images',
  'users',
  'reviews',
  'carts',
  'cart_items',
  'orders',
  'order_items',
  'subscriptions',
  'product_views',
  'daily_product_stats',
  'daily_category_stats',
  'monthly_category_stats',
  'hourly_view_stats',
] as const;

const ENV = 'development';
const quietly = (): void => {};
const opened: OpenDatabase[] = [];

async function open(created: ReturnType<typeof createShopDatabase>): Promise<OpenDatabase> {
  const database = await openDatabase(created);
  opened.push(database);
  return database;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((database) => database.close()));
});

async function countRows(database: OpenDatabase): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const [row] = await database.ask<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
    counts[table] = row!.count;
  }
  return counts;
}

/** One hash a table, over every column of every row. */
async function hashTables(database: OpenDatabase): Promise<Record<string, string | null>> {
  const hashes: Record<string, string | null> = {};
  for (const table of TABLES) {
    const [row] = await database.ask<{ hash: string | null }>(
      `SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS hash FROM ${table} AS t`,
    );
    hashes[table] = row!.hash;
  }
  return hashes;
}

async function expectLaws(database: OpenDatabase): Promise<void> {
  const broken: string[] = [];
  for (const [law, sql] of Object.entries(SEED_LAWS)) {
    if ((await database.ask(sql)).length > 0) broken.push(law);
  }
  expect(broken).toEqual([]);
}

describe('the seed at its default scale', () => {
  let shop: OpenDatabase;
  const steps = new Map<string, number[]>();

  beforeAll(async () => {
    shop = await openDatabase(createEmptyShopDatabase());
    const onProgress = (step: string, done: number, total: number): void => {
      expect(done).toBeLessThanOrEqual(total);
      steps.set(step, [...(steps.get(step) ?? []), done]);
    };
    await seedShop({ databaseUrl: shop.url, scale: 1, env: ENV, onProgress });
  }, 60_000);

  afterAll(() => shop.close());

  it('is a shop of a believable size', async () => {
    const counts = await countRows(shop);
    expect(counts).toMatchObject({
      categories: 200,
      products: 2_000,
      users: 2_000,
      reviews: 10_000,
      orders: 5_000,
      product_views: 50_000,
      daily_product_stats: 0,
      daily_category_stats: 0,
      monthly_category_stats: 0,
      hourly_view_stats: 0,
    });
    expect(counts.order_items).toBeGreaterThan(14_000);
    expect(counts.order_items).toBeLessThan(16_000);
    expect(counts.product_images).toBeGreaterThan(4_000);
    expect(counts.carts).toBe(375);
    expect(counts.cart_items).toBeGreaterThan(750);
    expect(counts.subscriptions).toBeGreaterThan(800);
  });

  it('keeps the laws', () => expectLaws(shop));

  it('has few products that many look at, and many that few do', async () => {
    const [row] = await shop.ask<{ top: number; zero: number; ranks: number[] }>(`
      SELECT (SELECT sum(view_count) FROM (SELECT view_count FROM products ORDER BY 1 DESC LIMIT 200) AS t)::float
               / (SELECT sum(view_count) FROM products) AS top`);
    expect(row!.top).toBeGreaterThan(0.4);
    expect(row!.top).toBeLessThan(0.8);
  });

  it('has ratings of every kind, more good ones than bad', async () => {
    const rows = await shop.ask<{ rating: number; count: number }>(
      'SELECT rating, count(*)::int AS count FROM reviews GROUP BY 1 ORDER BY 1',
    );
    expect(rows.map((row) => row.rating)).toEqual([1, 2, 3, 4, 5]);
    expect(rows[3]!.count + rows[4]!.count).toBeGreaterThan(6_000);
  });

  it('says what it does, step by step', () => {
    expect([...steps.keys()]).toEqual([
      'categories',
      'users',
      'products',
      'product images',
      'reviews',
      'orders',
      'order items',
      'carts',
      'cart items',
      'subscriptions',
      'product views',
      'statistics',
    ]);
    for (const done of steps.values()) expect(done).toEqual([...done].sort((a, b) => a - b));
  });

  it('leaves statistics behind, and most pages so that indexes alone can answer', async () => {
    const rows = await shop.ask<{ table: string }>(
      `SELECT relname AS table FROM pg_class WHERE relname = ANY($1) AND reltuples > 0 AND relallvisible > relpages / 2`,
      [TABLES],
    );
    expect(rows.map((row) => row.table).sort()).toEqual(
      TABLES.filter((table) => !table.endsWith('_stats')).sort(),
    );
  });

  it('is found by its words', async () => {
    const rows = await shop.ask<{ name: string }>(
      `SELECT name FROM products WHERE search @@ websearch_to_tsquery('english', 'oak desks')`,
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const { name } of rows) expect(name).toMatch(/Oak|Desk/);
  });
});

describe('the passwords of the seed', () => {
  const readPasswords = async (shop: OpenDatabase) =>
    new Map(
      (
        await shop.ask<{ id: number; hash: string }>(
          'SELECT id, password_hash AS hash FROM users WHERE password_hash IS NOT NULL ORDER BY id',
        )
      ).map(({ id, hash }) => [id, hash]),
    );

  it('are that of a customer, and that of the first of the staff', async () => {
    const shop = await open(createShopDatabase());
    const hashes = await readPasswords(shop);
    const [staff] = await shop.ask<{ id: number }>("SELECT min(id) AS id FROM users WHERE tier = 'STAFF'");
    expect([...hashes.keys()]).toEqual([1, staff!.id]);
    for (const hash of hashes.values()) expect(await verifyPassword('only for development', hash)).toBe(true);
  });

  it('are there in development only', async () => {
    for (const env of ['production', undefined as never] as const) {
      const shop = await open(createEmptyShopDatabase());
      await seedShop({ databaseUrl: shop.url, scale: TINY_SCALE, env, onProgress: quietly });
      expect((await readPasswords(shop)).size).toBe(0);
    }
  });
});

describe('the seed at a small scale', () => {
  it('is the shop that tests get', async () => {
    const shop = await open(createShopDatabase());
    expect(await countRows(shop)).toMatchObject({
      categories: 50,
      products: 40,
      users: 40,
      reviews: 200,
      orders: 100,
      product_views: 1_000,
    });
    await expectLaws(shop);
  });

  it('writes the same rows every time', async () => {
    const [first, second] = [await open(createShopDatabase()), await open(createEmptyShopDatabase())];
    await seedShop({ databaseUrl: second.url, scale: TINY_SCALE, env: ENV, onProgress: quietly });
    const hashes = await hashTables(first);
    expect(await hashTables(second)).toEqual(hashes);
    expect(Object.values(hashes).filter((hash) => hash === null)).toHaveLength(4);
  });

  it('ends on the day that is asked for, with all else the same', async () => {
    const shop = await open(createEmptyShopDatabase());
    await seedShop({
      databaseUrl: shop.url,
      scale: TINY_SCALE,
      env: ENV,
      endDay: '2031-03-01',
      onProgress: quietly,
    });
    const [row] = await shop.ask<{ first: Date; last: Date }>(
      'SELECT min(created_at) AS first, (SELECT max(viewed_at) FROM product_views) AS last FROM products',
    );
    expect(row!.first.toISOString()).toBe('2029-03-01T00:00:00.000Z');
    expect(row!.last.toISOString().slice(0, 7)).toBe('2031-02');
  });

  it('survives the smallest scale there is', async () => {
    const shop = await open(createEmptyShopDatabase());
    await seedShop({ databaseUrl: shop.url, scale: 0.0001, env: ENV, onProgress: quietly });
    expect((await countRows(shop)).products).toBe(20);
    await expectLaws(shop);
  });
});

describe('the seed leaves alone', () => {
  it.each(['users', 'daily_product_stats'])('a database with a row in %s', async (table) => {
    const shop = await open(createEmptyShopDatabase());
    if (table === 'users') await shop.ask(`INSERT INTO users (email, name) VALUES ('a@b', 'A')`);
    else {
      await shop.ask(`WITH c AS (
          INSERT INTO categories (slug, name, description) VALUES ('c', 'C', '') RETURNING id
        ), p AS (
          INSERT INTO products (category_id, slug, name, description, price) SELECT id, 'p', 'P', '', 1 FROM c RETURNING id
        ) INSERT INTO daily_product_stats (product_id, day) SELECT id, '2025-01-01' FROM p`);
    }
    const before = await countRows(shop);
    const seeding = seedShop({ databaseUrl: shop.url, scale: TINY_SCALE, env: ENV, onProgress: quietly });
    await expect(seeding).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(table),
    });
    expect(await countRows(shop)).toEqual(before);
  });

  it('a database that another seed is filling', async () => {
    const shop = await open(createEmptyShopDatabase());
    const seeds = [1, 2].map(() =>
      seedShop({ databaseUrl: shop.url, scale: TINY_SCALE, env: ENV, onProgress: quietly }),
    );
    const results = await Promise.allSettled(seeds);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await countRows(shop)).products).toBe(40);
  });

  it('a database as it was, when it fails on the way', async () => {
    const shop = await open(createEmptyShopDatabase());
    await shop.ask('ALTER TABLE product_views DROP COLUMN user_id');
    const seeding = seedShop({ databaseUrl: shop.url, scale: TINY_SCALE, env: ENV, onProgress: quietly });
    await expect(seeding).rejects.toThrow('column "user_id"');
    expect(Object.values(await countRows(shop)).every((count) => count === 0)).toBe(true);
  });

  it.each([0, -1, Number.NaN, 1_001])('everything at a scale of %p', async (scale) => {
    const seeding = seedShop({
      databaseUrl: 'postgresql://nowhere.invalid/shop',
      scale,
      env: ENV,
      onProgress: quietly,
    });
    await expect(seeding).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('everything for a day that is none', async () => {
    const endDay = 'tomorrow';
    const seeding = seedShop({
      databaseUrl: 'postgresql://nowhere.invalid/shop',
      scale: 1,
      env: ENV,
      endDay,
      onProgress: quietly,
    });
    await expect(seeding).rejects.toThrow('tomorrow is no day');
  });
});
