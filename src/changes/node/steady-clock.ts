/** Where the two clocks of a machine are read. */
export interface ClockSources {
  /** Never jumps, and stands still while the machine sleeps. */
  monotonicMs(): number;
  /** May be set. */
  wallMs(): number;
}

/** Finer than what the wall clock shows, and than what is worth a jump. */
const TOLERANCE_MS = 2;

const machine: ClockSources = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};

/**
 * Milliseconds that never go back. Time that only the wall clock knows of is added: a laptop that was shut, or a
 * virtual machine that was suspended, has missed changes for as long, and its monotonic clock says nothing of that. A
 * wall clock that is set forward looks the same, which costs trust once.
 */
export function createSteadyClock(sources: ClockSources = machine): () => number {
  let leadMs = sources.wallMs() - sources.monotonicMs();
  let addedMs = 0;
  return () => {
    const monotonicMs = sources.monotonicMs();
    const nowLeadMs = sources.wallMs() - monotonicMs;
    const gainedMs = nowLeadMs - leadMs;
    if (Math.abs(gainedMs) > TOLERANCE_MS) {
      // Set back: what it gains from here on counts again.
      leadMs = nowLeadMs;
      if (gainedMs > 0) addedMs += gainedMs;
    }
    return monotonicMs + addedMs;
  };
}
