import type { QueueEvents } from 'bullmq';
import type { Logger } from '../telemetry/logger.js';
import type { QueueBackend } from './queue-backend.js';
import type { QueueName } from './queue-names.js';

const KINDS = [
  'waiting',
  'active',
  'progress',
  'completed',
  'failed',
  'delayed',
  'stalled',
  'removed',
] as const;

/** Hears of what becomes of jobs, on whichever node. One connection a queue, opened when somebody first listens. */
export class JobEvents {
  readonly #opened = new Map<QueueName, { readonly events: QueueEvents; readonly ready: Promise<unknown> }>();
  /** By queue and job. */
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(
    private readonly backend: QueueBackend,
    private readonly log: Logger,
  ) {}

  /** `listener` is called whenever something happens to the job; resolves with the way to stop that, once it holds. */
  async listen(queue: QueueName, id: string, listener: () => void): Promise<() => void> {
    const key = `${queue} ${id}`;
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners);
    listeners.add(listener);
    await this.#open(queue);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(key) === listeners) this.#listeners.delete(key);
    };
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.#opened.values()].map(({ events }) => events.close()));
  }

  /** What happens before it is open isn't heard: whoever listens looks once more then. */
  #open(queue: QueueName): Promise<unknown> {
    let opened = this.#opened.get(queue);
    if (opened === undefined) {
      const events = this.backend.openEvents(queue);
      events.on('error', (error) => this.log.debug({ err: error, queue }, 'Events of jobs are not heard'));
      for (const kind of KINDS)
        events.on(kind, ({ jobId }: { readonly jobId: string }) => this.#tell(queue, jobId));
      opened = { events, ready: events.waitUntilReady().catch(() => undefined) };
      this.#opened.set(queue, opened);
    }
    return opened.ready;
  }

  #tell(queue: QueueName, id: string): void {
    for (const listener of this.#listeners.get(`${queue} ${id}`) ?? []) listener();
  }
}
