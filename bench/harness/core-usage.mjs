import { readFileSync } from 'node:fs';
import { toMicros } from './process-usage.mjs';

/**
 * CPU time in µs that programs, ours and others', have used of a core, with what the host took for other machines.
 * Without interrupts: those on the server's core are mostly the server's own traffic.
 */
export function readCoreBusyMicros(core) {
  return toMicros(parseCoreBusyTicks(readFileSync('/proc/stat', 'utf8'), core));
}

export function parseCoreBusyTicks(text, core) {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`cpu${core} `));
  if (line === undefined) throw new Error(`/proc/stat knows no core ${core}.`);
  const [user, nice, system, , , , , steal = 0] = line.split(' ').slice(1).map(Number);
  return user + nice + system + steal;
}
