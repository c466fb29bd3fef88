import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '../../dist/embedded/free-port.js';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;
const KEPT_OUTPUT = 4_000;
/** Sluice writes a line for each request, as in production: to where that costs the harness nothing. */
const NO_OUTPUT = 'ignore';

const running = new Set();
let isInterrupted = false;

/** Ends every server, and lets none start any more: whoever waits for one is told, and clears up behind itself. */
export function interrupt() {
  isInterrupted = true;
  return Promise.all([...running].map((server) => server.stop()));
}

export const hasTaskset = spawnSync('taskset', ['--version']).status === 0;

/**
 * Starts a server, on a core of its own where that can be had. It runs until `stop`; between `pause` and `resume` it is
 * frozen, so that one measured server never shares its core with the timers of another.
 */
export async function startServer({
  peer,
  databaseUrl,
  core,
  nodeArguments = [],
  extra = [],
  showsOutput = false,
}) {
  if (isInterrupted) throw new Error('Interrupted.');
  const port = await findFreePort();
  const script = fileURLToPath(new URL(`../servers/${peer.file}`, import.meta.url));
  const command = [peer.runtime ?? process.execPath, ...nodeArguments, script, String(port), databaseUrl];
  if (peer.mode !== undefined) command.push(peer.mode);
  command.push(...extra);
  if (hasTaskset) command.unshift('taskset', '-c', String(core));
  const child = spawn(command[0], command.slice(1), {
    stdio: ['ignore', showsOutput ? 'pipe' : NO_OUTPUT, 'pipe', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => {
      output = (output + text).slice(-KEPT_OUTPUT);
    });
  }
  const ended = new Promise((resolve) => child.once('close', resolve));
  const server = {
    peer,
    port,
    pid: child.pid,
    output: () => output,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    },
  };
  running.add(server);
  child.once('close', () => running.delete(server));
  await new Promise((resolve, reject) => {
    const timer = setTimeout(() => fail(`is not ready after ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS);
    const fail = (what) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`${peer.title} ${what}.\n${output}`));
    };
    child.once('error', (error) => fail(`does not start: ${error.message}`));
    child.once('exit', (code, signal) => fail(`ended at its start (${signal ?? code})`));
    child.once('message', () => {
      clearTimeout(timer);
      child.removeAllListeners('exit');
      resolve();
    });
  });
  return server;
}

/** One request, its answer parsed. @throws Error where it has errors or is none */
export async function ask(server, body) {
  const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok || !text.startsWith('{"data":{')) {
    throw new Error(
      `${server.peer.title} answers ${response.status}: ${text.slice(0, 600)}\n${server.output()}`,
    );
  }
  return JSON.parse(text);
}
