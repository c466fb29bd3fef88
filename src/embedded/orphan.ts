import { setTimeout as delay } from 'node:timers/promises';
import { findSystemCode } from '../kernel/system-code.js';
import { findBirth, findCommand } from './process-table.js';

export interface Orphan {
  /** From a file that the server wrote; NaN where there was none. */
  readonly pid: number;
  /** Whether a process of this command line is the server meant: its id may have gone to another since. */
  isOurs(command: string): boolean;
  readonly stopSignal: NodeJS.Signals;
}

const POLL_INTERVAL_MS = 20;
const STOP_TIMEOUT_MS = 20_000;

/**
 * Stops a server that outlived the process which had started it, and waits until it is gone. False where there
 * was none.
 */
export async function stopOrphan({ pid, isOurs, stopSignal }: Orphan): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1) return false;
  const birth = findBirth(pid);
  if (birth === null || !isOurs(findCommand(pid) ?? '')) return false;
  const deadline = performance.now() + STOP_TIMEOUT_MS;
  signal(pid, stopSignal);
  let isForced = false;
  while (findBirth(pid) === birth) {
    if (!isForced && performance.now() > deadline) {
      signal(pid, 'SIGKILL');
      isForced = true;
    }
    await delay(POLL_INTERVAL_MS);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It went by itself.
    if (findSystemCode(error) !== 'ESRCH') throw error;
  }
}
