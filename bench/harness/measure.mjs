import { setTimeout as delay } from 'node:timers/promises';
import { createBodies } from '../shop/workloads.mjs';
import { readCoreBusyMicros } from './core-usage.mjs';
import { load } from './load.mjs';
import { isTimed } from './peers.mjs';
import { readPeakBytes, readTreeCpuMicros, resetPeakMemory } from './process-usage.mjs';
import { startServer } from './server-process.mjs';
import { median, percentile, spreadPercent } from './statistics.mjs';

/** Above it, a round says more about others' work than about the server. */
const MOST_FOREIGN_SHARE = 0.1;
/** Disturbed rounds that are repeated, per round that is wanted. */
const REPEATS_PER_ROUND = 1;
/** Reconnects, and lets a server that was frozen come back to its stride. */
const REWARM_MS = 100;
/** Few, since a slow server takes long to answer the last of many. */
const REWARM_CONNECTIONS = 16;
const SETTLE_MS = 20;

/**
 * Takes the time of every server at every workload: workload by workload, the servers in turn, each round beginning with
 * another one. Whoever is not measured is frozen.
 *
 * @returns one cell per server and workload
 */
export async function measure({ peers, workloads, findings, database, options, core, say }) {
  const servers = [];
  const cells = [];
  try {
    for (const peer of peers) {
      say(`Starting ${peer.title}`);
      const server = await startServer({ peer, databaseUrl: database.url, core });
      servers.push(server);
      server.pause();
    }
    const total = workloads.flatMap((workload) =>
      peers.filter((peer) => isTimed(peer, workload, options)),
    ).length;
    for (const workload of workloads) {
      const tracks = servers
        .filter(({ peer }) => isTimed(peer, workload, options))
        .map((server) => createTrack({ server, workload, findings, facts: database.facts }));
      for (const [index, track] of tracks.entries()) {
        say(`${workload.name}: warming up ${track.server.peer.id} (${cells.length + index + 1} of ${total})`);
        await withRunning(track.server, () => drive(track, options, options.warmupSeconds * 1000));
      }
      await measureRounds({ workload, tracks, database, options, core, say });
      cells.push(...tracks.map((track) => summarise(track, workload, findings)));
    }
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
  return cells;
}

function createTrack({ server, workload, findings, facts }) {
  const { peer } = server;
  const query = peer.queries?.[workload.name] ?? workload.query;
  const { cursors } = findings.get(peer.id);
  const createNextBody = () => createBodies({ workload, query, facts, cursors });
  return { server, createNextBody, clean: [], disturbed: [] };
}

async function measureRounds({ workload, tracks, database, options, core, say }) {
  const attempts = options.rounds * (1 + REPEATS_PER_ROUND);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const open = tracks.filter((track) => track.clean.length < options.rounds);
    if (open.length === 0) return;
    say(
      `${workload.name}: round ${attempt + 1}${attempt < options.rounds ? '' : ', repeated'}, ${open.length} servers`,
    );
    const first = attempt % open.length;
    for (const track of [...open.slice(first), ...open.slice(0, first)]) {
      const round = await withRunning(track.server, async () => {
        await drive(track, { connections: Math.min(REWARM_CONNECTIONS, options.connections) }, REWARM_MS);
        return measureRound({ track, database, options, core });
      });
      (round.foreignShare > MOST_FOREIGN_SHARE ? track.disturbed : track.clean).push(round);
    }
  }
}

async function withRunning(server, work) {
  server.resume();
  try {
    return await work();
  } finally {
    server.pause();
  }
}

function drive({ server, createNextBody }, { connections }, durationMs) {
  return load({ port: server.port, path: '/graphql', connections, durationMs, nextBody: createNextBody() });
}

async function measureRound({ track, database, options, core }) {
  const { pid, peer } = track.server;
  await delay(SETTLE_MS);
  resetPeakMemory(pid);
  const before = readUsage({ pid, database, core });
  const answered = await drive(track, options, options.seconds * 1000);
  const after = readUsage({ pid, database, core });
  if (answered.failures > 0) {
    throw new Error(`${peer.title} failed ${answered.failures} of ${answered.requests} requests.`);
  }
  const { requests, latenciesMs, elapsedMs } = answered;
  const serverMicros = after.serverMicros - before.serverMicros;
  return {
    requests,
    cpuMicros: serverMicros / requests,
    requestsPerSecond: (1000 * requests) / elapsedMs,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    postgresMicros: (after.postgresMicros - before.postgresMicros) / requests,
    peakBytes: readPeakBytes(pid),
    // Clocks that tick may let a little less pass on the core than in the process.
    foreignShare: Math.max(0, after.coreMicros - before.coreMicros - serverMicros) / (1000 * elapsedMs),
  };
}

function readUsage({ pid, database, core }) {
  return {
    serverMicros: readTreeCpuMicros(pid),
    postgresMicros: readTreeCpuMicros(database.pid),
    coreMicros: readCoreBusyMicros(core),
  };
}

/** Medians over the clean rounds. Where none is clean, the least disturbed one has to do, and the cell says so. */
export function summarise({ server, clean, disturbed }, workload, findings) {
  const leastDisturbed = [...disturbed].sort((a, b) => a.foreignShare - b.foreignShare).slice(0, 1);
  const rounds = clean.length > 0 ? clean : leastDisturbed;
  const of = (name) => rounds.map((round) => round[name]);
  return {
    server: server.peer.id,
    workload: workload.name,
    cleanRounds: clean.length,
    discardedRounds: disturbed.length,
    isDisturbed: clean.length === 0,
    cpuMicros: median(of('cpuMicros')),
    cpuSpreadPercent: spreadPercent(of('cpuMicros')),
    requestsPerSecond: median(of('requestsPerSecond')),
    p50Ms: median(of('p50Ms')),
    p99Ms: median(of('p99Ms')),
    statements: findings.get(server.peer.id).statements[workload.name],
    postgresMicros: median(of('postgresMicros')),
    peakBytes: Math.max(...of('peakBytes')),
    foreignShare: median(of('foreignShare')),
    rounds: [...clean, ...disturbed],
  };
}
