import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findSystemCode } from '../kernel/system-code.js';

/**
 * When a process began, as a text that no other process of the same id shares, also after a restart of the
 * machine or container; null where there is none.
 */
export function findBirth(pid: number): string | null {
  if (!existsSync('/proc/self/stat')) return askPs(pid, 'lstart');
  const stat = readProcess(pid, 'stat');
  if (stat === null) return null;
  // The second field is the program's name in parentheses, which may hold anything; the 22nd is the start.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return null;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[18]}`;
}

/** A process's program and arguments, or null where there is none. */
export function findCommand(pid: number): string | null {
  if (!existsSync('/proc/self/cmdline')) return askPs(pid, 'command');
  return readProcess(pid, 'cmdline')?.replaceAll('\0', ' ') ?? null;
}

function readProcess(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const code = findSystemCode(error);
    // ESRCH: it went between opening and reading.
    if (code === 'ENOENT' || code === 'ESRCH') return null;
    throw error;
  }
}

function askPs(pid: number, field: string): string | null {
  const { status, stdout } = spawnSync('ps', ['-o', `${field}=`, '-p', String(pid)], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : null;
}
