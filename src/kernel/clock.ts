/** Where time comes from, so that tests can turn it. */
export interface Clock {
  /** Milliseconds since 1970 in UTC; may jump when the system's time is set. */
  nowMs(): number;
}

export const systemClock: Clock = Object.freeze({ nowMs: () => Date.now() });
