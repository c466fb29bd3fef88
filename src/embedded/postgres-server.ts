import { spawn } from 'node:child_process';
import {
  chownSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { SluiceError } from '../kernel/sluice-error.js';
import { createPassword, readConnection, writeConnection } from './connection-file.js';
import { type FolderLock, takeFolderLock } from './folder-lock.js';
import { findFreePort } from './free-port.js';
import { stopOrphan } from './orphan.js';
import { type Account, findAccount, makeHome } from './postgres-account.js';
import { findPostgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import { ServerStartError, startServerProcess } from './server-process.js';

export interface EmbeddedPostgresOptions {
  /** Where its data lives, such as `.sluice/postgres`; made where it is missing. */
  readonly directory: string;
  /** Called with a sentence before what takes seconds. */
  readonly onProgress?: (message: string) => void;
}

/** A PostgreSQL that lives as long as this process. */
export interface EmbeddedPostgres {
  /** Of its administrator, for the database `postgres`. */
  readonly adminUrl: string;
  readonly port: number;
  /** Such as `18.4`. */
  readonly version: string;
  /** Whether it has lately failed to write for want of space: it takes connections down with it then. */
  isOutOfSpace(): boolean;
  /** Resolves with its last words when it is gone, for whatever reason. */
  readonly ended: Promise<string>;
  /** Ends it in order, data safe. A second call waits for the same end. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const PORT_ATTEMPTS = 5;
// The second is its hint where the system has written less than it should.
const OUT_OF_SPACE = /No space left on device|Check free disk space/i;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  // Queries of an API are short; compiling them costs more than it saves.
  jit: 'off',
  // Data lie on an SSD or in memory: at the default, made for spinning disks, small tables are read whole for each row.
  random_page_cost: '1.1',
};

/**
 * Starts the PostgreSQL of a folder, making its data where there are none. Leftovers of a process that died
 * hard are cleared first. The caller stops it.
 *
 * @throws SluiceError `ALREADY_RUNNING` where another process runs it, `DISK_FULL`, `SERVICE_MISSING`,
 *   `DATABASE_UNREACHABLE` with PostgreSQL's own words where it does not start
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(options.directory);
  const lock = takeFolderLock(`${directory}.lock`, 'PostgreSQL');
  try {
    const account = findAccount(join(directory, 'data'));
    const binaries = findPostgresBinaries(account);
    makeHome(directory, account);
    // The directory may be a link out of a folder that the account can't enter.
    const home = realpathSync(directory);
    const data = join(home, 'data');
    const hasData = existsSync(join(data, 'PG_VERSION'));
    const password = hasData ? readPassword(directory) : createPassword();
    if (hasData) await clearLeftovers(data);
    else {
      options.onProgress?.('Creating the PostgreSQL data directory');
      await createData({ directory, home, data, account, binaries, password });
    }
    return await startOnFreePort({ directory, home, data, account, binaries, password, lock });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The administrator's URL of the PostgreSQL that another process runs in this folder. */
export function findRunningPostgres(directory: string): string {
  const connection = readConnection(connectionFile(resolve(directory)));
  if (connection === null) throw lostPassword(directory);
  return urlOf(connection.port, connection.password);
}

interface Cluster {
  readonly directory: string;
  /** Where the directory really is. */
  readonly home: string;
  readonly data: string;
  readonly account: Account | null;
  readonly binaries: PostgresBinaries;
  readonly password: string;
}

function readPassword(directory: string): string {
  const connection = readConnection(connectionFile(directory));
  if (connection === null) throw lostPassword(directory);
  return connection.password;
}

function lostPassword(directory: string): SluiceError {
  return new SluiceError(
    'DATABASE_UNREACHABLE',
    `${connectionFile(directory)}, which held the password of the embedded PostgreSQL, is gone or damaged`,
    { hint: `Put it back, or start over with empty data: rm -rf ${directory}` },
  );
}

/** Under another name first, so that what a cut-off attempt leaves is never taken for data. */
async function createData({ directory, home, data, account, binaries, password }: Cluster): Promise<void> {
  const unfinished = `${data}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(home, 'initdb-password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (account !== null) chownSync(passwordFile, account.uid, account.gid);
  // Kept before the data are made: data without their password would be of no use to anybody.
  writeConnection(connectionFile(directory), { port: 0, password });
  try {
    const { code, output } = await runToEnd(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        '--username=sluice',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
      ],
      { cwd: home, ...account },
    );
    if (code !== 0) throw startFault(output, null);
    renameSync(unfinished, data);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function runToEnd(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly uid?: number; readonly gid?: number },
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const read = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}

/** The folder is ours alone, so whoever still uses the data was left behind by a process that died hard. */
async function clearLeftovers(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number.parseInt(readIfThere(file).split('\n')[0] ?? '', 10);
  const wasOurs = await stopOrphan({
    pid,
    isOurs: (command) => command.includes('postgres') && command.includes(data),
    stopSignal: 'SIGINT',
  });
  // PostgreSQL would take any process of that id, which in containers comes round soon, for its predecessor.
  if (!wasOurs) rmSync(file, { force: true });
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

async function startOnFreePort(cluster: Cluster & { readonly lock: FolderLock }): Promise<EmbeddedPostgres> {
  const { directory, home, data, account, binaries, password, lock } = cluster;
  let preferred = readConnection(connectionFile(directory))?.port || null;
  for (let attempt = 1; ; attempt++) {
    const port = await findFreePort(preferred);
    writeConnection(connectionFile(directory), { port, password });
    try {
      const server = await startServerProcess({
        file: binaries.postgres,
        args: ['-D', data, '-p', String(port), ...settingArguments()],
        workingDirectory: home,
        account: account ?? undefined,
        readyText: 'database system is ready to accept connections',
        // A fast shutdown: connections are cut, data written.
        stopSignal: 'SIGINT',
        startTimeoutMs: START_TIMEOUT_MS,
        stopTimeoutMs: STOP_TIMEOUT_MS,
      });
      return {
        adminUrl: urlOf(port, password),
        port,
        version: binaries.version,
        isOutOfSpace: () => OUT_OF_SPACE.test(server.readRecentOutput()),
        ended: server.ended,
        stop: () => server.stop().finally(() => lock.release()),
      };
    } catch (error) {
      if (!(error instanceof ServerStartError)) throw error;
      // Somebody took the port in between.
      if (/Address already in use/i.test(error.output) && attempt < PORT_ATTEMPTS) preferred = null;
      else throw startFault(error.output, error);
    }
  }
}

function settingArguments(): string[] {
  return Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function startFault(output: string, cause: unknown): SluiceError {
  if (OUT_OF_SPACE.test(output)) {
    return new SluiceError('DISK_FULL', 'The disk is full: PostgreSQL can not write its data', {
      hint: 'Free some space and start again; nothing is lost.',
      cause,
    });
  }
  const lines = output.trim().split('\n');
  const telling = lines.find((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? '';
  const reason = telling.replace(/^.*?(FATAL|PANIC|error):\s*/, '') || 'it says nothing';
  return new SluiceError('DATABASE_UNREACHABLE', `The embedded PostgreSQL does not start: ${reason}`, {
    hint: 'SLUICE_LOG_LEVEL=debug shows all that it said; with DATABASE_URL another PostgreSQL is used.',
    cause,
  });
}

function connectionFile(directory: string): string {
  return `${directory}.json`;
}

function urlOf(port: number, password: string): string {
  return `postgresql://sluice:${password}@127.0.0.1:${port}/postgres`;
}
