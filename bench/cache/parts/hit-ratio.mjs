import pg from 'pg';
import { createRandom, createZipf } from '../../harness/random.mjs';
import { createClient } from './ask.mjs';
import { openSluice } from './open-server.mjs';

const PRODUCTS = 9_900;
const LISTS = 100;
const KEYS = PRODUCTS + LISTS;
const WRITE_SHARE = 0.05;
const CONNECTIONS = 16;
const DETAIL = `query Detail($id: Int!) {
  product(id: $id) { id name price category { id name } reviews(first: 5) { rating body author { id name } } }
}`;
const CATEGORY =
  'query Shelf($id: Int!) { category(id: $id) { id name products(first: 10) { id name price } } }';

/**
 * 10,000 keys, asked by Zipf 1.0, one in twenty operations being a write by another program: half change a price, a
 * quarter insert a product, a quarter move one to another category. A void is needless where what is computed anew is
 * what was kept.
 */
export async function measureHitRatio({ database, seconds, say }) {
  say(`hit ratio: ${seconds} s`);
  const server = await openSluice({ databaseUrl: database.url });
  const client = createClient(server.port, CONNECTIONS);
  const writer = new pg.Pool({ connectionString: database.url, max: CONNECTIONS });
  const random = createRandom(7);
  const next = createZipf(KEYS, createRandom(8));
  const bodies = createBodies(database.facts.categoryIds, createRandom(9));
  const last = new Map();
  const counts = { hits: 0, asked: 0, voids: 0, needless: 0, writes: 0, failures: 0 };
  const read = async () => {
    const body = bodies[next() - 1];
    const { status, cache, text } = await client.ask(body);
    counts.asked += 1;
    if (status !== 200) counts.failures += 1;
    if (cache.includes('hit') || cache.includes('collapsed')) counts.hits += 1;
    if (cache.includes('fwd=stale')) {
      counts.voids += 1;
      if (last.get(body) === text) counts.needless += 1;
    }
    last.set(body, text);
  };
  const loop = async (endMs) => {
    while (performance.now() < endMs) {
      if (random() < WRITE_SHARE) {
        counts.writes += 1;
        await write(writer, database.facts, random);
      } else await read();
    }
  };
  const run = (ms) => {
    const endMs = performance.now() + ms;
    return Promise.all(Array.from({ length: CONNECTIONS }, () => loop(endMs)));
  };
  try {
    // What is asked for the first time is a miss for every cache.
    await run(seconds * 250);
    for (const name of Object.keys(counts)) counts[name] = 0;
    await run(seconds * 1_000);
  } finally {
    client.close();
    await server.stop();
    await writer.query("DELETE FROM products WHERE slug LIKE 'bench-%'");
    await writer.end();
  }
  const ratio = counts.hits / counts.asked;
  return [
    {
      what: `hit ratio, ${counts.asked} reads, ${counts.writes} writes, ${counts.failures} failures`,
      asked: '0.95',
      measured: ratio.toFixed(3),
    },
    {
      what: `needless of ${counts.voids} voids`,
      asked: '5 %',
      measured: `${((100 * counts.needless) / Math.max(1, counts.voids)).toFixed(1)} %`,
    },
  ];
}

/** Products and shelves mixed, so that both are asked for often and seldom. */
function createBodies(categoryIds, random) {
  const bodies = [
    ...Array.from({ length: PRODUCTS }, (_, index) => ({ query: DETAIL, variables: { id: index + 1 } })),
    ...Array.from({ length: LISTS }, (_, index) => ({
      query: `# ${index}\n${CATEGORY.replace('first: 10', `first: ${5 + Math.floor(index / categoryIds.length)}`)}`,
      variables: { id: categoryIds[index % categoryIds.length] },
    })),
  ].map((body) => JSON.stringify(body));
  for (let at = bodies.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [bodies[at], bodies[other]] = [bodies[other], bodies[at]];
  }
  return bodies;
}

let inserted = 0;

async function write(writer, { categoryIds }, random) {
  const kind = random();
  const id = 1 + Math.floor(random() * PRODUCTS);
  const categoryId = categoryIds[Math.floor(random() * categoryIds.length)];
  if (kind < 0.5) {
    await writer.query('UPDATE products SET price = price + 0.01 WHERE id = $1', [id]);
  } else if (kind < 0.75) {
    inserted += 1;
    await writer.query(
      "INSERT INTO products (slug, name, description, price, category_id) VALUES ($1, 'Bench', '', 1, $2)",
      [`bench-${process.pid}-${Date.now()}-${inserted}`, categoryId],
    );
  } else await writer.query('UPDATE products SET category_id = $2 WHERE id = $1', [id, categoryId]);
}
