/** Up to here each grant's own time is kept. */
export const LOG_LIMIT = 1_000;
/** Above, grants share this many times in a window. */
export const SUB_BUCKETS = 60;

/**
 * What times of grants are rounded up to, in milliseconds. Rounded up, a grant counts longer than it has to and never
 * shorter: by less than a millisecond in a log, by at most a sixtieth of the window in sub-buckets.
 */
export function findGranuleMs(limit: number, windowMs: number): number {
  return limit <= LOG_LIMIT ? 1 : Math.max(1, Math.floor(windowMs / SUB_BUCKETS));
}
