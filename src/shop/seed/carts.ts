import type { Catalogue } from './catalogue.js';
import type { Customers } from './customers.js';
import { RowRandom } from './row-random.js';
import { type SeedTable, toTimestamp } from './seed-table.js';
import type { Timeline } from './timeline.js';

/** One customer of eight has something in a cart, and there are half as many guests who have. */
const CUSTOMERS_PER_CART = 8;
const CUSTOMERS_PER_GUEST_CART = 16;
const CART_DAYS = 30;
const MOST_ITEMS = 4;
const MINUTE_MS = 60_000;

interface CartFacts {
  readonly id: string;
  readonly userId: number | null;
  readonly createdMs: number;
  readonly items: readonly {
    readonly productId: number;
    readonly quantity: number;
    readonly addedMs: number;
  }[];
}

/** What people meant to buy in the last month. */
export class Carts {
  private readonly ownCount: number;
  private readonly count: number;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly customers: Customers,
    private readonly timeline: Timeline,
  ) {
    this.ownCount = Math.floor(customers.count / CUSTOMERS_PER_CART);
    this.count = this.ownCount + Math.floor(customers.count / CUSTOMERS_PER_GUEST_CART);
  }

  table(): SeedTable {
    const carts = this;
    return {
      name: 'carts',
      columns: ['id', 'user_id', 'created_at'],
      expectedRows: carts.count,
      *rows() {
        for (const { id, userId, createdMs } of carts.facts()) yield [id, userId, toTimestamp(createdMs)];
      },
    };
  }

  itemTable(): SeedTable {
    const carts = this;
    return {
      name: 'cart_items',
      columns: ['id', 'cart_id', 'product_id', 'quantity', 'added_at'],
      expectedRows: Math.round(carts.count * 2.5),
      *rows() {
        let itemId = 0;
        for (const cart of carts.facts()) {
          for (const { productId, quantity, addedMs } of cart.items) {
            yield [++itemId, cart.id, productId, quantity, toTimestamp(addedMs)];
          }
        }
      },
    };
  }

  private *facts(): Generator<CartFacts> {
    for (let number = 0; number < this.count; number++) {
      const random = new RowRandom('cart', number);
      const userId = number < this.ownCount ? (number + 1) * CUSTOMERS_PER_CART : null;
      const ageDays = CART_DAYS * random.fraction();
      const earliestMs = userId === null ? this.timeline.startMs : this.customers.createdAt(userId);
      const createdMs = Math.max(earliestMs, Math.floor(this.timeline.daysBeforeEnd(ageDays)) - 1);
      const wanted = random.integer(1, MOST_ITEMS);
      const productIds = new Set(
        Array.from({ length: wanted }, () => this.catalogue.pick(random, createdMs)),
      );
      const items = Array.from(productIds, (productId, place) => ({
        productId,
        quantity: random.integer(1, 2),
        addedMs: Math.min(createdMs + place * MINUTE_MS, this.timeline.endMs - 1),
      }));
      yield { id: toUuid(number), userId, createdMs, items };
    }
  }
}

/**
 * In the form of a random UUID (version 4). Anybody can compute these: they open nothing but what is made up. From random
 * numbers of its own, which begin differently for every cart.
 */
function toUuid(number: number): string {
  const random = new RowRandom('cartId', number);
  const hex = Array.from({ length: 4 }, () => random.bits().toString(16).padStart(8, '0')).join('');
  const variant = '89ab'[random.integer(0, 3)];
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
