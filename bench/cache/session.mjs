import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedRedis } from '../../dist/embedded/redis-server.js';
import { signDevelopmentToken } from '../../dist/identity/development-token.js';
import { startDatabase } from '../harness/database.mjs';
import { load } from '../harness/load.mjs';
import { readTreeCpuMicros } from '../harness/process-usage.mjs';
import { profileLoad } from '../harness/profile.mjs';
import { ask, startServer } from '../harness/server-process.mjs';
import { median } from '../harness/statistics.mjs';
import { formatTable } from '../harness/table.mjs';
import { WORKLOADS } from '../shop/workloads.mjs';
import { CONTESTANTS } from './contestants.mjs';
import { TIERS } from './parts/open-server.mjs';
import { PARTS } from './parts.mjs';

const CORE = 1;
const CONNECTIONS = 32;
const WARMUP_MS = 1_500;
const CALLERS = 1_000;
const SECRET = 'a secret of the benchmark, long enough for HS256';
const REVENUE = {
  name: 'revenue',
  query: '{ revenue { category total } }',
  variables: () => () => ({}),
};

export async function runCacheBench({ rounds, seconds, partSeconds, only, profile, say, show }) {
  const database = await startDatabase(say);
  const redis = await startEmbeddedRedis({
    directory: '.sluice/bench/redis',
    path: process.env.PATH,
    onProgress: say,
  });
  try {
    const tokens = await Promise.all(
      Array.from({ length: CALLERS }, (_, index) =>
        signDevelopmentToken({ secret: SECRET, viewerId: String(index + 1) }),
      ),
    );
    const isWanted = ({ id }) => only === null || only.includes(id);
    const chosen = CONTESTANTS.filter(isWanted);
    const rows = [];
    const measured = new Map();
    const workloads = [...WORKLOADS.filter(({ name }) => name === 'list' || name === 'detail'), REVENUE];
    for (const workload of workloads) {
      const part = chosen.filter(({ workloads: own }) => own.includes(workload.name));
      if (part.length === 0) continue;
      const shared = { database, redisUrl: redis.url, tokens, rounds, seconds, say };
      if (profile !== null) {
        if (profile === workload.name)
          for (const contestant of part) await profileContestant({ contestant, workload, ...shared, show });
        continue;
      }
      const results = await measureWorkload({ workload, chosen: part, ...shared });
      for (const { contestant, row, ...figures } of results) {
        rows.push(row);
        measured.set(`${contestant.id} ${workload.name}`, figures);
      }
    }
    if (profile !== null) return;
    const facts = [...compare(measured)];
    for (const part of PARTS.filter(isWanted)) {
      facts.push(...(await part.measure({ database, redisUrl: redis.url, seconds: partSeconds, say })));
    }
    if (rows.length > 0) {
      const heads = ['', 'workload', 'µs', 'of limit', 'asked', 'requests/s', 'p99 ms'];
      for (const line of formatTable(heads, rows)) show(line);
      show('');
    }
    const table = facts.map(({ what, asked, measured: value }) => [what, asked, value]);
    for (const line of formatTable(['', 'asked', 'measured'], table)) show(line);
  } finally {
    await redis.stop();
    await database.stop();
  }
}

async function measureWorkload({ workload, chosen, database, redisUrl, tokens, rounds, seconds, say }) {
  const nextBody = createBodies(workload, database.facts);
  const answer = await findAnswer(database, nextBody());
  const limit = {
    id: 'limit',
    title: 'node:http, prebuilt bytes',
    file: 'raw',
    settings: { answer },
    method: 'POST',
  };
  const getLimit = { ...limit, id: 'limit-get', title: 'node:http, prebuilt bytes, GET', method: 'GET' };
  const all = [limit, getLimit, ...chosen.filter(({ workloads }) => workloads.includes(workload.name))];
  const results = new Map(all.map(({ id }) => [id, []]));
  const servers = [];
  try {
    for (const contestant of all) {
      say(`${workload.name}: ${contestant.title}`);
      const server = await startContestant({ contestant, database, redisUrl });
      servers.push({ server, contestant });
      await warmUp({ server, contestant, workload, database, tokens });
      server.pause();
    }
    for (let round = 0; round < rounds; round++) {
      say(`${workload.name}: round ${round + 1} of ${rounds}`);
      for (const { server, contestant } of servers) {
        server.resume();
        await delay(50);
        await drive({ server, contestant, workload, database, tokens }, 200);
        const before = readTreeCpuMicros(server.pid);
        const answered = await drive({ server, contestant, workload, database, tokens }, seconds * 1_000);
        const micros = readTreeCpuMicros(server.pid) - before;
        server.pause();
        if (answered.failures > 0)
          throw new Error(`${contestant.title} failed ${answered.failures} requests.`);
        results.get(contestant.id).push({
          cpu: micros / answered.requests,
          rate: (answered.requests * 1_000) / answered.elapsedMs,
          p99: answered.latenciesMs.sort((a, b) => a - b)[Math.floor(answered.latenciesMs.length * 0.99)],
        });
      }
    }
  } finally {
    await Promise.all(servers.map(({ server }) => server.stop()));
  }
  return all.map((contestant) => summarise(contestant, workload, results));
}

