import type { Heartbeat } from './change-log.js';

/** The time comes first: the script that appends compares it. */
export function formatHeartbeat({ timeMs, head, lsn, epoch }: Heartbeat): string {
  return `${timeMs} ${head} ${lsn} ${epoch}`;
}

export function parseHeartbeat(text: string): Heartbeat {
  const [timeMs, head, lsn = '', epoch = ''] = text.split(' ');
  return { timeMs: Number(timeMs), head: Number(head), lsn, epoch };
}
