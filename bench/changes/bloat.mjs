#!/usr/bin/env node
// What a transaction that stays open does to the outbox: `npm run bench:changes -- bloat` (an hour; `--minutes 5` for
// less). One writer updates single rows, each settled like a mutation, first for a minute in peace, then while another
// session holds a snapshot, then after it let go. `npm run build` first.
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { percentile } from '../harness/statistics.mjs';
import { formatTable } from '../harness/table.mjs';
import { openNode } from './node.mjs';
import { startServices } from './services.mjs';

const ROWS = 10_000;
const WRITES_PER_SECOND = 100;
const MINUTE_MS = 60_000;

const { values } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '60' } },
});
const minutes = Number(values.minutes);
if (!(minutes >= 1 && minutes <= 600)) {
  process.stderr.write('--minutes: a number from 1 to 600.\n');
  process.exit(1);
}

const ms = (value) => `${value.toFixed(2)} ms`;
const mib = (bytes) => `${(Number(bytes) / 2 ** 20).toFixed(1)} MiB`;

const services = await startServices();
const open = async () => {
  const client = new pg.Client({ connectionString: services.databaseUrl });
  await client.connect();
  return client;
};
const [writer, holder, looker, node] = await Promise.all([open(), open(), open(), openNode(services)]);

/** A minute of writes at an even pace; how long each, and its drain, took, and how many were not drained in time. */
async function writeForAMinute() {
  const writes = [];
  const settles = [];
  let lateCount = 0;
  const beginMs = performance.now();
  for (let write = 0; ; write++) {
    const dueMs = beginMs + (write * 1_000) / WRITES_PER_SECOND;
    if (dueMs - beginMs >= MINUTE_MS) return { writes, settles, lateCount };
    await pause(Math.max(0, dueMs - performance.now()));
    const startMs = performance.now();
    const id = 1 + Math.floor(Math.random() * ROWS);
    await writer.query({ name: 'w', text: 'UPDATE items SET price = price + 1 WHERE id = $1', values: [id] });
    const writtenMs = performance.now();
    if (!(await node.changes.settle('wrote')).isDrained) lateCount++;
    writes.push(writtenMs - startMs);
    settles.push(performance.now() - writtenMs);
  }
}

async function measure(title) {
  const { writes, settles, lateCount } = await writeForAMinute();
  const { rows } = await looker.query(
    `SELECT pg_table_size('sluice.outbox') AS heap, pg_indexes_size('sluice.outbox') AS indexes,
       pg_total_relation_size('sluice.log') AS log, pg_total_relation_size('sluice.lock') AS lock`,
  );
  const [{ heap, indexes, log, lock }] = rows;
  const shares = [percentile(writes, 0.5), percentile(settles, 0.5), percentile(settles, 0.99)].map(ms);
  const line = [
    title,
    String(writes.length),
    String(lateCount),
    ...shares,
    ...[heap, indexes, log, lock].map(mib),
  ];
  process.stderr.write(`${line.join('  ')}\n`);
  return line;
}

try {
  await node.changes.ensureTrusted();
  await writeForAMinute();
  const lines = [await measure('in peace')];
  await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM items LIMIT 1');
  const shown = new Set([
    1,
    2,
    5,
    10,
    15,
    20,
    30,
    45,
    60,
    90,
    120,
    180,
    240,
    300,
    360,
    420,
    480,
    540,
    minutes,
  ]);
  for (let minute = 1; minute <= minutes; minute++) {
    const line = await measure(`minute ${minute} of a transaction`);
    if (shown.has(minute)) lines.push(line);
  }
  await holder.query('COMMIT');
  lines.push(await measure('first minute after it'));
  lines.push(await measure('second minute after it'));
  process.stdout.write(
    `\nPostgreSQL ${services.postgresVersion}, ${WRITES_PER_SECOND} settled writes a second\n\n${formatTable(
      ['', 'writes', 'late', 'write p50', 'drain p50', 'drain p99', 'outbox', 'its indexes', 'log', 'lock'],
      lines,
    ).join('\n')}\n`,
  );
} finally {
  await Promise.all([writer.end(), holder.end(), looker.end(), node.close()]);
  await services.stop();
}
