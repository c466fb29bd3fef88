import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const SAMPLE_INTERVAL_MS = 500;

/** How late the event loop has been lately. To be stopped. */
export interface EventLoopLag {
  /** The mean over the last half second that was measured. */
  readonly lagMs: number;
  stop(): void;
}

/** Watches the event loop; keeps no process running. */
export function watchEventLoop(): EventLoopLag {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let lagMs = 0;
  const timer = setInterval(() => {
    // Not a number where nothing was measured. The histogram counts the time between two beats.
    lagMs = Math.max(0, (histogram.mean || 0) / 1_000_000 - RESOLUTION_MS);
    histogram.reset();
  }, SAMPLE_INTERVAL_MS);
  timer.unref();
  return {
    get lagMs() {
      return lagMs;
    },
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
