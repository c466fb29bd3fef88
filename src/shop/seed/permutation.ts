/** A fixed way to put the numbers from 0 to `count` - 1 out of order, without holding them. */
export class Permutation {
  private readonly stride: number;

  constructor(private readonly count: number) {
    // Steps of about the golden section land far from those before; without a common divisor they reach all.
    let stride = Math.max(1, Math.round(count * 0.618));
    while (greatestCommonDivisor(stride, count) !== 1) stride++;
    this.stride = stride;
  }

  /** Where `index` goes when the order begins at `offset`. Products stay below 2 ** 53 for counts below 90 million. */
  at(index: number, offset = 0): number {
    return (((index + offset) % this.count) * this.stride) % this.count;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
