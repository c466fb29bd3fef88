import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createBodies, walkToCursors } from '../shop/workloads.mjs';
import { summariseProfile } from './cpu-profile.mjs';
import { load } from './load.mjs';
import { ask, startServer } from './server-process.mjs';
import { formatTable } from './table.mjs';

const ROOT = new URL('../../', import.meta.url);
const SHOWN_FUNCTIONS = 40;
const SHOWN_PARTS = 15;
const SAMPLING_MICROS = 200;

/** Runs a server under load with V8's profiler and names the functions in which its time went. */
export async function profileServer({ peer, workload, database, options, core, say, show }) {
  await profileLoad({
    title: peer.title,
    name: `${peer.id}-${workload.name}`,
    ...{ say, show },
    start: (nodeArguments) => startServer({ peer, databaseUrl: database.url, core, nodeArguments }),
    async drive(server) {
      const query = peer.queries?.[workload.name] ?? workload.query;
      const cursors = workload.needsCursors ? await walkToCursors((body) => ask(server, body), query) : [];
      const nextBody = createBodies({ workload, query, facts: database.facts, cursors });
      return (seconds) =>
        load({
          port: server.port,
          path: '/graphql',
          connections: options.connections,
          durationMs: seconds * 1000,
          nextBody,
        });
    },
    warmupSeconds: options.warmupSeconds,
    seconds: Math.max(options.seconds, 3),
  });
}

/**
 * The same for a server that `start` starts with some more arguments for Node.js, and that `drive` tells how to load for so
 * many seconds.
 */
export async function profileLoad({ title, name, start, drive, warmupSeconds, seconds, say, show }) {
  const parent = fileURLToPath(new URL('.sluice/bench/profiles', ROOT));
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(`${parent}/${name}-`);
  const server = await start([
    ...['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-interval=${SAMPLING_MICROS}`],
  ]);
  let window;
  let requests;
  try {
    const driveFor = await drive(server);
    say(`Warming up ${title}`);
    await driveFor(warmupSeconds);
    say(`Profiling ${name}`);
    const from = readClockMicros();
    ({ requests } = await driveFor(seconds));
    window = { from, to: readClockMicros() };
  } finally {
    await server.stop();
  }
  const [file] = readdirSync(directory).filter((entry) => entry.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error(`${title} left no profile in ${directory}.`);
  const profile = JSON.parse(readFileSync(`${directory}/${file}`, 'utf8'));
  const summary = summariseProfile(profile, { ...window, rootUrl: ROOT.href });
  const toRow = ({ name: part, micros, share }) => [
    part,
    `${(100 * share).toFixed(1)} %`,
    (micros / requests).toFixed(2),
  ];
  const heads = (first) => [first, 'share', 'µs per request'];
  show('');
  show(`${title}, ${name}: ${requests} requests, profiler running`);
  show('');
  for (const line of formatTable(heads('part'), summary.parts.slice(0, SHOWN_PARTS).map(toRow))) show(line);
  show('');
  for (const line of formatTable(
    heads('function (itself)'),
    summary.functions.slice(0, SHOWN_FUNCTIONS).map(toRow),
  )) {
    show(line);
  }
  show('');
  show(`The whole profile, for a browser's developer tools: ${directory}/${file}`);
}

function readClockMicros() {
  return Number(process.hrtime.bigint() / 1000n);
}
