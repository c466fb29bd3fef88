import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/** Where root's PostgreSQL keeps what its account must be able to reach. */
export const SYSTEM_HOME = '/var/lib/sluice';

const ACCOUNTS = ['postgres', 'nobody'];

/**
 * PostgreSQL refuses to run as root. The account it runs as instead: the owner of the data that is there, else
 * `postgres`, else `nobody`. Null for everyone who isn't root.
 */
export function findAccount(dataDirectory: string): Account | null {
  if (process.getuid?.() !== 0) return null;
  if (existsSync(dataDirectory)) {
    const { uid, gid } = statSync(dataDirectory);
    if (uid !== 0) return { uid, gid };
  }
  for (const name of ACCOUNTS) {
    const uid = ask(['-u', name]);
    const gid = ask(['-g', name]);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  return null;
}

function ask(args: readonly string[]): number | null {
  const { status, stdout } = spawnSync('id', args, { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

/**
 * Makes the directory that the server's account may write in. Where that account can't get there (a clone in
 * /root), the directory becomes a link to one below /var/lib.
 */
export function makeHome(directory: string, account: Account | null): void {
  if (!existsSync(directory)) {
    mkdirSync(dirname(directory), { recursive: true });
    if (account !== null && !canEnter(dirname(directory), account)) {
      mkdirSync(SYSTEM_HOME, { recursive: true, mode: 0o755 });
      const project = basename(resolve(directory, '../..')).replaceAll(/[^A-Za-z0-9._-]/g, '_');
      symlinkSync(mkdtempSync(join(SYSTEM_HOME, `${project}-`)), directory);
    } else {
      mkdirSync(directory, { mode: 0o700 });
    }
  }
  if (account !== null) chownSync(directory, account.uid, account.gid);
}

function canEnter(directory: string, account: Account): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', directory], { cwd: '/', ...account });
  return status === 0;
}
