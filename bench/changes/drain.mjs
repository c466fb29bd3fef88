#!/usr/bin/env node
// What it costs that every change is known, beside what it may cost. `npm run bench:changes` builds and runs it; with
// names of measurements, only those: settle, seen, idle, memory, start.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { DrainConnection } from '../../dist/changes/drain/drain-connection.js';
import { formatHeartbeat } from '../../dist/changes/log/heartbeat-text.js';
import { formatRecord } from '../../dist/changes/log/record-text.js';
import { RedisChangeLog } from '../../dist/changes/log/redis-change-log.js';
import { createRedisLogKeys } from '../../dist/changes/log/redis-log-keys.js';
import { AppliedLog } from '../../dist/changes/node/applied-log.js';
import { LogFollower } from '../../dist/changes/node/log-follower.js';
import { Trust } from '../../dist/changes/node/trust.js';
import { median, percentile } from '../harness/statistics.mjs';
import { formatTable } from '../harness/table.mjs';
import { openNode } from './node.mjs';
import { startServices, withClient } from './services.mjs';

const ROWS = 10_000;
const ROUNDS = 7;
const ROUND_MS = 2_000;
const WRITES_PER_SECOND = 200;
const SEEN_SECONDS = 20;
const NODES = 3;
const IDLE_SECONDS = 10;
const RECORDS = 1_000_000;
const FOLLOWER = fileURLToPath(new URL('./follower.mjs', import.meta.url));

