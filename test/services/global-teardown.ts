import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import type { TestServices } from './global-setup.js';

const STOP_TIMEOUT_MS = 10_000;

/** Stops what global-setup.ts started and removes its directory. */
export default async function stopTestServices(): Promise<void> {
  const services: TestServices | undefined = globalThis.sluiceTestServices;
  if (services === undefined) return;
  globalThis.sluiceTestServices = undefined;
  // SIGQUIT is PostgreSQL's immediate shutdown: nothing of a test run is worth a checkpoint.
  await Promise.all([stop(services.postgres, 'SIGQUIT'), stop(services.redis, 'SIGKILL')]);
  await stop(services.guard, 'SIGKILL');
  await rm(services.directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill(signal);
  });
}
