import type { CategoryTree, ShelfCategory } from './category-tree.js';
import { Permutation } from './permutation.js';
import { type ProductTexts, writeProduct } from './product-texts.js';
import { RowRandom } from './row-random.js';
import type { Timeline } from './timeline.js';
import { countUpTo, ZipfSampler } from './zipf.js';

/** Two fifths of the products were there when the shop opened, the others came evenly afterwards. */
const OPENING_SHARE = 0.4;
const OPENING_DAYS = 10;
const LATER_DAYS = 715;
const PUBLISHED_SHARE = 0.94;
/** The second most popular product sells 57 % of what the first does, the tenth 16 %. */
const POPULARITY_EXPONENT = 0.8;
const PICK_ATTEMPTS = 24;
const PRICE_ENDINGS = [0, 50, 90, 95, 99] as const;

/** The products, numbered from 1 in the order in which they came; what everything that refers to them must know. */
export class Catalogue {
  private readonly createdMs: Float64Array;
  private readonly prices: Int32Array;
  private readonly popularity: ZipfSampler;
  private readonly order: Permutation;

  constructor(
    readonly count: number,
    private readonly tree: CategoryTree,
    timeline: Timeline,
  ) {
    this.popularity = new ZipfSampler(count, POPULARITY_EXPONENT);
    this.order = new Permutation(count);
    this.createdMs = Float64Array.from({ length: count }, (_, index) => {
      // The first is there from the start, so that there is always something to buy.
      const share = index === 0 ? 0 : (index + new RowRandom('productTime', index + 1).fraction()) / count;
      const days =
        share < OPENING_SHARE
          ? (share / OPENING_SHARE) * OPENING_DAYS
          : OPENING_DAYS + ((share - OPENING_SHARE) / (1 - OPENING_SHARE)) * LATER_DAYS;
      return Math.floor(timeline.daysAfterStart(days));
    });
    this.prices = Int32Array.from({ length: count }, (_, index) =>
      choosePrice(index + 1, this.shelf(index + 1)),
    );
  }

  createdAt(id: number): number {
    return this.createdMs[id - 1] ?? Number.POSITIVE_INFINITY;
  }

  priceCents(id: number): number {
    return this.prices[id - 1] ?? 0;
  }

  isPublished(id: number): boolean {
    return id === 1 || new RowRandom('productPublished', id).chance(PUBLISHED_SHARE);
  }

  shelf(id: number): ShelfCategory {
    const { shelves } = this.tree;
    const shelf = shelves[new RowRandom('productShelf', id).integer(0, shelves.length - 1)];
    if (shelf === undefined) throw new RangeError('The category tree has no shelves.');
    return shelf;
  }

  texts(id: number): ProductTexts {
    return writeProduct(id, this.shelf(id));
  }

  /** A product that customers can see at a time, popular ones more often. */
  pick(random: RowRandom, timeMs: number): number {
    for (let attempt = 0; attempt < PICK_ATTEMPTS; attempt++) {
      const id = 1 + this.order.at(this.popularity.rankAt(random.fraction()));
      if (this.createdAt(id) <= timeMs && this.isPublished(id)) return id;
    }
    return this.pickAny(random, timeMs);
  }

  /** Any product that customers can see at a time: for when little is there to choose from. */
  pickAny(random: RowRandom, timeMs: number): number {
    let id = random.integer(1, Math.max(1, countUpTo(this.createdMs, timeMs)));
    while (!this.isPublished(id)) id--;
    return id;
  }
}

/** Low prices are more frequent than high ones; all end the way prices end. */
function choosePrice(id: number, { shelf }: ShelfCategory): number {
  const [, , lowest, highest] = shelf;
  const random = new RowRandom('productPrice', id);
  const whole = Math.floor(lowest * (highest / lowest) ** random.fraction());
  return whole * 100 + random.pick(PRICE_ENDINGS);
}
