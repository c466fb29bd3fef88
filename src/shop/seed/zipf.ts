/**
 * Draws ranks as popularity has it: rank r comes with a weight of 1 / r ** exponent, so that few are chosen often and
 * many now and then.
 */
export class ZipfSampler {
  private readonly cumulated: Float64Array;

  constructor(count: number, exponent: number) {
    this.cumulated = new Float64Array(count);
    let sum = 0;
    for (let rank = 1; rank <= count; rank++) {
      sum += rank ** -exponent;
      this.cumulated[rank - 1] = sum;
    }
  }

  /** A rank from 0, for a fraction from 0 up to, but not, 1. */
  rankAt(fraction: number): number {
    const wanted = fraction * (this.cumulated.at(-1) ?? 0);
    return countUpTo(this.cumulated, wanted);
  }
}

/** How many of the ascending numbers are at most `limit`. */
export function countUpTo(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Number.POSITIVE_INFINITY) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
