import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { FromServer, ToServer } from './messages.js';

/** A process that serves, or is about to. */
export interface ServerWorker {
  /** Whether it listens; if not, it has told people why. */
  serve(message: Extract<ToServer, { kind: 'serve' }>): Promise<boolean>;
  /** Finishes what is in flight and ends. */
  stop(): Promise<void>;
  /** Resolves when it is gone, asked or unasked. */
  readonly ended: Promise<void>;
}

export interface WorkerOptions {
  /** The program to run, in JavaScript. */
  readonly file: string;
  readonly root: string;
  /** After being told to stop; then it is killed. */
  readonly stopTimeoutMs: number;
}

/**
 * Starts a process that loads the engine and waits to be told to serve. All of them share one port by way of
 * Node's cluster: the next one listens before the last one stops, so that no request finds nobody.
 */
export function forkServer({ file, root, stopTimeoutMs }: WorkerOptions): ServerWorker {
  cluster.setupPrimary({ exec: file, args: [], cwd: root, execArgv: ['--enable-source-maps'] });
  const worker = cluster.fork();
  const ended = once(worker, 'exit').then(() => undefined);
  const ready = waitFor(worker, 'ready');
  return {
    ended,
    async serve(message) {
      if ((await ready) === null) return false;
      const answer = waitFor(worker, 'listening', 'failed');
      worker.send(message);
      return (await answer) === 'listening';
    },
    async stop() {
      if (worker.isDead()) return;
      const timer = setTimeout(() => worker.process.kill('SIGKILL'), stopTimeoutMs);
      if ((await ready) !== null && worker.isConnected()) worker.send({ kind: 'stop' } satisfies ToServer);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** The first message of one of these kinds, or null where the process ends before. */
function waitFor(worker: Worker, ...kinds: FromServer['kind'][]): Promise<FromServer['kind'] | null> {
  return new Promise((resolve) => {
    const listen = ({ kind }: FromServer): void => {
      if (kinds.includes(kind)) finish(kind);
    };
    const finish = (kind: FromServer['kind'] | null): void => {
      worker.off('message', listen);
      resolve(kind);
    };
    worker.on('message', listen);
    worker.once('exit', () => finish(null));
  });
}
