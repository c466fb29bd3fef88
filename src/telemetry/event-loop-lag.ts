import { monitorEventLoopDelay } from 'node:perf_hooks';

const RESOLUTION_MS = 10;
const SAMPLE_INTERVAL_MS = 500;
/** A pause, for a collection of garbage or a program that is compiled, is over before anybody could be spared it. */
const SAMPLES = 4;

/** How late the event loop has been lately. To be stopped. */
export interface EventLoopLag {
  /** The mean over half a second; of the last four the least, so that one pause doesn't count. */
  readonly lagMs: number;
  stop(): void;
}

/** Watches the event loop; keeps no process running. */
export function watchEventLoop(): EventLoopLag {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const lastMs: number[] = new Array(SAMPLES).fill(0);
  let sample = 0;
  const timer = setInterval(() => {
    // Not a number where nothing was measured. The histogram counts the time between two beats.
    lastMs[sample % SAMPLES] = Math.max(0, (histogram.mean || 0) / 1_000_000 - RESOLUTION_MS);
    sample += 1;
    histogram.reset();
  }, SAMPLE_INTERVAL_MS);
  timer.unref();
  return {
    get lagMs() {
      return Math.min(...lastMs);
    },
    stop() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}
