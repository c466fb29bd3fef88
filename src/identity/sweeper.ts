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
  let sweeping: Promise<unknown> = sweep().catch(onFailure);
  let isSweeping = true;
  const done = () => {
    isSweeping = false;
  };
  sweeping = sweeping.finally(done);
  const timer = setInterval(() => {
    if (isSweeping) return;
    isSweeping = true;
    sweeping = sweep().catch(onFailure).finally(done);
  }, intervalMs);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
