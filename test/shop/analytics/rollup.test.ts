import fc from 'fast-check';
import pg from 'pg';
import { applyEngineSchema } from '../../../src/changes/capture/engine-schema.js';
import { runTransaction, sqlOf } from '../../../src/jobs/job-sql.js';
import { findStaleRollups, installRollups } from '../../../src/jobs/rollups/install-rollups.js';
import { keepUpRollup, verifyRollup } from '../../../src/jobs/rollups/keep-up-rollup.js';
import type { RollupDefinition } from '../../../src/jobs/rollups/rollup-definition.js';
import { loadModelGraph } from '../../../src/model/load-model-graph.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { dailyCategoryStats } from '../../../src/shop/analytics/daily-category-stats.js';
import { dailyProductStats } from '../../../src/shop/analytics/daily-product-stats.js';
import { hourlyViewStats } from '../../../src/shop/analytics/hourly-view-stats.js';
import { monthlyCategoryStats } from '../../../src/shop/analytics/monthly-category-stats.js';
import type { TestDatabase } from '../../services/database.js';
import { ROOT } from '../clients/live-shop.js';
import { createShopDatabase } from '../shop-database.js';

let database: TestDatabase;
let pool: pg.Pool;
let graph: ModelGraph;
beforeAll(async () => {
  database = await createShopDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 8 });
  graph = await loadModelGraph(`${ROOT}/src/generated/model-graph.json`);
  await withClient((client) => applyEngineSchema(client));
}, 60_000);
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function withClient<Result>(use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const ROLLUPS = [dailyProductStats, dailyCategoryStats, monthlyCategoryStats, hourlyViewStats];
const install = (definitions: readonly RollupDefinition[] = ROLLUPS) =>
  withClient((client) => installRollups(client, definitions, { graph, defaultSchema: 'public' }));

const RUN = {
  signal: new AbortController().signal,
  progress: () => undefined,
  transaction: <Result>(work: (sql: ReturnType<typeof sqlOf>) => Promise<Result>) =>
    runTransaction(pool, 30_000, (client) => work(sqlOf(client))),
};

const keepUp = () => keepUpRollup(dailyProductStats, RUN);

/** Stats of categories against a full scan, by the category that each product is in now. */
async function expectCategoriesToAgree(): Promise<void> {
  const { rows: real } = await pool.query(
    `SELECT category_id, sum(quantity)::int AS units, sum(quantity * unit_price)::text AS revenue
     FROM order_items i JOIN orders o ON o.id = order_id AND status <> 'CANCELLED' JOIN products p ON p.id = product_id
     GROUP BY 1 ORDER BY 1`,
  );
  const { rows: summed } = await pool.query(
    `SELECT category_id, sum(units_sold)::int AS units, sum(revenue)::text AS revenue FROM daily_category_stats
     GROUP BY 1 HAVING sum(units_sold) > 0 ORDER BY 1`,
  );
  expect(summed).toEqual(real);
  expect(await verifyRollup(dailyCategoryStats, RUN)).toEqual({ differences: [], count: 0 });
}

async function expectMonthsToAgree(): Promise<void> {
  const sums = (table: string, month: string) =>
    pool.query(
      `SELECT category_id, ${month}::text AS month, sum(views)::int AS views, sum(units_sold)::int AS units, sum(revenue)::text AS revenue
       FROM ${table} GROUP BY 1, 2 ORDER BY 1, 2`,
    );
  const { rows: real } = await sums('daily_category_stats', "date_trunc('month', day)::date");
  expect((await sums('monthly_category_stats', 'month')).rows).toEqual(real);
  expect(await verifyRollup(monthlyCategoryStats, RUN)).toEqual({ differences: [], count: 0 });
}

async function expectHoursToAgree(): Promise<void> {
  const { rows: real } = await pool.query(
    `SELECT date_trunc('hour', viewed_at, 'UTC') AS hour, count(*)::int AS views, count(user_id)::int AS signed_in
     FROM product_views GROUP BY 1 ORDER BY 1`,
  );
  expect((await pool.query('SELECT hour, views, signed_in FROM hourly_view_stats ORDER BY 1')).rows).toEqual(
    real,
  );
  expect(await verifyRollup(hourlyViewStats, RUN)).toEqual({ differences: [], count: 0 });
}

/** All over again, row by row, in JavaScript: cents are whole numbers there. */
async function naive(): Promise<Record<string, [number, number, string]>> {
  const stats = new Map<string, { views: number; units: number; cents: bigint }>();
  const at = (product: number, day: string) => {
    const key = `${product} ${day}`;
    const stat = stats.get(key) ?? { views: 0, units: 0, cents: 0n };
    stats.set(key, stat);
    return stat;
  };
  const day = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day`;
  const views = await pool.query(`SELECT product_id, ${day('viewed_at')} FROM product_views`);
  for (const row of views.rows) at(row.product_id, row.day).views += 1;
  const items = await pool.query(
    `SELECT product_id, quantity, unit_price, ${day('placed_at')} FROM order_items JOIN orders ON orders.id = order_id WHERE status <> 'CANCELLED'`,
  );
  for (const row of items.rows) {
    const stat = at(row.product_id, row.day);
    stat.units += row.quantity;
    stat.cents += BigInt(row.quantity) * BigInt(row.unit_price.replace('.', ''));
  }
  const toMoney = (cents: bigint) => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
  return Object.fromEntries(
    [...stats].map(([key, { views: seen, units, cents }]) => [key, [seen, units, toMoney(cents)]]),
  );
}

async function kept(): Promise<Record<string, [number, number, string]>> {
  const { rows } = await pool.query(
    "SELECT product_id, to_char(day, 'YYYY-MM-DD') AS day, views, units_sold, revenue::text AS revenue FROM daily_product_stats",
  );
  return Object.fromEntries(
    rows.map((row) => [`${row.product_id} ${row.day}`, [row.views, row.units_sold, row.revenue]]),
  );
}

/** What a shop's writers do, by themselves and by the way. Numbers choose among the rows that there are. */
const WRITES: readonly ((n: number) => string)[] = [
  (n) => `UPDATE product_views SET user_id = NULL WHERE id % 83 = ${n % 83}`,
  (n) =>
    `UPDATE products SET category_id = (SELECT id FROM categories ORDER BY id OFFSET ${n % 20} LIMIT 1) WHERE id % 37 = ${n % 37}`,
  (n) =>
    `INSERT INTO product_views (product_id, viewed_at) SELECT id, now() - make_interval(hours => ${n}) FROM products ORDER BY id OFFSET ${n % 40} LIMIT 3`,
  (n) => `DELETE FROM product_views WHERE id % 97 = ${n % 97}`,
  (n) => `UPDATE product_views SET viewed_at = viewed_at + interval '1 day' WHERE id % 89 = ${n % 89}`,
  (
    n,
  ) => `WITH placed AS (INSERT INTO orders (user_id, total, placed_at) SELECT min(id), 1, now() - make_interval(days => ${n % 9}) FROM users RETURNING id)
          INSERT INTO order_items (order_id, product_id, quantity, unit_price)
          SELECT placed.id, product.id, ${(n % 5) + 1}, product.price FROM placed, (SELECT id, price FROM products ORDER BY id OFFSET ${n % 38} LIMIT 2) AS product`,
  (n) =>
    `UPDATE orders SET status = CASE status WHEN 'CANCELLED' THEN 'PAID' ELSE 'CANCELLED' END::order_status WHERE id % 31 = ${n % 31}`,
  (n) => `UPDATE orders SET placed_at = placed_at - interval '36 hours' WHERE id % 29 = ${n % 29}`,
  (n) =>
    `UPDATE order_items SET quantity = quantity + 1, unit_price = unit_price + 0.01 WHERE id % 23 = ${n % 23}`,
  (n) => `DELETE FROM order_items WHERE id % 61 = ${n % 61}`,
  (n) => `DELETE FROM orders WHERE id % 53 = ${n % 53}`,
  (n) =>
    `DELETE FROM products WHERE id = (SELECT max(id) FROM products WHERE id NOT IN (SELECT product_id FROM order_items) AND ${n} % 4 = 0)`,
];

const write = fc.record({
  kind: fc.integer({ min: 0, max: WRITES.length - 1 }),
  n: fc.integer({ min: 0, max: 200 }),
  isUndone: fc.boolean(),
});

async function apply({ kind, n, isUndone }: { kind: number; n: number; isUndone: boolean }): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(WRITES[kind]!(n));
    await client.query(isUndone ? 'ROLLBACK' : 'COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    // Two writers may meet in each other's way; the one that gave up has written nothing.
    if (!['40P01', '23503'].includes((error as { code?: string }).code ?? '')) throw error;
  } finally {
    client.release();
  }
}

describe('daily product stats', () => {
  it('are computed as a whole when they are first kept up', async () => {
    expect(
      await withClient((client) =>
        findStaleRollups(client, [dailyProductStats], { graph, defaultSchema: 'public' }),
      ),
    ).toEqual(['daily-product-stats']);
    expect(await install()).toEqual({
      installed: ROLLUPS.map(({ name }) => name),
      removed: [],
    });
    expect(await install()).toEqual({ installed: [], removed: [] });
    expect(await keepUp()).toBe(1);
    expect(await kept()).toEqual(await naive());
    expect(Object.keys(await kept()).length).toBeGreaterThan(100);
    await keepUpRollup(dailyCategoryStats, RUN);
    await expectCategoriesToAgree();
    await keepUpRollup(monthlyCategoryStats, RUN);
    await expectMonthsToAgree();
    await keepUpRollup(hourlyViewStats, RUN);
    await expectHoursToAgree();
  });

  it('stay equal to the cent, whatever is written, by whom, and while they are computed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(write, { minLength: 4, maxLength: 14 }), async (writes) => {
        const half = Math.ceil(writes.length / 2);
        const writeAll = async (some: typeof writes) => {
          for (const each of some) await apply(each);
        };
        await Promise.all([
          writeAll(writes.slice(0, half)),
          writeAll(writes.slice(half)),
          keepUp(),
          keepUp(),
        ]);
        await keepUp();
        expect(await kept()).toEqual(await naive());
        await keepUpRollup(dailyCategoryStats, RUN);
        await expectCategoriesToAgree();
        await keepUpRollup(monthlyCategoryStats, RUN);
        await expectMonthsToAgree();
        await keepUpRollup(hourlyViewStats, RUN);
        await expectHoursToAgree();
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it('compute what was touched, and leave the rest alone', async () => {
    await keepUp();
    await pool.query(
      'CREATE TABLE touched (id int); CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO touched VALUES (NEW.product_id); RETURN NULL; END $$',
    );
    await pool.query(
      'CREATE TRIGGER note AFTER INSERT OR UPDATE ON daily_product_stats FOR EACH ROW EXECUTE FUNCTION note()',
    );
    await pool.query('INSERT INTO product_views (product_id) SELECT min(id) FROM products');
    expect(await keepUp()).toBe(1);
    expect((await pool.query('SELECT count(*)::int AS count FROM touched')).rows).toEqual([{ count: 1 }]);
    // As it was: nothing is written.
    await pool.query('UPDATE orders SET total = total + 1');
    expect(await keepUp()).toBeGreaterThan(5);
    expect((await pool.query('SELECT count(*)::int AS count FROM touched')).rows).toEqual([{ count: 1 }]);
  });

  it('are computed as a whole after TRUNCATE', async () => {
    await pool.query('TRUNCATE product_views');
    await keepUp();
    expect(await kept()).toEqual(await naive());
  });

  it('tell where they differ, as after a writer that skips triggers', async () => {
    expect(await verifyRollup(dailyProductStats, RUN)).toEqual({ differences: [], count: 0 });
    await withClient(async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(
        'UPDATE daily_product_stats SET revenue = revenue + 0.01 WHERE id = (SELECT min(id) FROM daily_product_stats)',
      );
    });
    const check = await verifyRollup(dailyProductStats, RUN);
    expect(check).toMatchObject({
      count: 1,
      differences: [{ product_id: expect.any(Number), kept: {}, real: {} }],
    });
    await pool.query("INSERT INTO sluice.rollup_marks (rollup, slice) VALUES ('daily-product-stats', '{}')");
    expect(await verifyRollup(dailyProductStats, RUN)).toEqual({ differences: [], count: 0 });
  });

  it('are kept up no more once the app has them no longer', async () => {
    expect((await install([])).removed).toHaveLength(7);
    await pool.query('INSERT INTO product_views (product_id) SELECT min(id) FROM products');
    expect(await keepUp()).toBe(0);
  });

  it('are refused where nobody could tell what a change touches', async () => {
    const broken = {
      ...dailyProductStats,
      sources: [{ model: 'Order', slices: 'SELECT nothing FROM changed' }],
    };
    await expect(install([broken])).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('column "nothing" does not exist'),
    });
    await expect(install([{ ...broken, sources: [{ model: 'Ordr', slices: '' }] }])).rejects.toMatchObject({
      message: 'The rollup "daily-product-stats" sums up Ordr, which is no model',
    });
    await expect(install([{ ...broken, name: 'No' }])).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  });
});
