import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '../../src/embedded/free-port.js';
import { findAccount } from '../../src/embedded/postgres-account.js';
import { findPostgresBinaries } from '../../src/embedded/postgres-binaries.js';
import { startServerProcess } from '../../src/embedded/server-process.js';

/** A PostgreSQL that a test may stop and start, as it may not the one that all tests share. */
export interface OwnPostgres {
  readonly url: string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and deletes its data. */
  remove(): Promise<void>;
}

/** Not yet started. */
export async function createOwnPostgres(): Promise<OwnPostgres> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-postgres-'));
  const account = findAccount(directory) ?? undefined;
  if (account !== undefined) chownSync(directory, account.uid, account.gid);
  const { initdb, postgres } = findPostgresBinaries(account ?? null);
  const data = join(directory, 'data');
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync'];
  execFileSync(initdb, [`--pgdata=${data}`, ...options], { ...account, cwd: directory, stdio: 'ignore' });
  const port = await findFreePort();
  let stop = async (): Promise<void> => {};
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    start: async () => {
      const server = await startServerProcess({
        file: postgres,
        args: ['-D', data, '-p', String(port), '-c', 'unix_socket_directories=', '-c', 'fsync=off'],
        workingDirectory: directory,
        account,
        readyText: 'ready to accept connections',
        stopSignal: 'SIGINT',
        startTimeoutMs: 20_000,
        stopTimeoutMs: 10_000,
      });
      stop = server.stop;
    },
    stop: () => stop(),
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true });
    },
  };
}
