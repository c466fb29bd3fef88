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
  const parent = fileURLToPath(new URL('.sluice/bench/profiles', ROOT));
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(`${parent}/${peer.id}-${workload.name}-`);
  const server = await startServer({
    peer,
    databaseUrl: database.url,
    core,
    nodeArguments: ['--cpu-prof', `--cpu-prof-dir=${directory}`, `--cpu-prof-interval=${SAMPLING_MICROS}`],
  });
  let window;
  let requests;
  try {
    const query = peer.queries?.[workload.name] ?? workload.query;
    const cursors = workload.needsCursors ? await walkToCursors((body) => ask(server, body), query) : [];
    const nextBody = createBodies({ workload, query, facts: database.facts, cursors });
    const drive = (seconds) =>
      load({
        port: server.port,
        path: '/graphql',
        connections: options.connections,
        durationMs: seconds * 1000,
        nextBody,
      });
    say(`Warming up ${peer.title}`);
    await drive(options.warmupSeconds);
    say(`Profiling ${workload.name}`);
    const from = readClockMicros();
    ({ requests } = await drive(Math.max(options.seconds, 3)));
    window = { from, to: readClockMicros() };
  } finally {
    await server.stop();
  }
  const [file] = readdirSync(directory).filter((name) => name.endsWith('.cpuprofile'));
  if (file === undefined) throw new Error(`${peer.title} left no profile in ${directory}.`);
  const profile = JSON.parse(readFileSync(`${directory}/${file}`, 'utf8'));
  const summary = summariseProfile(profile, { ...window, rootUrl: ROOT.href });
  const toRow = ({ name, micros, share }) => [
    name,
    `${(100 * share).toFixed(1)} %`,
    (micros / requests).toFixed(2),
  ];
  const heads = (first) => [first, 'share', 'µs per request'];
  show('');
  show(`${peer.title}, ${workload.name}: ${requests} requests, profiler running`);
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
