import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../src/embedded/free-port.js';
import { findAccount } from '../../src/embedded/postgres-account.js';
import { startServerProcess } from '../../src/embedded/server-process.js';

/** A PgBouncer in transaction mode before this run's PostgreSQL. */
export interface PgBouncer {
  /** The same database by way of PgBouncer; what is on another server is left as it is. */
  toUrl(databaseUrl: string): string;
  stop(): Promise<void>;
}

const PROGRAMS = ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'].map((folder) =>
  join(folder, 'pgbouncer'),
);

export async function startPgBouncer(): Promise<PgBouncer> {
  const program = PROGRAMS.find(existsSync);
  if (program === undefined) {
    throw new Error(
      'This test needs PgBouncer: apt-get install -y pgbouncer (Debian), brew install pgbouncer (macOS).',
    );
  }
  const server = new URL(process.env.TEST_DATABASE_ADMIN_URL ?? '');
  const directory = await mkdtemp(join(tmpdir(), 'sluice-pgbouncer-'));
  // It refuses to run as root, and whoever it runs as must be able to read this.
  await chmod(directory, 0o755);
  const port = await findFreePort();
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(file, configure({ server, port }));
  const bouncer = await startServerProcess({
    file: program,
    args: [file],
    workingDirectory: directory,
    account: findAccount(directory) ?? undefined,
    readyText: 'process up',
    stopSignal: 'SIGKILL',
    startTimeoutMs: 20_000,
    stopTimeoutMs: 5_000,
  });
  return {
    toUrl: (databaseUrl) => {
      const url = new URL(databaseUrl);
      if (url.port === server.port) url.port = String(port);
      return url.href;
    },
    stop: async () => {
      await bouncer.stop();
      await rm(directory, { recursive: true });
    },
  };
}

/** Fewer connections to the server than the reader has to PgBouncer, so that they do change hands. */
function configure({ server, port }: { readonly server: URL; readonly port: number }): string {
  return [
    '[databases]',
    `* = host=${server.hostname} port=${server.port} user=${server.username}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 2',
    // Seconds that a query waits for a server that can't be had, as when its database is gone.
    'query_wait_timeout = 1',
    // Seconds that a connection stays which nobody uses: a database is dropped once nobody is connected.
    'server_idle_timeout = 0.1',
    '',
  ].join('\n');
}
