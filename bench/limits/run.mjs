#!/usr/bin/env node
// What it costs to charge an operation's budgets in Redis, beside what it may cost: `npm run bench:limits` builds and
// measures. With `--field-limits n` each operation has so many field limits besides its tier's. At last Redis is frozen
// (SIGSTOP) under load, once for each policy, to see what its loss costs.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { median, percentile } from '../harness/statistics.mjs';
import { formatTable } from '../harness/table.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CALLERS_AT_ONCE = 64;
/** Who asks is drawn from these, so that budgets are neither empty nor full all the time. */
const CALLERS = 10_000;
const ROUNDS = 7;
const ROUND_MS = 2_000;
const SINGLE_OPERATIONS = 2_000;

const { values } = parseArgs({ options: { 'field-limits': { type: 'string', default: '0' } } });
const fieldLimits = Number(values['field-limits']);

const built = spawnSync(process.execPath, ['scripts/bootstrap.mjs', 'cli', '--version'], {
  cwd: ROOT,
  stdio: ['ignore', 'ignore', 'inherit'],
});
if (built.status !== 0) process.exit(built.status ?? 1);
const [{ startEmbeddedRedis }, { createLimits }, charges, { readConfig }, metrics, logger, tiers] =
  await Promise.all(
    [
      'embedded/redis-server.js',
      'limits/create-limits.js',
      'limits/charges-for.js',
      'kernel/config/read-config.js',
      'telemetry/metrics.js',
      'telemetry/logger.js',
      'identity/tiers.js',
    ].map((file) => import(new URL(`../../dist/${file}`, import.meta.url).href)),
  );

const tier = tiers.DEFAULT_TIERS.find(({ name }) => name === 'premium');

/** What charges do where Redis is lost; undefined: the default. */
let policies;

/** One request in each of the tier's windows, some points, and what is asked for of limited fields. */
function createOperation() {
  const key = `user:${Math.floor(Math.random() * CALLERS)}`;
  const fields = Array.from({ length: fieldLimits }, (_, n) =>
    charges.chargeForField({ coordinate: `Query.f${n}`, limit: 60, seconds: 3_600, amount: 1 }, { key }),
  );
  return { subject: key, charges: [...charges.chargesFor(tier, { key }, 25, policies), ...fields] };
}

/** What remains of an operation without limits: it is made, and answered at the end of the turn. */
const unlimited = { take: () => new Promise((resolve) => setImmediate(resolve, { outcome: 'granted' })) };

