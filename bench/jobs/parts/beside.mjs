import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from '../../cache/parts/ask.mjs';
import { load } from '../../harness/load.mjs';
import { withClient } from '../large-shop.mjs';
import { awaitReport, openShop, quantile } from './open-shop.mjs';

const CONNECTIONS = 32;
const KNEE_MS = 4_000;
const LOAD_PART = 0.3;
const DETAIL =
  'query ($slug: String!) { product(slug: $slug) { name price category { name } images { url } reviews(first: 5) { nodes { rating title author { name } } } } }';

/**
 * A page of a product at 30 % of what the server can give, by itself, while a report runs in its worker, and while a resolver
 * sums up the same. The cache is off, so that every page asks PostgreSQL.
 */
export async function measureBeside({ databaseUrl, redisUrl, seconds, say }) {
  const slugs = await withClient(databaseUrl, async (client) =>
    (await client.query('SELECT slug FROM products WHERE is_published ORDER BY id LIMIT 1000')).rows.map(
      ({ slug }) => slug,
    ),
  );
  let next = 0;
  const nextBody = () => JSON.stringify({ query: DETAIL, variables: { slug: slugs[next++ % slugs.length] } });
  const shop = await openShop({ databaseUrl, redisUrl, env: { SLUICE_CACHE: 'off' } });
  const client = createClient(shop.port, 512);
  try {
    await load({ port: shop.port, path: '/graphql', connections: CONNECTIONS, durationMs: 2_000, nextBody });
    const knee = await load({
      port: shop.port,
      path: '/graphql',
      connections: CONNECTIONS,
      durationMs: KNEE_MS,
      nextBody,
    });
    const rate = ((knee.requests * 1_000) / knee.elapsedMs) * LOAD_PART;
    say(`the knee is at ${Math.round(rate / LOAD_PART)} requests a second`);
    const quiet = await drive({ client, nextBody, rate, seconds });
    let day = 1;
    const beside = await driveBeside({ client, nextBody, rate, seconds }, async () => {
      await awaitReport(shop, `2024-01-${String((day++ % 28) + 1).padStart(2, '0')}`);
    });
    const inline = await driveBeside({ client, nextBody, rate, seconds }, async () => {
      await shop.ask(`{ inlineSales(from: "2024-01-01") }`);
    });
    const factor = (measured) => `${(measured.p99 / quiet.p99).toFixed(2)}x`;
    return [
      {
        what: `p99 of detail at 30 % of the knee (${Math.round(rate)} a second): ${quiet.p99.toFixed(1)} ms; while reports run (${beside.runs}), against that`,
        asked: '2x',
        measured: factor(beside),
      },
      {
        what: `the same while a resolver sums up (${inline.runs} times)`,
        asked: '',
        measured: factor(inline),
      },
    ];
  } finally {
    client.close();
    await shop.stop();
  }
}

async function driveBeside(driving, work) {
  let isOver = false;
  let runs = 0;
  const working = (async () => {
    while (!isOver) {
      await work();
      runs += 1;
    }
  })();
  const measured = await drive(driving);
  isOver = true;
  await working;
  return { ...measured, runs };
}

/** At a steady rate, whatever becomes of what was sent before. */
async function drive({ client, nextBody, rate, seconds }) {
  const latencies = [];
  const pending = [];
  const begin = performance.now();
  let sent = 0;
  while (performance.now() - begin < seconds * 1_000) {
    const due = ((performance.now() - begin) * rate) / 1_000;
    for (; sent < due; sent++) {
      const sentAt = performance.now();
      pending.push(
        client.ask(nextBody()).then(({ status, text }) => {
          if (status !== 200 || !text.startsWith('{"data":{"product":{'))
            throw new Error(`${status} ${text.slice(0, 200)}`);
          latencies.push(performance.now() - sentAt);
        }),
      );
    }
    await delay(1);
  }
  await Promise.all(pending);
  return { p99: quantile(latencies, 0.99), p50: quantile(latencies, 0.5) };
}
