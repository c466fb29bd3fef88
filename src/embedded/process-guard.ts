import { spawn } from 'node:child_process';

export interface ProcessGuard {
  /** To be called once the guarded process is gone, before its id can belong to another. */
  dismiss(): void;
}

// The shell's input ends when this process is gone, in whatever way, SIGKILL included. A server that can't end in
// order, on a full disk say, is given half a minute.
const SCRIPT = `while read -r _; do :; done
kill -s "$1" "$2" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  kill -s 0 "$2" 2>/dev/null || exit 0
  sleep 2
done
kill -s KILL "$2" 2>/dev/null`;

/** Stops a process if this one should die without having done so itself. */
export function guardProcess(pid: number, signal: NodeJS.Signals): ProcessGuard {
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'sluice-guard', signal.replace(/^SIG/, ''), String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Without a shell there is no guard; the next start finds the orphan and stops it.
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return { dismiss: () => void shell.kill('SIGKILL') };
}
