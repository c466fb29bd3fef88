import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { compileEngine } from '../../embedded/compiled-engine.js';

/** A process that drains once, up to where its lock is held and its record is in the log, but not its commit. */
export interface Drainer {
  /** It holds the lock, and has appended. */
  readonly appended: Promise<void>;
  freeze(): void;
  /** Goes on after `freeze`. */
  thaw(): void;
  /** Without a word. */
  kill(): Promise<void>;
}

export interface DrainerEngine {
  start(options: { readonly databaseUrl: string; readonly redisUrl: string }): Drainer;
  remove(): void;
}

// It waits between append and commit for something that never comes.
const SCRIPT = `
import { Redis } from 'ioredis';
import { drain } from './src/changes/drain/drain.js';
import { DrainConnection } from './src/changes/drain/drain-connection.js';
import { RedisChangeLog } from './src/changes/log/redis-change-log.js';

class Hesitating extends RedisChangeLog {
  async append(entry, connection) {
    await super.append(entry, connection);
    console.log('appended');
    return new Promise(() => setInterval(() => undefined, 1_000));
  }
}

const [databaseUrl, redisUrl] = process.argv.slice(2);
const redis = new Redis(redisUrl);
await new Promise((resolve) => redis.once('ready', resolve));
await new DrainConnection({ url: databaseUrl }).use(async (session) => {
  const log = new Hesitating({ redis, place: session.place });
  await drain({ log, session, time: await log.readTime(), isPeekFirst: false, onSnapshot: () => undefined });
});
`;

/** Compiles what such a process needs. */
export function compileDrainer(): DrainerEngine {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-drainer-'));
  compileEngine(folder, ['kernel', 'model', 'changes']);
  const file = join(folder, 'drainer.mjs');
  writeFileSync(file, SCRIPT);
  return {
    start: ({ databaseUrl, redisUrl }) => startDrainer(file, [databaseUrl, redisUrl]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function startDrainer(file: string, args: readonly string[]): Drainer {
  const child: ChildProcess = spawn(process.execPath, [file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const appended = new Promise<void>((resolve, reject) => {
    if (child.stdout === null) throw new Error('no output');
    createInterface(child.stdout).on('line', (line) => {
      if (line === 'appended') resolve();
    });
    child.once('exit', () => reject(new Error('The drainer ended before it had appended')));
  });
  // Whoever doesn't wait for it isn't to be ended by it.
  appended.catch(() => undefined);
  return {
    appended,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
