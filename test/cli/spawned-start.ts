import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanEnvironment, type Outcome } from './run-bootstrap.js';

export interface SpawnedStart {
  /** The server's address, once the banner is out. */
  readonly url: string;
  readonly outputs: { stdout: string; stderr: string };
  /** As the terminal's Ctrl-C: to every process in the foreground. */
  pressCtrlC(): void;
  /** The process that serves, at once and without a word. */
  killHard(): void;
  readonly ended: Promise<Outcome>;
}

const BANNER_END = 'Ctrl-C stops everything';

/**
 * `npm start`, or another script that serves, in a folder, as a shell runs it, up to its banner. It listens on any
 * free port unless told otherwise.
 */
export async function spawnStart(
  root: string,
  env: Readonly<Record<string, string>> = {},
  script = 'start',
): Promise<SpawnedStart> {
  const child = spawn('npm', ['run', script], {
    cwd: root,
    env: { ...cleanEnvironment(), PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which Ctrl-C goes to.
    detached: true,
  });
  const outputs = { stdout: '', stderr: '' };
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...outputs }) as Outcome);
  await new Promise<void>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      outputs.stdout += chunk;
      if (outputs.stdout.includes(BANNER_END)) resolve();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      outputs.stderr += chunk;
    });
    void ended.then(() => resolve());
  });
  const url = /API +(http\S+)\/graphql/.exec(outputs.stdout)?.[1];
  if (url === undefined)
    throw new Error(`npm run ${script} came to nothing:\n${outputs.stdout}\n${outputs.stderr}`);
  return {
    url,
    outputs,
    ended,
    pressCtrlC: () => signalGroup(child, 'SIGINT'),
    killHard: () => signalGroup(child, 'SIGKILL'),
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid !== undefined) process.kill(-child.pid, signal);
}
