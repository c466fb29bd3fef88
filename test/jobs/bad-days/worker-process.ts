import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileEngine, compileFolder, ROOT } from '../../embedded/compiled-engine.js';
import type { WorkerPlace } from './open-worker.js';

/** A worker in a process of its own, which may be treated badly. */
export interface WorkerProcess {
  /** Without a word; resolves when it is gone. */
  kill(): Promise<void>;
  freeze(): void;
  /** Goes on after `freeze`. */
  thaw(): void;
}

export interface WorkerBuild {
  /** @param aheadMs how far its clock is ahead of the others' */
  start(place: WorkerPlace, aheadMs?: number): Promise<WorkerProcess>;
  remove(): void;
}

const FOLDERS = [
  ...['kernel', 'telemetry', 'model', 'changes', 'cache', 'identity', 'reads', 'limits', 'counters'],
  ...['jobs', 'binding', 'gateway'],
];

/** Compiles what such processes run. */
export function buildWorkers(): WorkerBuild {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-worker-'));
  compileEngine(folder, FOLDERS);
  compileFolder(join(ROOT, 'test/jobs/bad-days'), join(folder, 'test/jobs/bad-days'));
  const main = join(folder, 'test/jobs/bad-days/worker-main.js');
  const running = new Set<WorkerProcess>();
  return {
    async start({ databaseUrl, redisUrl, place }, aheadMs = 0) {
      const child = spawn(process.execPath, [main, databaseUrl, redisUrl, place, String(aheadMs)], {
        env: { PATH: process.env.PATH },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      const ended = once(child, 'exit');
      const early = ended.then(() => {
        throw new Error('A worker ended before it worked');
      });
      await Promise.race([once(child, 'message'), early]);
      early.catch(() => undefined);
      const worker: WorkerProcess = {
        freeze: () => void child.kill('SIGSTOP'),
        thaw: () => void child.kill('SIGCONT'),
        async kill() {
          running.delete(worker);
          child.kill('SIGKILL');
          await ended;
        },
      };
      running.add(worker);
      return worker;
    },
    remove() {
      for (const worker of running) void worker.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
