/** Removes what is of no use any more from time to time. */
export interface Sweeper {
  /** Ends the timer, and waits for a sweep that is under way. */
  close(): Promise<void>;
}

export interface SweeperOptions {
  readonly intervalMs: number;
  sweep(): Promise<unknown>;
  /** The next sweep makes up for one that failed. */
  onFailure(error: unknown): void;
}

/** Sweeps at once, and then every `intervalMs`, never twice at a time. */
export function startSweeper({ intervalMs, sweep, onFailure }: SweeperOptions): Sweeper {
  let sweeping: Promise<unknown> | null = null;
  const start = () => {
    sweeping ??= sweep()
      .catch(onFailure)
      .finally(() => {
        sweeping = null;
      });
  };
  start();
  const timer = setInterval(start, intervalMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
