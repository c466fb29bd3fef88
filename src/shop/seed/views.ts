import type { Catalogue } from './catalogue.js';
import type { Customers } from './customers.js';
import { RowRandom } from './row-random.js';
import { type SeedTable, toTimestamp } from './seed-table.js';
import type { Timeline } from './timeline.js';

export interface ViewFacts {
  readonly id: number;
  readonly productId: number;
  readonly userId: number | null;
  readonly timeMs: number;
}

const GUEST_SHARE = 0.45;

/** Who looked at what, in the order of time. Reading it twice gives the same twice. */
export class Views {
  constructor(
    private readonly count: number,
    private readonly catalogue: Catalogue,
    private readonly customers: Customers,
    private readonly timeline: Timeline,
  ) {}

  *facts(): Generator<ViewFacts> {
    for (let id = 1; id <= this.count; id++) {
      const random = new RowRandom('view', id);
      const timeMs = this.timeline.momentAt((id - 1 + random.fraction()) / this.count);
      const productId = this.catalogue.pick(random, timeMs);
      const userId = random.chance(GUEST_SHARE) ? null : this.customers.pick(random, timeMs);
      yield { id, productId, userId, timeMs };
    }
  }

  table(): SeedTable {
    const views = this;
    return {
      name: 'product_views',
      columns: ['id', 'product_id', 'user_id', 'viewed_at'],
      expectedRows: views.count,
      *rows() {
        for (const { id, productId, userId, timeMs } of views.facts()) {
          yield [id, productId, userId, toTimestamp(timeMs)];
        }
      },
    };
  }
}
