import pg from 'pg';
import { findCaptureDemand } from '../../../src/binding/capture-demand.js';
import { prepareCapture } from '../../../src/cli/database/prepare-capture.js';
import { bindProject, loadProject } from '../../../src/cli/load-project.js';
import { findProject } from '../../../src/cli/project.js';
import { readConfig } from '../../../src/kernel/config/read-config.js';
import { until } from '../../embedded/until.js';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop, ROOT } from '../clients/live-shop.js';

let shop: LiveShop;
let client: pg.Client;
let token: string;
beforeAll(async () => {
  shop = await openLiveShop({}, async (url) => {
    client = new pg.Client({ connectionString: url });
    await client.connect();
    const project = findProject({ root: ROOT, codeDirectory: `${ROOT}/src` });
    const loaded = await loadProject(project);
    const api = bindProject(loaded, readConfig({}).reads);
    await prepareCapture({
      ...{ client, graph: loaded.graph, defaultSchema: 'public' },
      demand: findCaptureDemand(api.bindings),
      rollups: loaded.app.rollups ?? [],
    });
  });
  token = await shop.signIn({ userId: 'chief', tier: 'staff' });
  await until('the rollup is computed', async () => {
    const { rows } = await client.query('SELECT count(*)::int AS stats FROM daily_product_stats');
    return rows[0].stats > 0;
  });
}, OPEN_TIMEOUT_MS);
afterAll(async () => {
  await client.end();
  await shop.close();
});

const RANGE = '{ from: "2024-01-01", to: "2026-12-31" }';

/** A field's result, once it is there. */
async function report(field: string, selection: string): Promise<any> {
  let found: any = null;
  await until(`${field} is computed`, async () => {
    const { data, errors } = await shop.ask(
      `{ ${field} { state isOutdated error { code message } result ${selection} } }`,
      { token },
    );
    expect(errors).toBeUndefined();
    found = Object.values(data)[0];
    expect(found.error).toBeNull();
    return found.state === 'COMPLETED' && !found.isOutdated;
  });
  return found.result;
}

const one = async (sql: string) => (await client.query(sql)).rows[0];

