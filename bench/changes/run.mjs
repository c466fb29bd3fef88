#!/usr/bin/env node
// What it costs that every change is known, beside what it may cost: `npm run bench:changes` builds and measures all,
// with names only those. capture: single, bulk, cascade. drain: settle, seen, idle, memory, start. By itself, since it
// takes an hour: bloat.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SCRIPTS = {
  'capture.mjs': ['single', 'bulk', 'cascade'],
  'drain.mjs': ['settle', 'seen', 'idle', 'memory', 'start'],
};

const wanted = process.argv.slice(2);
run('scripts/bootstrap.mjs', ['cli', '--version']);
if (wanted[0] === 'bloat') run('bench/changes/bloat.mjs', wanted.slice(1));
else runNamed();

function runNamed() {
  for (const [script, names] of Object.entries(SCRIPTS)) {
    const chosen = wanted.filter((name) => names.includes(name) || name.startsWith('--'));
    if (wanted.some((name) => !name.startsWith('--')) && !chosen.some((name) => names.includes(name)))
      continue;
    run(`bench/changes/${script}`, chosen);
  }
}

function run(script, args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
