/** The middle value; of an even number, the mean of the two in the middle. NaN where there is none. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value below or at which a share of all lies (nearest rank). `share` from 0 to 1. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? Number.NaN : sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Half the distance between the largest and the smallest, in percent of the median: `±3`. */
export function spreadPercent(values) {
  if (values.length < 2) return 0;
  return (50 * (Math.max(...values) - Math.min(...values))) / median(values);
}
