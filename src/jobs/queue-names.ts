/** Queues of every app; which of them a worker takes from is told at its start. */
export const QUEUE_NAMES = ['analytics', 'catalog', 'orders', 'maintenance', 'default'] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

export function isQueueName(name: string): name is QueueName {
  return (QUEUE_NAMES as readonly string[]).includes(name);
}

/** How a queue is worked off, by one worker process. */
export interface QueueSettings {
  /** Jobs at a time: at least `min`, up to `max` while the process and its database have room. */
  readonly concurrency?: { readonly min: number; readonly max: number };
  /** Jobs that all workers together begin within `perMs`. Default: as many as there are. */
  readonly rate?: { readonly max: number; readonly perMs: number };
}
