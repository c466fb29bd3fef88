#!/usr/bin/env node
// What a mutation's answer waits for its drain: the shop served twice over one captured database, with and without
// following changes, asked in turn. Needs a redis-server on the PATH; `npm run build` first.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { findCaptureDemand } from '../../dist/binding/capture-demand.js';
import { composeServer } from '../../dist/cli/compose-server.js';
import { prepareCapture } from '../../dist/cli/database/prepare-capture.js';
import { bindProject, loadPrismaClientClass, loadProject } from '../../dist/cli/load-project.js';
import { findProject } from '../../dist/cli/project.js';
import { startEmbeddedPostgres } from '../../dist/embedded/postgres-server.js';
import { startEmbeddedRedis } from '../../dist/embedded/redis-server.js';
import { readConfig } from '../../dist/kernel/config/read-config.js';
import { applyMigrations } from '../../dist/model/migrations/apply-migrations.js';
import { createLogger } from '../../dist/telemetry/logger.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIRECTORY = `${ROOT}.sluice/bench/mutations`;
const DATABASE = 'mutations';
const CONCURRENCIES = [1, 50];
const ROUNDS = 9;
const ASKED_PER_ROUND = 400;

const config = (env) =>
  readConfig({ PORT: '0', SLUICE_LOG_LEVEL: 'error', SLUICE_HTTP_GRAPHIQL: 'off', ...env });
const WRITE = 'mutation($id: ID!) { addToCart(input: { productId: $id, quantity: 1 }) { cart { id } } }';

async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function prepareDatabase(adminUrl, project, loaded) {
  await withClient(adminUrl, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${DATABASE}`);
  });
  const url = new URL(adminUrl);
  url.pathname = `/${DATABASE}`;
  const { bindings } = bindProject(loaded, config({}).reads);
  await withClient(url.href, async (client) => {
    await applyMigrations(client, project.migrationsDirectory);
    await loaded.app.seed({
      databaseUrl: url.href,
      scale: 0.05,
      env: 'production',
      onProgress: () => undefined,
    });
    await prepareCapture({ client, graph: loaded.graph, demand: findCaptureDemand(bindings) });
  });
  return url.href;
}

/** Adds to carts of guests, a new one each time: no two wait for each other's row. */
async function ask(url, index) {
  const productId = Buffer.from(`Product:${(index % 90) + 1}`).toString('base64url');
  const begin = performance.now();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: WRITE,
      variables: { id: productId },
    }),
  });
  const { errors, extensions } = await response.json();
  // A product that isn't published answers with an error after as much work.
  if (extensions !== undefined) throw new Error(`Not drained: ${JSON.stringify({ errors, extensions })}`);
  return performance.now() - begin;
}

async function runRound(url, concurrency) {
  const times = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < ASKED_PER_ROUND) times.push(await ask(url, next++));
    }),
  );
  return median(times);
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

mkdirSync(DIRECTORY, { recursive: true });
const project = findProject({ root: ROOT });
const [postgres, redis, loaded, prismaClientClass] = await Promise.all([
  startEmbeddedPostgres({ directory: `${DIRECTORY}/postgres` }),
  startEmbeddedRedis({ directory: `${DIRECTORY}/redis`, path: process.env.PATH ?? '' }),
  loadProject(project),
  loadPrismaClientClass(project),
]);
const servers = [];
try {
  const databaseUrl = await prepareDatabase(postgres.adminUrl, project, loaded);
  const urls = [];
  for (const SLUICE_CHANGES of ['off', 'on']) {
    const server = await composeServer({
      config: config({ SLUICE_CHANGES }),
      databaseUrl,
      redisUrl: redis.url,
      project: loaded,
      prismaClientClass,
      log: createLogger({ level: 'error', format: 'json' }),
    });
    servers.push(server);
    urls.push((await server.gateway.listen()).url);
  }
  for (const concurrency of CONCURRENCIES) {
    const medians = [[], []];
    for (let round = 0; round <= ROUNDS; round++) {
      for (const [index, url] of urls.entries()) {
        const ms = await runRound(url, concurrency);
        // The first one warms up.
        if (round > 0) medians[index].push(ms);
      }
    }
    const [without, following] = medians.map(median);
    process.stdout.write(
      `${concurrency} at a time: ${without.toFixed(2)} ms without, ${following.toFixed(2)} ms with changes followed, ` +
        `${(following - without).toFixed(2)} ms added\n`,
    );
  }
} finally {
  for (const server of servers) await server.close();
  await Promise.all([postgres.stop(), redis?.stop()]);
}
