import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';

export interface ThreadsOptions {
  /** At a time. */
  readonly maxThreads: number;
  /** Of one thread; whoever needs more ends, and nothing else does. */
  readonly maxHeapMb: number;
}

export interface ThreadRun {
  readonly module: URL;
  readonly args: unknown;
  /** Ends the thread where it is, whatever it does. */
  readonly signal: AbortSignal;
  progress(done: number, total: number): void;
}

const IDLE_TIMEOUT_MS = 30_000;

/** Runs code that computes, off the event loop. Threads are started when they are needed. */
export class Threads {
  readonly #options: ThreadsOptions;
  #pool: Piscina | null = null;

  constructor(options: ThreadsOptions) {
    this.#options = options;
  }

  async run({ module, args, signal, progress }: ThreadRun): Promise<unknown> {
    const { maxThreads, maxHeapMb } = this.#options;
    this.#pool ??= new Piscina({
      filename: new URL('./thread-entry.js', import.meta.url).href,
      minThreads: 0,
      maxThreads,
      idleTimeout: IDLE_TIMEOUT_MS,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    const { port1, port2 } = new MessageChannel();
    port1.on('message', ({ done, total }: { readonly done: number; readonly total: number }) =>
      progress(done, total),
    );
    port1.unref();
    try {
      return await this.#pool.run(
        { module: module.href, args, port: port2 },
        { signal, transferList: [port2] },
      );
    } finally {
      port1.close();
    }
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}