async function load(limiter) {
  const latencies = [];
  let granted = 0;
  const cpu = process.cpuUsage();
  const beginMs = performance.now();
  const endMs = beginMs + ROUND_MS;
  await Promise.all(
    Array.from({ length: CALLERS_AT_ONCE }, async () => {
      for (let nowMs = performance.now(); nowMs < endMs; ) {
        const { outcome, decider } = await limiter.take(createOperation());
        if (outcome === 'granted') granted++;
        const afterMs = performance.now();
        // What is decided here and now leaves the event loop no turn, as requests do.
        if (decider === 'fallback') await new Promise(setImmediate);
        latencies.push(afterMs - nowMs);
        nowMs = afterMs;
      }
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  return {
    operations: latencies.length,
    granted: granted / latencies.length,
    worstMs: percentile(latencies, 1),
    cpuMicros: (user + system) / latencies.length,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    perSecond: (1000 * latencies.length) / (performance.now() - beginMs),
  };
}

async function readRedis(redis) {
  const [stats, cpu] = await Promise.all([redis.info('commandstats'), redis.info('cpu')]);
  const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].map((match) => Number(match[1]));
  const seconds = [...cpu.matchAll(/used_cpu_(?:sys|user):([\d.]+)/g)].map((match) => Number(match[1]));
  return { calls: sum(calls), micros: 1e6 * sum(seconds) };
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** A limiter of a node with the default settings, whose Redis freezes while it is asked. */
async function loseRedis(redis, policy, shared) {
  const onLoss = Object.fromEntries(
    ['REQUESTS', 'COST', 'FIELDS'].map((kind) => [`SLUICE_LIMITS_ON_LOSS_${kind}`, policy]),
  );
  const settings = readConfig({ SLUICE_LIMITS: 'enforce', ...onLoss }).limits;
  const { limiter } = createLimits({ ...shared, redis, place: `lost ${policy}`, settings });
  policies = settings.onLoss;
  await load(limiter);
  const pid = Number(/process_id:(\d+)/.exec(await redis.info('server'))[1]);
  process.kill(pid, 'SIGSTOP');
  try {
    return await load(limiter);
  } finally {
    process.kill(pid, 'SIGCONT');
    await redis.ping();
    policies = undefined;
  }
}

const directory = `${ROOT}.sluice/bench/limits`;
mkdirSync(directory, { recursive: true });
const server = await startEmbeddedRedis({ directory: `${directory}/redis`, path: process.env.PATH ?? '' });
if (server === null) throw new Error('The benchmark of limits needs a redis-server on the PATH.');
const redis = new Redis(server.url);
try {
  await redis.flushall();
  const registry = metrics.createMetrics().limits;
  const { limiter } = createLimits({
    ...{ redis, place: 'bench', metrics: registry },
    settings: readConfig({ SLUICE_LIMITS: 'enforce', SLUICE_LIMITS_REDIS_DEADLINE_MS: '1000' }).limits,
    log: logger.createLogger({ level: 'warn', format: 'json' }),
  });
  const rounds = [];
  // In turn, so that what else happens on the machine hits both alike. The first warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    const without = await load(unlimited);
    const before = await readRedis(redis);
    const limited = await load(limiter);
    const after = await readRedis(redis);
    const perCall = limited.operations / (after.calls - before.calls);
    const redisMicros = (after.micros - before.micros) / limited.operations;
    if (round > 0) rounds.push({ without, limited, perCall, redisMicros });
  }
  const before = await readRedis(redis);
  for (let n = 0; n < SINGLE_OPERATIONS; n++) await limiter.take(createOperation());
  const calls = ((await readRedis(redis)).calls - before.calls) / SINGLE_OPERATIONS;
  const row = (title, unit, digits, read, limit) => {
    const all = rounds.map(read);
    const format = (value) => `${value.toFixed(digits)}${unit}`;
    return [title, format(median(all)), format(Math.min(...all)), limit];
  };
  const rows = [
    row(
      'CPU added per operation',
      ' µs',
      1,
      ({ limited, without }) => limited.cpuMicros - without.cpuMicros,
      '15 µs',
    ),
    row('latency p50', ' ms', 2, ({ limited }) => limited.p50Ms, '0.7 ms'),
    row('latency p99', ' ms', 2, ({ limited }) => limited.p99Ms, '3 ms'),
    ['calls of Redis for one operation that is alone', calls.toFixed(2), '', '1'],
    row('operations of one call', '', 1, ({ perCall }) => perCall, ''),
    row('CPU of Redis per operation', ' µs', 1, ({ redisMicros }) => redisMicros, ''),
    row('operations a second', '', 0, ({ limited }) => limited.perSecond, ''),
  ];
  process.stderr.write(
    `${CALLERS_AT_ONCE} callers at once, each asking again as soon as it is answered; ${createOperation().charges.length} charges an operation\n` +
      `Redis ${server.version}, Node ${process.versions.node}; load average over 1, 5 and 15 minutes: ${loadavg()
        .map((load) => load.toFixed(1))
        .join(', ')}\n`,
  );
  process.stdout.write(
    `${formatTable(['', `median of ${ROUNDS} rounds`, 'lowest', 'wanted at most'], rows).join('\n')}\n`,
  );
  const shared = { metrics: registry, log: logger.createLogger({ level: 'error', format: 'json' }) };
  const lost = [];
  for (const policy of ['open', 'local-share', 'closed']) {
    const { worstMs, p50Ms, p99Ms, granted } = await loseRedis(redis, policy, shared);
    lost.push([policy, ...[worstMs, p50Ms, p99Ms].map((ms) => `${ms.toFixed(2)} ms`), granted.toFixed(2)]);
  }
  process.stdout.write(
    `\nRedis frozen while ${CALLERS_AT_ONCE} callers ask\n${formatTable(
      ['policy', 'longest wait', 'p50', 'p99', 'granted'],
      lost,
    ).join('\n')}\n`,
  );
} finally {
  redis.disconnect();
  await server.stop();
}