function startContestant({ contestant, database, redisUrl, nodeArguments = [] }) {
  const own = { ...contestant.settings, tiers: TIERS };
  if (contestant.redis) own.redisUrl = redisUrl;
  const peer = { ...contestant, file: `../cache/servers/${contestant.file}.mjs`, mode: '-' };
  return startServer({
    ...{ peer, databaseUrl: database.url, core: CORE, nodeArguments },
    extra: [JSON.stringify(own)],
  });
}

async function profileContestant({ contestant, workload, database, redisUrl, tokens, seconds, say, show }) {
  await profileLoad({
    ...{ title: contestant.title, name: `${contestant.id}-${workload.name}`, say, show },
    ...{ warmupSeconds: WARMUP_MS / 1_000, seconds },
    start: (nodeArguments) => startContestant({ contestant, database, redisUrl, nodeArguments }),
    async drive(server) {
      await warmUp({ server, contestant, workload, database, tokens });
      return (forSeconds) => drive({ server, contestant, workload, database, tokens }, forSeconds * 1_000);
    },
  });
}

function summarise(contestant, workload, results) {
  const own = results.get(contestant.id);
  const limits = results.get(contestant.method === 'GET' ? 'limit-get' : 'limit');
  const ratio = median(own.map(({ cpu }, round) => limits[round].cpu / cpu));
  const cpu = median(own.map((round) => round.cpu));
  const rate = median(own.map((round) => round.rate));
  const p99 = median(own.map((round) => round.p99));
  const row = [
    contestant.title,
    workload.name,
    cpu.toFixed(1),
    ratio.toFixed(2),
    contestant.asked?.toFixed(2) ?? '',
    Math.round(rate),
    p99.toFixed(1),
  ];
  return { contestant, row, cpu, rate };
}

/** Of those that were measured. */
function* compare(measured) {
  const ratios = [
    ['CPU of Apollo’s plugin on Redis, of a hit: list', 'apollo-redis list', 'redis-limits list', 'cpu', '6'],
    ['the same: detail', 'apollo-redis detail', 'redis-limits detail', 'cpu', '3'],
    ['list, cached against computed, requests a second', 'memory-post list', 'uncached list', 'rate', '15'],
    ['revenue per category, the same', 'memory-post revenue', 'uncached revenue', 'rate', '70'],
  ];
  for (const [what, above, below, figure, asked] of ratios) {
    const [one, other] = [measured.get(above), measured.get(below)];
    if (one === undefined || other === undefined) continue;
    yield { what, asked: `${asked}x`, measured: `${(one[figure] / other[figure]).toFixed(1)}x` };
  }
}

function createBodies({ query, variables }, facts) {
  const next = variables(facts, []);
  return () => JSON.stringify({ query, variables: next() });
}

/** All that is asked later is asked once before, so that what is measured are hits. */
async function warmUp(target) {
  const { workload } = target;
  await drive(target, WARMUP_MS);
  const all = workload.all?.() ?? [];
  let index = 0;
  const inTurn = { ...workload, variables: () => () => all[index++ % all.length] };
  while (index < all.length) await drive({ ...target, workload: inTurn }, 100);
}

/** What the limit sends: the answer that Sluice gives. */
async function findAnswer(database, body) {
  const peer = { title: 'Sluice', file: '../cache/servers/sluice.mjs', mode: '-' };
  const settings = JSON.stringify({ tiers: TIERS, env: { SLUICE_LIMITS: 'off' } });
  const server = await startServer({ peer, databaseUrl: database.url, core: CORE, extra: [settings] });
  try {
    return JSON.stringify(await ask(server, body));
  } finally {
    await server.stop();
  }
}

/**
 * Keeps this process awake meanwhile: whoever writes to one that sleeps has to wake it, which a server that is slower than
 * the limit would pay for, and the limit would not.
 */
async function drive(target, durationMs) {
  let isOver = false;
  const stayAwake = () => {
    if (!isOver) setImmediate(stayAwake);
  };
  stayAwake();
  try {
    return await send(target, durationMs);
  } finally {
    isOver = true;
  }
}

function send({ server, contestant, workload, database, tokens }, durationMs) {
  let index = 0;
  const nextBody = createBodies(workload, database.facts);
  const callers = contestant.callers ?? 1;
  return load({
    port: server.port,
    path: '/graphql',
    connections: CONNECTIONS,
    durationMs,
    method: contestant.method,
    nextBody,
    nextHeaders: contestant.isSignedIn
      ? () => {
          index = (index + 1) % callers;
          return `authorization: Bearer ${tokens[index]}\r\n`;
        }
      : undefined,
  });
}
