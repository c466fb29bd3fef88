#!/usr/bin/env node
// What work in the background costs those who ask meanwhile, and what it gains: `npm run bench:jobs` builds and measures.
import { parseArgs } from 'node:util';
import { prepare } from '../harness/prepare.mjs';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '15' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(
    'npm run bench:jobs -- [--seconds n] [--only beside,equal,throughput,memory,subscriber,rollup]\n',
  );
} else {
  const begin = performance.now();
  const say = (line) =>
    process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(1).padStart(7)} s  ${line}\n`);
  await prepare(say, { hasPeers: false });
  const { runJobsBench } = await import('./session.mjs');
  await runJobsBench({
    seconds: Number(values.seconds),
    only: values.only === '' ? null : values.only.split(','),
    say,
    show: (line) => process.stdout.write(`${line}\n`),
  });
}
