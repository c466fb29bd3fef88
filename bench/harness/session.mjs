// What follows once everything is installed and built; loaded only then.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { checkAnswers } from './check-answers.mjs';
import { startDatabase } from './database.mjs';
import { describeMachine } from './machine.mjs';
import { measure } from './measure.mjs';
import { findObstacle } from './peers.mjs';
import { profileServer } from './profile.mjs';
import { createResult, formatReport, writeResult } from './report.mjs';
import { hasTaskset, interrupt } from './server-process.mjs';

const SERVER_CORE = 0;
const RESULTS = fileURLToPath(new URL('../results', import.meta.url));

/** Compares the servers, or profiles one, as the options say. PostgreSQL is ended in any case. */
export async function runSession({ options, peers, workloads, say, show }) {
  pinHarness(say);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupt);
  const database = await startDatabase(say);
  try {
    const context = { database, options, core: SERVER_CORE, say, show };
    if (options.profile === null) await compare({ ...context, peers, workloads });
    else await profileAll({ ...context, peers, workloads });
  } finally {
    await database.stop();
  }
}

async function compare({ peers, workloads, ...context }) {
  const { database, options, core, say, show } = context;
  const skipped = peers.map(findObstacle).filter((obstacle) => obstacle !== null);
  for (const obstacle of skipped) say(`SKIPPED: ${obstacle}`);
  const able = peers.filter((peer) => findObstacle(peer) === null);
  const findings = await checkAnswers({ ...context, peers: able, workloads });
  say('All answers are equal');
  const machine = describeMachine({ database, core, peers });
  const date = new Date().toISOString();
  const cells = await measure({ ...context, peers: able, workloads, findings });
  const result = createResult({ date, machine, options, workloads, peers: able, skipped, cells, findings });
  for (const line of formatReport(result)) show(line);
  show('');
  show(`Everything measured: ${writeResult(result, RESULTS)}`);
}

async function profileAll({ peers, workloads, ...context }) {
  const workload = workloads.find(({ name }) => name === context.options.profile);
  for (const peer of peers) await profileServer({ ...context, peer, workload });
}

/** The harness, and with it PostgreSQL, which it starts, leave the servers' core alone. */
function pinHarness(say) {
  const last = cpus().length - 1;
  if (!hasTaskset || last < 1) {
    say('NOT PINNED: a core of its own for the server needs taskset and two cores');
    return;
  }
  execFileSync('taskset', ['-acp', last === 1 ? '1' : `1-${last}`, String(process.pid)]);
}
