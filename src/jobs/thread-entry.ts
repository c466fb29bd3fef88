import type { MessagePort } from 'node:worker_threads';
import type { ThreadTask } from './job-definition.js';

interface Asked {
  readonly module: string;
  readonly args: unknown;
  readonly port: MessagePort;
}

/** What a thread runs: the job's module, with a way to tell of its progress. */
export default async function runModule({ module, args, port }: Asked): Promise<unknown> {
  const { default: run } = (await import(module)) as { readonly default: (task: ThreadTask) => unknown };
  try {
    return await run({ args, progress: (done, total) => port.postMessage({ done, total }) });
  } finally {
    port.close();
  }
}
