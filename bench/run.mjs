#!/usr/bin/env node
// `npm run bench`: compares Sluice with its peers. docs/benchmark.md tells how to read what it prints.
import { HELP, parseOptions } from './harness/options.mjs';
import { PEERS } from './harness/peers.mjs';
import { prepare } from './harness/prepare.mjs';
import { WORKLOADS } from './shop/workloads.mjs';

const begin = performance.now();
/** Progress goes to stderr, results to stdout. */
const say = (line) => {
  process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(1).padStart(7)} s  ${line}\n`);
};
const show = (line) => {
  process.stdout.write(`${line}\n`);
};

async function main() {
  const options = parseOptions(process.argv.slice(2), {
    servers: PEERS.map(({ id }) => id),
    workloads: WORKLOADS.map(({ name }) => name),
  });
  if (options.isHelp) return show(HELP);
  if (options.isList) {
    for (const { id, title } of PEERS) show(`${id.padEnd(20)} ${title}`);
    for (const { name, title } of WORKLOADS) show(`${name.padEnd(20)} ${title}`);
    return;
  }
  if (process.platform !== 'linux') {
    throw new Error('The benchmark reads CPU time and memory from /proc, which only Linux has.');
  }
  if (!options.isPrepared) await prepare(say);
  const { runSession } = await import('./harness/session.mjs');
  const isProfileOfAll =
    options.profile !== null && !process.argv.some((argument) => argument.startsWith('--only'));
  await runSession({
    options,
    peers: PEERS.filter(({ id }) => (isProfileOfAll ? id === 'sluice' : options.servers.includes(id))),
    workloads:
      options.profile === null ? WORKLOADS.filter(({ name }) => options.workloads.includes(name)) : WORKLOADS,
    say,
    show,
  });
}

try {
  await main();
} catch (error) {
  process.stderr.write(`\n${error.message}\n`);
  process.exitCode = 1;
}