const begin = performance.now();
const say = (line) =>
  process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(1).padStart(7)} s  ${line}\n`);
const ms = (value) => `${value.toFixed(2)} ms`;
const pause = (timeMs) => new Promise((resolve) => setTimeout(resolve, timeMs));

/** Updates of single rows by so many clients, each after the last was answered; what each took. */
async function mutate({ clients, settle }) {
  const endMs = performance.now() + ROUND_MS;
  const took = [];
  await Promise.all(
    clients.map(async (client) => {
      while (performance.now() < endMs) {
        const beginMs = performance.now();
        const id = 1 + Math.floor(Math.random() * ROWS);
        await client.query({
          name: 'mutate',
          text: 'UPDATE items SET price = price + 1 WHERE id = $1',
          values: [id],
        });
        await settle();
        took.push(performance.now() - beginMs);
      }
    }),
  );
  return percentile(took, 0.5);
}

async function measureSettle(services, concurrency, limitMs) {
  const node = await openNode(services);
  await node.changes.ensureTrusted();
  const clients = await Promise.all(
    Array.from({ length: concurrency }, async () => {
      const client = new pg.Client({ connectionString: services.databaseUrl });
      await client.connect();
      return client;
    }),
  );
  const settle = async () => {
    if (!(await node.changes.settle('wrote')).isDrained) throw new Error('A write was not told of.');
  };
  const rounds = [];
  // In turn, so that what else happens on the machine hits both alike. The first warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const without = await mutate({ clients, settle: async () => undefined });
    const withDrain = await mutate({ clients, settle });
    if (round > 0) rounds.push({ without, withDrain });
  }
  await Promise.all(clients.map((client) => client.end()));
  await node.close();
  const added = median(rounds.map(({ without, withDrain }) => withDrain - without));
  const base = median(rounds.map(({ without }) => without));
  return [
    [
      `mutation answered after drain, added p50, ${concurrency} concurrent (without: ${ms(base)})`,
      ms(added),
      ms(limitMs),
    ],
  ];
}

async function measureSeen(services) {
  const followers = await Promise.all(
    Array.from({ length: NODES }, async () => {
      const child = fork(FOLLOWER, [services.databaseUrl, services.redisUrl]);
      await nextMessage(child);
      return child;
    }),
  );
  const pool = new pg.Pool({ connectionString: services.databaseUrl, max: 10 });
  const committed = await writeSteadily(pool);
  await pool.end();
  await pause(500);
  const told = await Promise.all(
    followers.map((child) => {
      const message = nextMessage(child);
      child.send('stop');
      return message;
    }),
  );
  const latencies = committed.map(({ id, atMs }) =>
    Math.max(
      ...told.map(({ seen }) => {
        const at = seen.find(([row, seenAtMs]) => row === id && seenAtMs > atMs - 1_000);
        return at === undefined ? Number.POSITIVE_INFINITY : at[1] - atMs;
      }),
    ),
  );
  const cpu = told.map(({ cpuSeconds }) => ((100 * cpuSeconds) / (SEEN_SECONDS + 1)).toFixed(0));
  say(
    `CPU of the nodes: ${cpu.join(', ')} % of a core; moments without trust: ${told.map((t) => t.distrusted).join(', ')}`,
  );
  const title = `commit seen on each of ${NODES} nodes, ${committed.length / SEEN_SECONDS} writes a second`;
  return [
    [`${title}, p50`, ms(percentile(latencies, 0.5)), ms(15)],
    [`${title}, p99`, ms(percentile(latencies, 0.99)), ms(100)],
  ];
}

function nextMessage(child) {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error('A node ended.')));
  });
}

/** No row twice, and each at its time whatever the one before took. */
async function writeSteadily(pool) {
  const committed = [];
  const beginMs = performance.now();
  const running = [];
  for (let n = 0; n < WRITES_PER_SECOND * SEEN_SECONDS; n++) {
    const waitMs = beginMs + (n * 1000) / WRITES_PER_SECOND - performance.now();
    if (waitMs > 0) await pause(waitMs);
    const id = n + 1;
    running.push(
      pool.query('UPDATE items SET price = price + 1 WHERE id = $1', [id]).then(() => {
        committed.push({ id, atMs: performance.timeOrigin + performance.now() });
      }),
    );
  }
  await Promise.all(running);
  return committed;
}

async function measureIdle(services) {
  const nodes = await Promise.all(Array.from({ length: NODES }, () => openNode(services)));
  await Promise.all(nodes.map(({ changes }) => changes.ensureTrusted()));
  return withClient(services.adminUrl, async (client) => {
    // Not by the database's counters: PostgreSQL's own clean-up counts there too.
    const findLast = async () => {
      const { rows } = await client.query(
        `SELECT pid, query_start::text AS begin FROM pg_stat_activity
         WHERE application_name = 'sluice-changes' AND datname = $1 ORDER BY pid`,
        [services.databaseName],
      );
      return rows;
    };
    // A second after the last request they fall silent.
    await pause(2_000);
    let last = await findLast();
    let asked = 0;
    for (let n = 0; n < IDLE_SECONDS * 100; n++) {
      await pause(10);
      const now = await findLast();
      asked += now.filter(({ begin }, index) => begin !== last[index]?.begin).length;
      last = now;
    }
    for (const node of nodes) await node.close();
    return [[`queries that ${NODES} idle nodes ask of PostgreSQL`, `${asked / IDLE_SECONDS} /s`, '0 /s']];
  });
}

function measureMemory() {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const applied = new AppliedLog();
  const after = process.memoryUsage();
  const bytes = after.arrayBuffers - before.arrayBuffers + Math.max(0, after.heapUsed - before.heapUsed);
  // Still there while it is measured.
  if (applied.horizon !== 0) throw new Error('impossible');
  return [["memory of a node's index", `${(bytes / 2 ** 20).toFixed(1)} MB`, '16 MB']];
}

/** Records as single-row updates leave them, read by a node that starts. */
async function measureStart({ databaseUrl, redisUrl }) {
  const connection = new DrainConnection({ url: databaseUrl });
  const place = `${await connection.use(async (session) => session.place)}-start`;
  await connection.close();
  const redis = new Redis(redisUrl);
  const keys = createRedisLogKeys(place);
  say(`Writing ${RECORDS} records`);
  for (let id = 1; id <= RECORDS; ) {
    const pipeline = redis.pipeline();
    for (let n = 0; n < 10_000 && id <= RECORDS; n++, id++) {
      const tags = [`Item:${id}`, 'Item~', 'Item.price', `Item.price+shelf=${id % 50}`];
      pipeline.rpush(
        keys.records('e1'),
        formatRecord({ id, prev: id - 1, lsn: '0/1', tags, isHorizon: false }),
      );
    }
    await pipeline.exec();
  }
  await redis.set(
    keys.heartbeat,
    formatHeartbeat({ timeMs: Date.now(), head: RECORDS, lsn: '0/1', epoch: 'e1' }),
  );
  const times = [];
  for (let round = 0; round < 5; round++) {
    const nowMs = () => performance.now();
    const applied = new AppliedLog();
    const follower = new LogFollower({ applied, trust: new Trust({ maxLagMs: 100, nowMs }), nowMs });
    const log = new RedisChangeLog({ redis, place });
    const beginMs = performance.now();
    await follower.follow(log);
    times.push(performance.now() - beginMs);
    if (applied.position.id !== RECORDS || applied.horizon !== 0)
      throw new Error('Not all of them were read.');
    await log.close();
  }
  await redis.del(keys.heartbeat, keys.records('e1'));
  redis.disconnect();
  return [[`time to apply ${RECORDS} records at start`, `${(median(times) / 1000).toFixed(2)} s`, '2.00 s']];
}

const MEASUREMENTS = {
  settle: async (services) => [
    ...(await measureSettle(services, 1, 2)),
    ...(await measureSettle(services, 50, 4)),
  ],
  seen: measureSeen,
  idle: measureIdle,
  memory: measureMemory,
  start: measureStart,
};

const wanted = process.argv.slice(2);
const services = await startServices();
try {
  const rows = [];
  for (const [name, measure] of Object.entries(MEASUREMENTS)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    say(`Measuring ${name}`);
    rows.push(...(await measure(services)));
  }
  say(
    `PostgreSQL ${services.postgresVersion}, Redis ${services.redisVersion}, Node ${process.versions.node}`,
  );
  process.stdout.write(`${formatTable(['', 'measured', 'at most'], rows).join('\n')}\n`);
} finally {
  await services.stop();
}
