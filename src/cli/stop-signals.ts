/** As much of a process as is needed here. */
export interface SignalSource {
  on(
    event: NodeJS.Signals | 'uncaughtException' | 'unhandledRejection',
    listener: (cause: unknown) => void,
  ): unknown;
  exit(code: number): void;
}

const NUMBERS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
/** Ctrl-C reaches a process once from the terminal and once more from npm, which passes it on. */
const SAME_PRESS_MS = 500;

/**
 * The first signal asks to stop in order, the second ends the process at once. An error that nobody caught asks to
 * stop as well, and is the reason then: what was started is to be stopped in any case.
 */
export function listenToStopSignals(source: SignalSource, nowMs = () => performance.now()): AbortSignal {
  const controller = new AbortController();
  let firstMs = 0;
  for (const [name, number] of Object.entries(NUMBERS)) {
    source.on(name as NodeJS.Signals, () => {
      if (!controller.signal.aborted) {
        firstMs = nowMs();
        controller.abort();
      } else if (nowMs() - firstMs > SAME_PRESS_MS) {
        source.exit(128 + number);
      }
    });
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    // Once everything is being closed, whoever still uses it fails, and that is to be expected.
    source.on(event, (error) => controller.abort(error));
  }
  return controller.signal;
}

/** Whether people asked to stop, rather than an error that nobody caught. */
export function isStopRequest({ aborted, reason }: AbortSignal): boolean {
  return aborted && (reason as Partial<Error> | null)?.name === 'AbortError';
}
