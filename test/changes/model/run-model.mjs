#!/usr/bin/env node
// Runs the model of freshness:
//   node test/changes/model/run-model.mjs                    the protocol (2,000,000 steps), then every mutant
//   node test/changes/model/run-model.mjs ok 10000000 [seed] the protocol alone
//   node test/changes/model/run-model.mjs mutant [name] [steps]
import { MUTANTS, runModel, STILL_OK } from './freshness-model.mjs';

const [mode = 'all', first, second] = process.argv.slice(2);

function show(line) {
  process.stdout.write(`${line}\n`);
}

function runProtocol(steps, seed) {
  const begin = performance.now();
  const { total, checks, viol, seed: at, coverage } = runModel({ steps, seed });
  show(
    viol === undefined
      ? `No violation in ${total} steps, ${checks} checked reads, ${((performance.now() - begin) / 1000).toFixed(1)} s`
      : `VIOLATION after ${total} steps (seed ${at}): ${JSON.stringify(viol)}`,
  );
  show(JSON.stringify(coverage));
  if (viol !== undefined) process.exitCode = 1;
}

function runMutant(mutant, steps, isViolationWanted) {
  const { total, checks, eps, viol } = runModel({ mutant, steps });
  const isAsWanted = (viol !== undefined) === isViolationWanted;
  const found =
    viol === undefined
      ? `no violation in ${total} steps`
      : `violated after ${total} steps, ${checks} checked reads (episode ${eps}): ${viol.what}`;
  show(`${mutant.padEnd(42)} ${found}${isAsWanted ? '' : '  <-- not as wanted'}`);
  if (!isAsWanted) process.exitCode = 1;
}

if (mode === 'ok') runProtocol(Number(first ?? 2e6), Number(second ?? 1));
if (mode === 'all') runProtocol(2e6, 1);
if (mode === 'mutant' && first !== undefined) runMutant(first, Number(second ?? 2e7), true);
if (mode === 'all' || (mode === 'mutant' && first === undefined)) {
  show('Each of these drops a rule and must be violated:');
  for (const mutant of MUTANTS) runMutant(mutant, 2e7, true);
  show('These must hold:');
  for (const mutant of STILL_OK) runMutant(mutant, 3e6, false);
}
