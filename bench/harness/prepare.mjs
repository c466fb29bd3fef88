import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BENCH = fileURLToPath(new URL('..', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const INSTALLED = new URL('../node_modules/.bench-lock', import.meta.url);

/** Installs and builds what is missing or out of date: the project first, then the peers where there are any. */
export async function prepare(say, { hasPeers = true } = {}) {
  say('Building Sluice');
  // The way every other command gets there: it installs, generates and builds only what changed.
  await run(process.execPath, ['scripts/bootstrap.mjs', 'cli', '--version'], ROOT);
  if (!hasPeers) return;
  const lock = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === lock) return;
  say('Installing the other servers: npm ci in bench/');
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], BENCH);
  writeFileSync(INSTALLED, lock);
}

function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(' ')} failed:\n${output.trim()}`));
    });
  });
}
