#!/usr/bin/env node
// What capture costs writers: the same tables twice in one database, one of them captured, written to in turns.
// Names of measurements (single, bulk, cascade) choose; --no-fsync shows the CPU that flushing hides.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { applyEngineSchema } from '../../dist/changes/capture/engine-schema.js';
import { installCapture } from '../../dist/changes/capture/install-capture.js';
import { planCapture } from '../../dist/changes/capture/plan-capture.js';
import { startEmbeddedPostgres } from '../../dist/embedded/postgres-server.js';
import { parseModelGraph } from '../../dist/model/load-model-graph.js';
import { median } from '../harness/statistics.mjs';
import { formatTable } from '../harness/table.mjs';
import { CAPTURE_DEMAND, CAPTURED_GRAPH, createTables, ITEMS } from './captured-tables.mjs';

const DIRECTORY = fileURLToPath(new URL('../../.sluice/bench/capture', import.meta.url));
const DATABASE = 'capture';
const ROUNDS = 9;
const ROUND_MS = 1_500;
const SIDES = ['plain', 'captured'];

const begin = performance.now();
const say = (line) =>
  process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(1).padStart(7)} s  ${line}\n`);

/**
 * Measures both sides in each round, now the one first and now the other. The ratio is the median of the rounds' own
 * ratios, so that what else the machine does, which lasts longer than a round, weighs on both sides alike.
 */
async function compare(measure) {
  const found = { plain: [], captured: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const side of round % 2 === 0 ? SIDES : [...SIDES].reverse()) {
      const value = await measure(side);
      // The first round warms up.
      if (round > 0) found[side].push(value);
    }
  }
  const ratio = median(found.captured.map((value, round) => value / found.plain[round]));
  return { plain: median(found.plain), captured: median(found.captured), ratio };
}

/** Updates of a column that tags tell of, one row each, each a transaction of its own. Microseconds per update. */
async function measureSingle({ connect }, writers, limit) {
  const clients = await Promise.all(Array.from({ length: writers }, connect));
  let next = 0;
  const { plain, captured, ratio } = await compare(async (side) => {
    const beginMs = performance.now();
    let updates = 0;
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < beginMs + ROUND_MS) {
          // A prime, so that writers don't meet at one row.
          next = (next + 7_919) % ITEMS;
          await client.query({
            name: side,
            text: `UPDATE ${side}.items SET price = price + 1 WHERE id = $1`,
            values: [next + 1],
          });
          updates++;
        }
      }),
    );
    return ((performance.now() - beginMs) * 1000) / updates;
  });
  await Promise.all(clients.map((client) => client.end()));
  const us = (value) => `${value.toFixed(0)} us`;
  const name = `single-row UPDATE, ${writers} ${writers === 1 ? 'writer' : 'writers'}, time per update`;
  return [[name, us(plain), us(captured), times(ratio), times(limit)]];
}

/** One statement, undone afterwards; milliseconds. */
async function measureStatement({ connect }, name, toSql, limit) {
  const client = await connect();
  const { plain, captured, ratio } = await compare(async (side) => {
    for (const table of ['items', 'notes']) await client.query(`VACUUM ${side}.${table}`);
    await client.query('CHECKPOINT');
    await client.query('BEGIN');
    const beginMs = performance.now();
    await client.query(toSql(side));
    const tookMs = performance.now() - beginMs;
    await client.query('ROLLBACK');
    return tookMs;
  });
  await client.end();
  const ms = (value) => `${value.toFixed(0)} ms`;
  return [[name, ms(plain), ms(captured), times(ratio), times(limit)]];
}

const times = (ratio) => `${ratio.toFixed(2)}x`;

const MEASUREMENTS = {
  single: async (database) => [
    ...(await measureSingle(database, 1, 1.2)),
    ...(await measureSingle(database, 8, 1.35)),
  ],
  bulk: async (database) => [
    ...(await measureStatement(
      database,
      'UPDATE of 100,000 rows, a column in an index',
      (side) => `UPDATE ${side}.items SET price = price + 1`,
      1.15,
    )),
    ...(await measureStatement(
      database,
      'UPDATE of 100,000 rows, a column in none',
      (side) => `UPDATE ${side}.items SET stock = stock + 1`,
      1.15,
    )),
  ],
  cascade: (database) =>
    measureStatement(
      database,
      'DELETE of 10,000 parents with 30,000 children',
      (side) => `DELETE FROM ${side}.items WHERE id <= 10000`,
      1.3,
    ),
};

const wanted = process.argv.slice(2).filter((name) => name in MEASUREMENTS);
const isFlushing = !process.argv.includes('--no-fsync');
mkdirSync(DIRECTORY, { recursive: true });
const postgres = await startEmbeddedPostgres({ directory: DIRECTORY });
const url = new URL(postgres.adminUrl);
url.pathname = `/${DATABASE}`;
const connectTo = async (connectionString) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
};
try {
  const admin = await connectTo(postgres.adminUrl);
  await admin.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.query(`ALTER SYSTEM SET fsync = ${isFlushing ? 'on' : 'off'}`);
  await admin.query('SELECT pg_reload_conf()');
  await admin.end();
  const connect = () => connectTo(url.href);
  const client = await connect();
  say('Filling the tables');
  for (const side of SIDES) await createTables(client, side);
  await applyEngineSchema(client);
  await installCapture(client, await planCapture(client, parseModelGraph(CAPTURED_GRAPH), CAPTURE_DEMAND));
  await client.query('VACUUM ANALYZE');
  await client.end();
  const rows = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    say(`Measuring ${name}`);
    rows.push(...(await measure({ connect })));
  }
  say(`PostgreSQL ${postgres.version}, fsync ${isFlushing ? 'on' : 'off'}, Node ${process.versions.node}`);
  const lines = formatTable(['', 'without', 'with capture', 'ratio', 'at most'], rows);
  process.stdout.write(`${lines.join('\n')}\n`);
} finally {
  await postgres.stop();
}
