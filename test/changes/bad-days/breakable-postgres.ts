import { execFileSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../../src/embedded/free-port.js';
import { findAccount } from '../../../src/embedded/postgres-account.js';
import { findPostgresBinaries } from '../../../src/embedded/postgres-binaries.js';
import { type ServerProcess, startServerProcess } from '../../../src/embedded/server-process.js';

/** A PostgreSQL of a test's own, which may be treated badly. */
export interface BreakablePostgres {
  readonly url: string;
  start(): Promise<void>;
  /** In order: connections are cut, data written. */
  stop(): Promise<void>;
  /** As after a power cut, save that the kernel keeps what it was given. */
  crash(): Promise<void>;
  /** Stopped before: starts as a replica of nobody, which can be promoted. */
  startAsReplica(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

const SETTINGS = {
  unix_socket_directories: '',
  fsync: 'off',
  full_page_writes: 'off',
  max_connections: '100',
  // What was committed asynchronously stays in memory for as long as it may.
  wal_writer_delay: '10s',
  wal_writer_flush_after: '1GB',
  lc_messages: 'C',
};

/** Made, and not started. */
export async function createBreakablePostgres(): Promise<BreakablePostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-bad-days-'));
  const account = findAccount(directory) ?? undefined;
  if (account !== undefined) chownSync(directory, account.uid, account.gid);
  const { initdb, postgres } = findPostgresBinaries(account ?? null);
  const data = join(directory, 'data');
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', ...locale, '--no-sync'];
  execFileSync(initdb, [`--pgdata=${data}`, ...options], { ...account, cwd: directory, stdio: 'ignore' });
  const port = await findFreePort();
  let server: ServerProcess | null = null;
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const start = async (): Promise<void> => {
    server = await startServerProcess({
      file: postgres,
      args: ['-D', data, '-p', String(port), ...settings],
      workingDirectory: directory,
      account,
      readyText: 'ready to accept',
      stopSignal: 'SIGINT',
      startTimeoutMs: 30_000,
      stopTimeoutMs: 10_000,
    });
  };
  const stop = async (): Promise<void> => {
    await server?.stop();
    server = null;
  };
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop,
    crash: async () => {
      if (server === null) return;
      process.kill(server.pid, 'SIGQUIT');
      await server.ended;
      server = null;
    },
    startAsReplica: async () => {
      const signal = join(data, 'standby.signal');
      writeFileSync(signal, '');
      if (account !== undefined) chownSync(signal, account.uid, account.gid);
      await start();
    },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
