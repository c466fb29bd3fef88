/** What a row's random numbers are for. Numbers of one purpose say nothing about those of another. */
export const PURPOSES = {
  productTime: 2,
  productShelf: 3,
  productPrice: 4,
  productText: 5,
  productQuality: 6,
  productPublished: 7,
  productStock: 8,
  image: 9,
  customerTime: 10,
  customerTier: 11,
  customerName: 12,
  subscription: 13,
  review: 14,
  reviewText: 15,
  order: 16,
  cart: 17,
  cartId: 18,
  view: 19,
} as const;

export type Purpose = keyof typeof PURPOSES;

/**
 * Random numbers that depend on nothing but a purpose and a row's number, so that any row can be computed without
 * those before it, and is the same in every seed. Mulberry32, started from a hash of the two.
 */
export class RowRandom {
  private state: number;

  constructor(purpose: Purpose, row: number) {
    this.state = scramble(Math.imul(PURPOSES[purpose], 0x9e3779b1) ^ scramble(row));
  }

  /** 32 random bits, as a number from 0. */
  bits(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  }

  /** From 0 up to, but not, 1. */
  fraction(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** A whole number, both ends possible. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError('There is nothing to pick from.');
    return item;
  }
}

/** The finalizer of MurmurHash3: every bit of the input changes about half of the output's. */
function scramble(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
