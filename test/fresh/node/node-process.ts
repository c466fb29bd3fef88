import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileEngine, compileFolder, ROOT } from '../../embedded/compiled-engine.js';

/** What a gateway process is made of. */
export interface NodeBuild {
  start(options: NodeOptions): Promise<NodeProcess>;
  remove(): void;
}

export interface NodeOptions {
  readonly env: Readonly<Record<string, string>>;
  /** One of `SABOTAGES`. */
  readonly sabotage?: string;
}

/** A gateway in a process of its own, which may be treated badly. */
export interface NodeProcess {
  readonly url: string;
  freeze(): void;
  /** Goes on after `freeze`. */
  thaw(): void;
  /** Without a word; resolves when it is gone. */
  kill(): Promise<void>;
}

const FOLDERS = [
  ...['kernel', 'telemetry', 'model', 'changes', 'cache', 'identity', 'reads', 'limits', 'counters'],
  ...['jobs', 'binding', 'gateway', 'embedded', 'cli'],
];
const FRESH = join(ROOT, 'test/fresh');
const DOMAIN = join(ROOT, 'test/domain/generated');

/** Compiles what such processes run. */
export function buildNodes(): NodeBuild {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-fresh-'));
  compileEngine(folder, FOLDERS);
  for (const name of ['schema', 'graphiql']) symlinkSync(join(ROOT, name), join(folder, name));
  cpSync(join(ROOT, 'src/changes/sql'), join(folder, 'src/changes/sql'), { recursive: true });
  for (const name of ['node', 'world']) compileFolder(join(FRESH, name), join(folder, 'test/fresh', name));
  compileFolder(join(DOMAIN, 'prisma'), join(folder, 'test/domain/generated/prisma'));
  const file = join(folder, 'test/fresh/node/main.js');
  const args = [file, join(DOMAIN, 'model-graph.json'), join(FRESH, 'node/fresh.graphql')];
  return {
    start: ({ env, sabotage = '' }) => startNode([...args, sabotage], env, folder),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function startNode(
  args: readonly string[],
  env: NodeOptions['env'],
  directory: string,
): Promise<NodeProcess> {
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: directory,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const early = ended.then(() => {
    throw new Error('A node ended before it listened');
  });
  const [url] = (await Promise.race([once(child, 'message'), early])) as [string];
  early.catch(() => undefined);
  return {
    url,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
