import { SluiceError } from '../kernel/sluice-error.js';
import { isStopRequest } from './stop-signals.js';

/** What `work` gives, unless the process is told to stop before: then it rejects with the signal's reason. */
export function orStopped<Result>(work: Promise<Result>, stop: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(stop.reason);
    if (stop.aborted) giveUp();
    else stop.addEventListener('abort', giveUp, { once: true });
    work.then(resolve, reject).finally(() => stop.removeEventListener('abort', giveUp));
  });
}

/**
 * Waits until the process is told to stop.
 *
 * @throws SluiceError `DATABASE_UNREACHABLE` where the embedded server ends by itself before that; the reason of
 *   `stop` where that is an error that nobody caught
 */
export async function waitForEnd(stop: AbortSignal, databaseEnded: Promise<string> | null): Promise<void> {
  let lastWords: string;
  try {
    const forEver = new Promise<never>(() => undefined);
    lastWords = await orStopped(databaseEnded ?? forEver, stop);
  } catch (reason) {
    if (isStopRequest(stop)) return;
    throw reason;
  }
  const line = lastWords.trim().split('\n').at(-1) ?? '';
  throw new SluiceError(
    'DATABASE_UNREACHABLE',
    `The embedded PostgreSQL ended: ${line || 'without a word'}`,
    {
      hint: 'Start again; its data are kept.',
    },
  );
}
