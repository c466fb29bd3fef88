import type { Catalogue } from './catalogue.js';
import type { Customers } from './customers.js';
import { Permutation } from './permutation.js';
import { writeReview } from './review-texts.js';
import { RowRandom } from './row-random.js';
import { type SeedTable, toTimestamp } from './seed-table.js';
import type { Timeline } from './timeline.js';

/** A review without its text. */
export interface ReviewFacts {
  readonly id: number;
  readonly productId: number;
  readonly userId: number;
  readonly rating: number;
  readonly timeMs: number;
}

/** How many products are tried until one has a customer left who has not reviewed it. */
const PRODUCT_ATTEMPTS = 40;
const OUTLIER_SHARE = 0.04;

/** What customers say, in the order of time. Reading it twice gives the same twice. */
export class Reviews {
  constructor(
    private readonly count: number,
    private readonly catalogue: Catalogue,
    private readonly customers: Customers,
    private readonly timeline: Timeline,
  ) {}

  *facts(): Generator<ReviewFacts> {
    const { catalogue, timeline, count } = this;
    const reviewers = new Reviewers(catalogue.count, this.customers);
    let id = 0;
    for (let number = 0; number < count; number++) {
      const random = new RowRandom('review', number);
      const timeMs = timeline.momentAt((number + random.fraction()) / count);
      for (let attempt = 0; attempt < PRODUCT_ATTEMPTS; attempt++) {
        const productId = catalogue.pick(random, timeMs);
        const userId = reviewers.findNext(productId, timeMs);
        if (userId === null) continue;
        yield { id: ++id, productId, userId, rating: chooseRating(productId, random), timeMs };
        break;
      }
    }
  }

  table(): SeedTable {
    const reviews = this;
    return {
      name: 'reviews',
      columns: ['id', 'product_id', 'user_id', 'rating', 'title', 'body', 'created_at'],
      expectedRows: reviews.count,
      *rows() {
        for (const { id, productId, userId, rating, timeMs } of reviews.facts()) {
          const { title, body } = writeReview(id, rating, reviews.catalogue.texts(productId).thing);
          yield [id, productId, userId, rating, title, body, toTimestamp(timeMs)];
        }
      },
    };
  }
}

/**
 * Who reviews a product next. Each product goes through the customers once, in an order of its own, so that nobody
 * reviews it twice and nobody need be remembered; those who aren't customers yet are passed over.
 */
class Reviewers {
  private readonly passed: Int32Array;
  private readonly order: Permutation;

  constructor(
    productCount: number,
    private readonly customers: Customers,
  ) {
    this.passed = new Int32Array(productCount);
    this.order = new Permutation(customers.count);
  }

  findNext(productId: number, timeMs: number): number | null {
    for (let index = this.passed[productId - 1] ?? 0; index < this.customers.count; index++) {
      this.passed[productId - 1] = index + 1;
      const userId = 1 + this.order.at(index, productId);
      if (this.customers.createdAt(userId) <= timeMs) return userId;
    }
    return null;
  }
}

/** Good products get good ratings, most of the time. */
function chooseRating(productId: number, random: RowRandom): number {
  if (random.chance(OUTLIER_SHARE)) return random.integer(1, 2);
  const quality = 3.3 + 1.6 * new RowRandom('productQuality', productId).fraction();
  const mood = 1.5 * (random.fraction() + random.fraction() - 1);
  return Math.min(5, Math.max(1, Math.round(quality + mood)));
}
