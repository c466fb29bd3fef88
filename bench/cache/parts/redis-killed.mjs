import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startEmbeddedRedis } from '../../../dist/embedded/redis-server.js';
import { createRandom, createZipf } from '../../harness/random.mjs';
import { createClient } from './ask.mjs';
import { openSluice } from './open-server.mjs';

const DIRECTORY = '.sluice/bench/redis-killed';
const CONNECTIONS = 32;
const PRODUCTS = 1_000;
const WARMUP_SECONDS = 3;
const KNEE_SECONDS = 4;
const SECONDS = 12;
const KILL_AFTER_SECONDS = 4;
const WRITE_EVERY_MS = 20;
/** What a node may not know yet. */
const MAX_LAG_MS = 100;
const QUERY = 'query Price($id: Int!) { product(id: $id) { id price reviews(first: 5) { rating body } } }';

/**
 * Half of what a node answers without its cache, while another program writes prices and Redis is killed. Each answer is
 * compared with the prices that were committed when it was asked for.
 */
export async function measureRedisKilled({ database, say }) {
  const redis = await startEmbeddedRedis({
    ...{ directory: DIRECTORY, path: process.env.PATH, onProgress: () => undefined },
  });
  const bodies = Array.from({ length: PRODUCTS }, (_, index) =>
    JSON.stringify({ query: QUERY, variables: { id: index + 1 } }),
  );
  const knee = await findKnee({ database, bodies, say });
  say(`Redis killed at ${Math.round(knee / 2)} requests a second`);
  const env = { SLUICE_CHANGES_MAX_LAG_MS: String(MAX_LAG_MS) };
  const server = await openSluice({ databaseUrl: database.url, redisUrl: redis.url, env });
  const client = createClient(server.port, 1_000);
  const writer = new pg.Client({ connectionString: database.url });
  await writer.connect();
  const history = new Map();
  const counts = { asked: 0, answered: 0, stale: 0, hits: 0 };
  const latenciesMs = [];
  let isOver = false;
  await keepAsking(client, bodies, WARMUP_SECONDS);
  const zipf = createZipf(PRODUCTS, createRandom(3));
  try {
    const writing = keepWriting(writer, history, () => isOver);
    const pending = [];
    const begin = performance.now();
    let isKilled = false;
    for (let sent = 0; performance.now() - begin < SECONDS * 1_000; ) {
      const elapsed = performance.now() - begin;
      if (!isKilled && elapsed > KILL_AFTER_SECONDS * 1_000) {
        isKilled = true;
        process.kill(Number(readFileSync(`${DIRECTORY}/redis.pid`, 'utf8')), 'SIGKILL');
      }
      for (; sent < (elapsed * knee) / 2_000; sent++) {
        const id = zipf();
        counts.asked += 1;
        pending.push(askOnce({ client, body: bodies[id - 1], id, history, counts, latenciesMs }));
      }
      await delay(1);
    }
    await Promise.all(pending);
    isOver = true;
    await writing;
  } finally {
    client.close();
    await server.stop();
    await writer.end();
    await redis.stop().catch(() => undefined);
  }
  latenciesMs.sort((a, b) => a - b);
  const p99 = latenciesMs[Math.floor(latenciesMs.length * 0.99)] ?? 0;
  const share = (100 * counts.answered) / counts.asked;
  return [
    {
      what: `Redis killed at half the uncached knee (${Math.round(knee / 2)}/s): answered; p99 ${p99.toFixed(0)} ms, hits ${((100 * counts.hits) / counts.asked).toFixed(0)} %`,
      asked: '100 %',
      measured: `${share.toFixed(2)} %`,
    },
    { what: 'the same: stale', asked: '0', measured: String(counts.stale) },
  ];
}

async function findKnee({ database, bodies, say }) {
  say('finding the uncached knee');
  const server = await openSluice({ databaseUrl: database.url, env: { SLUICE_CACHE: 'off' } });
  const client = createClient(server.port, CONNECTIONS);
  try {
    await keepAsking(client, bodies, WARMUP_SECONDS);
    return (await keepAsking(client, bodies, KNEE_SECONDS)) / KNEE_SECONDS;
  } finally {
    client.close();
    await server.stop();
  }
}

/** As many at a time as there are connections; how many were answered. */
async function keepAsking(client, bodies, seconds) {
  const endMs = performance.now() + seconds * 1_000;
  let answered = 0;
  const lane = async (first) => {
    for (let n = first; performance.now() < endMs; n++) {
      await client.ask(bodies[n % bodies.length]);
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => lane(index)));
  return answered;
}

/** Prices go up only, so that one which is too low is an old one. */
async function keepWriting(writer, history, isOver) {
  for (let n = 0; !isOver(); n++) {
    const id = 1 + (n % 50);
    const { rows } = await writer.query(
      'UPDATE products SET price = price + 0.01 WHERE id = $1 RETURNING price',
      [id],
    );
    const commits = history.get(id) ?? [];
    commits.push({ price: Number(rows[0].price), atMs: performance.now() });
    history.set(id, commits);
    await delay(WRITE_EVERY_MS);
  }
}

async function askOnce({ client, body, id, history, counts, latenciesMs }) {
  const beganMs = performance.now();
  try {
    const { status, text, cache } = await client.ask(body);
    if (status !== 200 || text.includes('"errors"')) return;
    counts.answered += 1;
    if (cache.includes('hit')) counts.hits += 1;
    latenciesMs.push(performance.now() - beganMs);
    const price = Number(JSON.parse(text).data.product.price);
    const known = (history.get(id) ?? []).filter(({ atMs }) => atMs < beganMs - MAX_LAG_MS);
    if (known.some((commit) => commit.price > price)) counts.stale += 1;
  } catch {
    // Not answered.
  }
}
