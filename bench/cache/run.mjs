#!/usr/bin/env node
// What a cached answer costs: `npm run bench:cache` builds and measures. The limit is node:http with bytes made before;
// CPU of the server for a request, as a ratio to that limit in the same round, so that a busy machine distorts both.
import { parseArgs } from 'node:util';
import { prepare } from '../harness/prepare.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '2' },
    'part-seconds': { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    profile: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(
    'npm run bench:cache -- [--rounds n] [--seconds n] [--part-seconds n] [--only memory-post,apollo-redis,hit-ratio,…]\nnpm run bench:cache -- --only memory-post --profile list   # where a server’s time goes\nRatios to node:http with prebuilt bytes: higher is better.\n',
  );
} else {
  const begin = performance.now();
  const say = (line) =>
    process.stderr.write(`${((performance.now() - begin) / 1000).toFixed(1).padStart(7)} s  ${line}\n`);
  await prepare(say);
  const { runCacheBench } = await import('./session.mjs');
  await runCacheBench({
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    partSeconds: Number(values['part-seconds']),
    only: values.only === '' ? null : values.only.split(','),
    profile: values.profile ?? null,
    say,
    show: (line) => process.stdout.write(`${line}\n`),
  });
}
