import pg from 'pg';
import { prepareCapture } from '../../dist/cli/database/prepare-capture.js';
import { findDemand } from '../../dist/cli/find-demand.js';
import { bindProject, loadProject } from '../../dist/cli/load-project.js';
import { findProject } from '../../dist/cli/project.js';
import { readConfig } from '../../dist/kernel/config/read-config.js';
import { applyMigrations } from '../../dist/model/migrations/apply-migrations.js';

const DATABASE = 'bench_jobs';
/** As many as the seed has at scale 100. */
const ORDERS = 500_000;
const ITEMS_PER_ORDER = 3;
const MARK = `${ORDERS} orders`;

/** A copy of the benchmark's shop with 500,000 orders and 1,500,000 items; it stays for the next run. @returns its URL */
export async function createLargeShop(baseUrl, say) {
  const admin = new URL(baseUrl);
  const source = admin.pathname.slice(1);
  admin.pathname = '/postgres';
  const url = new URL(baseUrl);
  url.pathname = `/${DATABASE}`;
  const isThere = await withClient(admin.href, async (client) => {
    const { rows } = await client.query(
      "SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = $1",
      [DATABASE],
    );
    if (rows[0]?.mark === MARK) return true;
    await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${DATABASE} TEMPLATE ${source}`);
    return false;
  });
  if (!isThere) {
    say(`Filling a shop with ${ORDERS} orders`);
    await withClient(url.href, async (client) => {
      await client.query('TRUNCATE orders CASCADE');
      await client.query(
        `INSERT INTO orders (id, user_id, status, placed_at, total)
         SELECT n, users.ids[1 + n % cardinality(users.ids)], (CASE WHEN n % 20 = 0 THEN 'CANCELLED' ELSE 'DELIVERED' END)::order_status,
           timestamptz '2024-01-01' + make_interval(secs => n * 126), 0
         FROM generate_series(1, ${ORDERS}) AS n, (SELECT array_agg(id) AS ids FROM users) AS users`,
      );
      await client.query(
        `INSERT INTO order_items (order_id, product_id, quantity, unit_price)
         SELECT n, products.ids[1 + (n * 7 + item * 131) % cardinality(products.ids)], 1 + (n + item) % 4, ((n * 13 + item) % 50000) / 100.0
         FROM generate_series(1, ${ORDERS}) AS n, generate_series(1, ${ITEMS_PER_ORDER}) AS item,
           (SELECT array_agg(id) AS ids FROM products) AS products`,
      );
      await client.query(
        "SELECT setval(pg_get_serial_sequence('orders', 'id'), (SELECT max(id) FROM orders))",
      );
      await client.query('VACUUM (ANALYZE) orders, order_items');
    });
  }
  await withClient(url.href, async (client) => {
    const root = process.cwd();
    // One that was filled earlier may lack what came since.
    await applyMigrations(client, `${root}/prisma/migrations`, () => undefined);
    const loaded = await loadProject(findProject({ root }));
    const api = bindProject(loaded, readConfig({}).reads);
    const rollups = loaded.app.rollups ?? [];
    await prepareCapture({
      client,
      graph: loaded.graph,
      demand: findDemand(loaded, api),
      rollups,
      defaultSchema: 'public',
    });
    await client.query('TRUNCATE sluice.job_results, sluice.job_checkpoints');
  });
  if (!isThere)
    await withClient(admin.href, (client) => client.query(`COMMENT ON DATABASE ${DATABASE} IS '${MARK}'`));
  return url.href;
}

export async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