describe('the shop’s reports', () => {
  it('sales: every order that wasn’t called off, to the cent, by day, week and month', async () => {
    const total = await one(
      `SELECT count(DISTINCT o.id)::int AS orders, sum(quantity)::int AS units, sum(quantity * unit_price)::text AS revenue
       FROM orders o JOIN order_items ON order_id = o.id WHERE status <> 'CANCELLED'`,
    );
    for (const groupBy of ['DAY', 'WEEK', 'MONTH']) {
      const sales = await report(
        `salesReport(range: ${RANGE}, groupBy: ${groupBy})`,
        '{ orders units revenue rows { begins orders units revenue } }',
      );
      expect(sales).toMatchObject(total);
      const { rows } = await client.query(
        `SELECT date_trunc($1, placed_at AT TIME ZONE 'UTC')::date::text AS begins, count(DISTINCT o.id)::int AS orders,
           sum(quantity)::int AS units, sum(quantity * unit_price)::text AS revenue
         FROM orders o JOIN order_items ON order_id = o.id WHERE status <> 'CANCELLED' GROUP BY 1 ORDER BY 1`,
        [groupBy],
      );
      expect(sales.rows).toEqual(rows);
    }
  });

  it('sales: both ends of the range are in it', async () => {
    const { day, orders } = await one(
      "SELECT (placed_at AT TIME ZONE 'UTC')::date::text AS day, count(*)::int AS orders FROM orders WHERE status <> 'CANCELLED' GROUP BY 1 ORDER BY 2 DESC LIMIT 1",
    );
    const sales = await report(
      `salesReport(range: { from: "${day}", to: "${day}" })`,
      '{ orders rows { begins } }',
    );
    expect(sales).toEqual({ orders, rows: [{ begins: day }] });
  });

  it('revenue by category, from the rollup, equal to a full scan', async () => {
    const { rows } = await client.query(
      `SELECT c.name, sum(quantity)::int AS units, sum(quantity * unit_price)::text AS revenue
       FROM order_items i JOIN orders o ON o.id = i.order_id AND status <> 'CANCELLED'
       JOIN products p ON p.id = i.product_id JOIN categories c ON c.id = p.category_id
       GROUP BY c.id HAVING sum(quantity) > 0 ORDER BY sum(quantity * unit_price) DESC, c.id`,
    );
    const found = await report(`categoryRevenue(range: ${RANGE})`, '{ category { name } units revenue }');
    const sold = found.filter(({ units }: any) => units > 0);
    expect(
      sold.map(({ category, units, revenue }: any) => ({ name: category.name, units, revenue })),
    ).toEqual(rows);
  });

  it.each([
    ['days of one month', '2025-11-03', '2025-11-20'],
    ['whole months', '2025-09-01', '2025-10-31'],
    ['days of one month, whole months, days of another', '2025-08-20', '2025-11-10'],
  ])('revenue by category, of %s', async (_, from, to) => {
    const { rows } = await client.query(
      `SELECT c.name, sum(quantity)::int AS units, sum(quantity * unit_price)::text AS revenue
       FROM order_items i JOIN orders o ON o.id = i.order_id AND status <> 'CANCELLED'
       JOIN products p ON p.id = i.product_id JOIN categories c ON c.id = p.category_id
       WHERE (placed_at AT TIME ZONE 'UTC')::date BETWEEN $1 AND $2
       GROUP BY c.id ORDER BY sum(quantity * unit_price) DESC, c.id`,
      [from, to],
    );
    expect(rows.length).toBeGreaterThan(0);
    const found = await report(
      `categoryRevenue(range: { from: "${from}", to: "${to}" })`,
      '{ category { name } units revenue }',
    );
    const sold = found.filter(({ units }: any) => units > 0);
    expect(
      sold.map(({ category, units, revenue }: any) => ({ name: category.name, units, revenue })),
    ).toEqual(rows);
  });

  it.each([
    ['REVENUE', 'sum(revenue)'],
    ['UNITS', 'sum(units_sold)'],
    ['VIEWS', 'sum(views)'],
  ])('top products by %s', async (by, order) => {
    const { rows } = await client.query(
      `SELECT p.name FROM daily_product_stats s JOIN products p ON p.id = product_id GROUP BY p.id ORDER BY ${order} DESC, p.id LIMIT 5`,
    );
    const found = await report(
      `topProducts(range: ${RANGE}, by: ${by}, first: 5)`,
      '{ product { name } views units revenue }',
    );
    expect(found.map(({ product }: any) => product.name)).toEqual(rows.map(({ name }) => name));
  });

  it('trends: the later days beside as many before', async () => {
    const { day } = await one('SELECT max(day)::text AS day FROM daily_product_stats');
    const found = await report(
      `productTrends(range: { from: "${day}", to: "${day}" }, first: 3)`,
      '{ product { name } views viewsBefore units unitsBefore }',
    );
    expect(found.length).toBeGreaterThan(0);
    for (const { product, views, viewsBefore } of found) {
      const { now, before } = await one(
        `SELECT coalesce(sum(views) FILTER (WHERE day = '${day}'), 0)::int AS now,
           coalesce(sum(views) FILTER (WHERE day = '${day}'::date - 1), 0)::int AS before
         FROM daily_product_stats s JOIN products p ON p.id = product_id WHERE p.name = '${product.name.replaceAll("'", "''")}'`,
      );
      expect([views, viewsBefore]).toEqual([now, before]);
    }
  });

  it('cohorts: whoever first bought in a month is in its first number, and in no other cohort', async () => {
    const cohorts = await report('customerCohorts(months: 36)', '{ month customers active }');
    const { buyers } = await one(
      "SELECT count(DISTINCT user_id)::int AS buyers FROM orders WHERE status <> 'CANCELLED'",
    );
    expect(cohorts.reduce((sum: number, { customers }: any) => sum + customers, 0)).toBe(buyers);
    for (const { customers, active } of cohorts) {
      expect(active[0]).toBe(customers);
      expect(Math.max(...active)).toBe(customers);
    }
  });

  it('the funnel: nobody buys who is not counted above', async () => {
    const funnel = await report(`conversionFunnel(range: ${RANGE})`, '{ viewers carts buyers views orders }');
    const { views, orders } = await one(
      "SELECT (SELECT count(*)::int FROM product_views) AS views, (SELECT count(*)::int FROM orders WHERE status <> 'CANCELLED') AS orders",
    );
    expect(funnel).toMatchObject({ views, orders });
    expect(funnel.buyers).toBeLessThanOrEqual(funnel.viewers);
    expect(funnel.carts).toBeLessThanOrEqual(funnel.viewers);
  });

  it('are computed anew when an order is placed, within seconds for those that a rollup feeds', async () => {
    const before = await report(`categoryRevenue(range: ${RANGE})`, '{ revenue }');
    const sum = (rows: any[]) =>
      rows.reduce((all, { revenue }) => all + Math.round(Number(revenue) * 100), 0);
    await client.query(
      `WITH placed AS (INSERT INTO orders (user_id, total, placed_at) SELECT min(id), 5, '2025-06-01' FROM users RETURNING id)
       INSERT INTO order_items (order_id, product_id, quantity, unit_price) SELECT placed.id, (SELECT min(id) FROM products), 1, 5 FROM placed`,
    );
    await until('the order is in it', async () => {
      const now = await report(`categoryRevenue(range: ${RANGE})`, '{ revenue }');
      return sum(now) === sum(before) + 500;
    });
  });

  it.each([
    [
      'salesReport(range: { from: "2026-02-01", to: "2026-01-01" })',
      'range.to is 2026-01-01, before the range begins (2026-02-01)',
    ],
    [
      'categoryRevenue(range: { from: "1990-01-01", to: "2026-01-01" })',
      'range has 13150 days, of 3660 at most',
    ],
    [`topProducts(range: ${RANGE}, first: 1000)`, 'first must lie between 1 and 100'],
    ['customerCohorts(months: 0)', 'months must lie between 1 and 36'],
  ])('say what is wrong with %s', async (field, message) => {
    let found: any = null;
    await until('it failed', async () => {
      found = Object.values(
        (await shop.ask(`{ ${field} { state error { code message } } }`, { token })).data,
      )[0];
      return found.state === 'FAILED';
    });
    expect(found.error).toEqual({ code: 'BAD_USER_INPUT', message });
  });

  it('are for staff', async () => {
    const { errors } = await shop.ask(`{ salesReport(range: ${RANGE}) { id } }`, {
      token: await shop.signIn({ userId: 1 }),
    });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
