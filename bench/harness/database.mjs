import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const ROOT = new URL('../../', import.meta.url);
const DIRECTORY = fileURLToPath(new URL('.sluice/bench/postgres', ROOT));
const SCALE = 10;
const DATABASE = 'bench';
/** Written when the seed is done: a database without it was cut off and is made anew. */
const MARK = `Shop at scale ${SCALE}`;
const CATEGORIES_ASKED_FOR = 50;

/**
 * The benchmark's own PostgreSQL, with the shop in it. Its data stay for the next run.
 *
 * @returns what to connect to, the process, and the facts that requests are made from
 */
export async function startDatabase(say) {
  const [{ startEmbeddedPostgres }, { applyMigrations }, { seedShop }] = await Promise.all([
    import(new URL('dist/embedded/postgres-server.js', ROOT).href),
    import(new URL('dist/model/migrations/apply-migrations.js', ROOT).href),
    import(new URL('dist/shop/seed/seed-shop.js', ROOT).href),
  ]);
  say('Starting PostgreSQL');
  const postgres = await startEmbeddedPostgres({ directory: DIRECTORY, onProgress: say });
  try {
    const url = new URL(postgres.adminUrl);
    const isFilled = await withClient(postgres.adminUrl, findOrCreate);
    url.pathname = `/${DATABASE}`;
    const facts = await withClient(url.href, async (client) => {
      // One that was filled earlier may lack what came since.
      await applyMigrations(client, fileURLToPath(new URL('prisma/migrations', ROOT)), say);
      if (!isFilled) {
        await seedShop({
          databaseUrl: url.href,
          scale: SCALE,
          env: 'production',
          onProgress: createSeedProgress(say),
        });
        await client.query(`COMMENT ON DATABASE ${DATABASE} IS '${MARK}'`);
      }
      return readFacts(client);
    });
    const pid = Number(readFileSync(`${DIRECTORY}/data/postmaster.pid`, 'utf8').split('\n')[0]);
    return { url: url.href, pid, version: postgres.version, facts, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function findOrCreate(client) {
  const { rows } = await client.query(
    "SELECT shobj_description(oid, 'pg_database') AS mark FROM pg_database WHERE datname = $1",
    [DATABASE],
  );
  if (rows[0]?.mark === MARK) return true;
  await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${DATABASE}`);
  return false;
}

/** One line a table, not one a batch. */
function createSeedProgress(say) {
  let last = '';
  return (step) => {
    if (step !== last) say(`Seeding: ${step}`);
    last = step;
  };
}

async function readFacts(client) {
  const { rows: categories } = await client.query(
    'SELECT category_id AS id FROM products GROUP BY 1 HAVING count(*) >= 10 ORDER BY 1 LIMIT $1',
    [CATEGORIES_ASKED_FOR],
  );
  const { rows: counts } = await client.query(
    `SELECT (SELECT count(*)::int FROM categories) AS categories, (SELECT count(*)::int FROM products) AS products,
       (SELECT count(*)::int FROM users) AS users, (SELECT count(*)::int FROM reviews) AS reviews`,
  );
  return { categoryIds: categories.map(({ id }) => id), counts: counts[0] };
}
