import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { SluiceError } from '../kernel/sluice-error.js';
import { findSystemCode } from '../kernel/system-code.js';
import { createPassword, readConnection, writeConnection } from './connection-file.js';
import { takeFolderLock } from './folder-lock.js';
import { findFreePort } from './free-port.js';
import { stopOrphan } from './orphan.js';
import { ServerStartError, startServerProcess } from './server-process.js';

export interface EmbeddedRedisOptions {
  /** Where its data lives, such as `.sluice/redis`; made where it is missing. */
  readonly directory: string;
  /** Folders to look for `redis-server` in, as `PATH` lists them. */
  readonly path: string;
}

/** A Redis that lives as long as this process. */
export interface EmbeddedRedis {
  readonly url: string;
  readonly port: number;
  /** Such as `7.0.15`. */
  readonly version: string;
  /** Resolves with its last words when it is gone, for whatever reason. */
  readonly ended: Promise<string>;
  /** Ends it in order, data saved. */
  stop(): Promise<void>;
}

const PROGRAM = 'redis-server';
const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 10_000;
const PORT_ATTEMPTS = 5;

/**
 * Starts the `redis-server` that is on the path, on a port and with data of this folder's own; null where there
 * is none. The caller stops it.
 *
 * @throws SluiceError `ALREADY_RUNNING` where another process runs it, `SERVICE_MISSING` where it does not start
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<EmbeddedRedis | null> {
  const file = findProgram(options.path);
  if (file === null) return null;
  const directory = resolve(options.directory);
  const lock = takeFolderLock(`${directory}.lock`, 'Redis');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const connections = connectionFile(directory);
    const kept = readConnection(connections);
    if (kept !== null) await clearLeftovers(directory, kept.port);
    const password = kept?.password ?? createPassword();
    let preferred = kept?.port ?? null;
    for (let attempt = 1; ; attempt++) {
      const port = await findFreePort(preferred);
      writeConnection(connections, { port, password });
      try {
        const started = await startOnPort({ file, directory, port, password });
        return { ...started, stop: () => started.stop().finally(() => lock.release()) };
      } catch (error) {
        if (!(error instanceof ServerStartError)) throw error;
        if (/Address already in use/i.test(error.output) && attempt < PORT_ATTEMPTS) preferred = null;
        else throw startFault(error);
      }
    }
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The URL of the Redis that another process runs in this folder; null where none ever did. */
export function findRunningRedis(directory: string): string | null {
  const connection = readConnection(connectionFile(resolve(directory)));
  return connection === null ? null : urlOf(connection.port, connection.password);
}

interface RedisCommand {
  readonly file: string;
  readonly directory: string;
  readonly port: number;
  readonly password: string;
}

async function startOnPort({ file, directory, port, password }: RedisCommand): Promise<EmbeddedRedis> {
  const server = await startServerProcess({
    file,
    args: ['-'],
    workingDirectory: directory,
    // The configuration goes in by standard input: arguments show in every list of processes.
    input: [
      'bind 127.0.0.1',
      `port ${port}`,
      `requirepass ${password}`,
      `dir ${JSON.stringify(directory)}`,
      `pidfile ${JSON.stringify(join(directory, 'redis.pid'))}`,
      'daemonize no',
      'save 60 1',
      'appendonly no',
      // State, not a cache: nothing may go unasked.
      'maxmemory-policy noeviction',
      '',
    ].join('\n'),
    readyText: 'Ready to accept connections',
    stopSignal: 'SIGTERM',
    startTimeoutMs: START_TIMEOUT_MS,
    stopTimeoutMs: STOP_TIMEOUT_MS,
  });
  return {
    url: urlOf(port, password),
    port,
    version: /Redis version=([\d.]+)/.exec(server.startOutput)?.[1] ?? 'of unknown version',
    ended: server.ended,
    stop: () => server.stop(),
  };
}

function connectionFile(directory: string): string {
  return `${directory}.json`;
}

function urlOf(port: number, password: string): string {
  return `redis://:${password}@127.0.0.1:${port}`;
}

async function clearLeftovers(directory: string, port: number): Promise<void> {
  const file = join(directory, 'redis.pid');
  if (!existsSync(file)) return;
  await stopOrphan({
    pid: Number.parseInt(readFileSync(file, 'utf8'), 10),
    // Redis shows its address in the place of its arguments.
    isOurs: (command) => command.includes(PROGRAM) && command.includes(`:${port}`),
    stopSignal: 'SIGTERM',
  });
}

function findProgram(path: string): string | null {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, PROGRAM);
    if (folder !== '' && existsSync(file) && isExecutable(file)) return file;
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (findSystemCode(error) === 'EACCES') return false;
    throw error;
  }
}

function startFault(error: ServerStartError): SluiceError {
  if (/No space left on device/i.test(error.output)) {
    return new SluiceError('DISK_FULL', 'The disk is full: Redis can not write its data', {
      hint: 'Free some space and start again.',
      cause: error,
    });
  }
  return new SluiceError(
    'SERVICE_MISSING',
    `The redis-server of this machine does not start: ${error.message}`,
    {
      hint: 'Mend it, or set REDIS_URL to a Redis of your own.',
      cause: error,
    },
  );
}
