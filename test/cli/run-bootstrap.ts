import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeArguments?: readonly string[];
  readonly account?: { readonly uid: number; readonly gid: number };
}

/** Runs `node scripts/bootstrap.mjs …` in a copy of the project, to its end. */
export function runBootstrap(
  root: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [...(options.nodeArguments ?? []), join(root, 'scripts/bootstrap.mjs'), ...args],
      {
        cwd: root,
        env: { ...cleanEnvironment(), ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
        ...options.account,
      },
    );
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** As a shell has it: nothing of this test run, nor of the npm that may have started it. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_|SLUICE_|JEST_|NODE_|DATABASE_URL$|REDIS_URL$|PORT$)/.test(name),
    ),
  );
}
