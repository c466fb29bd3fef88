import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SluiceError } from '../kernel/sluice-error.js';
import { findSystemCode } from '../kernel/system-code.js';
import { findBirth } from './process-table.js';

export interface FolderLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** Tells the process from a later one of the same id. */
  readonly birth: string;
}

/**
 * Makes this process the only one that runs a server in a folder. What a dead process left is taken over.
 *
 * @throws SluiceError `ALREADY_RUNNING`
 */
export function takeFolderLock(file: string, server: string): FolderLock {
  mkdirSync(dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, birth: findBirth(process.pid) ?? '' });
  // Linked from a whole file: nobody ever reads half a lock.
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, mine);
  try {
    while (!tryLink(whole, file)) {
      const text = readText(file);
      const holder = text === null ? null : parseHolder(text);
      if (holder !== null && isAlive(holder)) throw alreadyRunning(holder.pid, server);
      if (text !== null) removeStale(file, text);
    }
  } finally {
    rmSync(whole, { force: true });
  }
  return {
    release() {
      if (readText(file) === mine) rmSync(file, { force: true });
    },
  };
}

function alreadyRunning(pid: number, server: string): SluiceError {
  const isSelf = pid === process.pid;
  return new SluiceError(
    'ALREADY_RUNNING',
    `Sluice is already running in this folder (process ${pid}${isSelf ? ', this one' : ''}) and uses its ${server}`,
    { hint: `Use that one, or stop it first: Ctrl-C in its terminal, or kill ${pid}` },
  );
}

function isAlive(holder: Holder): boolean {
  const birth = findBirth(holder.pid);
  return birth !== null && birth === holder.birth;
}

function removeStale(file: string, expected: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (findSystemCode(error) === 'ENOENT') return;
    throw error;
  }
  // Another process may have taken the lock between our look and our move: then it gets it back.
  if (readText(aside) !== expected) tryLink(aside, file);
  rmSync(aside, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (findSystemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (findSystemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function parseHolder(text: string): Holder | null {
  try {
    const { pid, birth } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' && typeof birth === 'string' ? { pid, birth } : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
