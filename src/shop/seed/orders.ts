import type { Catalogue } from './catalogue.js';
import type { Customers } from './customers.js';
import { RowRandom } from './row-random.js';
import { type SeedTable, toDecimal, toTimestamp } from './seed-table.js';
import type { Timeline } from './timeline.js';

interface OrderFacts {
  readonly id: number;
  readonly userId: number;
  readonly timeMs: number;
  readonly status: string;
  readonly items: readonly OrderItemFacts[];
}

interface OrderItemFacts {
  readonly productId: number;
  readonly quantity: number;
  readonly unitPriceCents: number;
}

const DAY_MS = 86_400_000;
/** How many different products an order has; three in the mean. */
const ITEM_COUNTS = [1, 1, 2, 2, 2, 3, 3, 4, 5, 7] as const;
const QUANTITIES = [1, 1, 1, 1, 1, 1, 1, 2, 2, 3] as const;
/** Some bought at another price than today's. */
const OLD_PRICE_SHARE = 0.15;
const CANCELLED_SHARE = 0.05;

/** What was bought, in the order of time. */
export class Orders {
  constructor(
    private readonly count: number,
    private readonly catalogue: Catalogue,
    private readonly customers: Customers,
    private readonly timeline: Timeline,
  ) {}

  table(): SeedTable {
    const orders = this;
    return {
      name: 'orders',
      columns: ['id', 'user_id', 'status', 'placed_at', 'total'],
      expectedRows: orders.count,
      *rows() {
        for (let id = 1; id <= orders.count; id++) {
          const { userId, status, timeMs, items } = orders.facts(id);
          const cents = items.reduce((sum, item) => sum + item.quantity * item.unitPriceCents, 0);
          yield [id, userId, status, toTimestamp(timeMs), toDecimal(cents)];
        }
      },
    };
  }

  itemTable(): SeedTable {
    const orders = this;
    return {
      name: 'order_items',
      columns: ['id', 'order_id', 'product_id', 'quantity', 'unit_price'],
      expectedRows: orders.count * 3,
      *rows() {
        let itemId = 0;
        for (let id = 1; id <= orders.count; id++) {
          for (const { productId, quantity, unitPriceCents } of orders.facts(id).items) {
            yield [++itemId, id, productId, quantity, toDecimal(unitPriceCents)];
          }
        }
      },
    };
  }

  private facts(id: number): OrderFacts {
    const random = new RowRandom('order', id);
    const timeMs = this.timeline.momentAt((id - 1 + random.fraction()) / this.count);
    const userId = this.customers.pick(random, timeMs);
    const status = chooseStatus((this.timeline.endMs - timeMs) / DAY_MS, random);
    const wanted = random.pick(ITEM_COUNTS);
    const productIds = new Set(Array.from({ length: wanted }, () => this.catalogue.pick(random, timeMs)));
    // Who buys a bestseller twice over buys something else instead; a small shop may have nothing else.
    for (let extra = 0; productIds.size < wanted && extra < wanted; extra++) {
      productIds.add(this.catalogue.pickAny(random, timeMs));
    }
    const items = Array.from(productIds, (productId) => ({
      productId,
      quantity: random.pick(QUANTITIES),
      unitPriceCents: priceThen(this.catalogue.priceCents(productId), random),
    }));
    return { id, userId, timeMs, status, items };
  }
}

function priceThen(centsNow: number, random: RowRandom): number {
  return random.chance(OLD_PRICE_SHARE) ? Math.round(centsNow * (0.8 + 0.15 * random.fraction())) : centsNow;
}

/** Orders are paid within a day, sent within three, and there within eight. */
function chooseStatus(ageDays: number, random: RowRandom): string {
  if (random.chance(CANCELLED_SHARE)) return 'CANCELLED';
  const progress = ageDays * (0.7 + 0.6 * random.fraction());
  if (progress < 0.5) return 'PENDING';
  if (progress < 3) return 'PAID';
  return progress < 8 ? 'SHIPPED' : 'DELIVERED';
}
