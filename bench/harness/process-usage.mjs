import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const TICKS_PER_SECOND = readTicksPerSecond();

function readTicksPerSecond() {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) || 100;
  } catch (error) {
    // Without the command: 100 on every Linux of the last twenty years.
    if (error.code === 'ENOENT') return 100;
    throw error;
  }
}

/**
 * CPU time in µs that a process and all its descendants have used, those that ended included: their time has gone over
 * to the parent that waited for them. Resolution: one clock tick, usually 10 ms.
 */
export function readTreeCpuMicros(pid) {
  let ticks = 0;
  const root = readStat(pid);
  if (root !== null) ticks += root.own + root.reaped;
  for (const child of findDescendants(pid)) {
    const stat = readStat(child);
    if (stat !== null) ticks += stat.own + stat.reaped;
  }
  return toMicros(ticks);
}

export function toMicros(ticks) {
  return (ticks * 1e6) / TICKS_PER_SECOND;
}

/** The highest resident size in bytes of a process and its descendants since `resetPeakMemory`, each at its own time. */
export function readPeakBytes(pid) {
  return [pid, ...findDescendants(pid)].reduce((sum, id) => {
    const status = readIfThere(`/proc/${id}/status`);
    return sum + 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  }, 0);
}

/** Lets the kernel take the highest resident size from now on. */
export function resetPeakMemory(pid) {
  for (const id of [pid, ...findDescendants(pid)]) writeFileSync(`/proc/${id}/clear_refs`, '5');
}

/** Of a line of /proc/<pid>/stat, in ticks. The name in parentheses may hold blanks and parentheses itself. */
export function parseStat(text) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
  return { own: utime + stime, reaped: cutime + cstime };
}

function readStat(pid) {
  const text = readIfThere(`/proc/${pid}/stat`);
  return text === '' ? null : parseStat(text);
}

function findDescendants(pid) {
  const found = [];
  let tasks;
  try {
    tasks = readdirSync(`/proc/${pid}/task`);
  } catch (error) {
    if (isGone(error)) return found;
    throw error;
  }
  for (const task of tasks) {
    for (const child of readIfThere(`/proc/${pid}/task/${task}/children`).split(' ')) {
      if (child !== '') found.push(Number(child), ...findDescendants(Number(child)));
    }
  }
  return found;
}

/** A process may end between being found and being read. */
function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isGone(error)) return '';
    throw error;
  }
}

function isGone({ code }) {
  return code === 'ENOENT' || code === 'ESRCH';
}
