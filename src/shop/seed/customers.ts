import { RowRandom } from './row-random.js';
import { type SeedTable, toTimestamp } from './seed-table.js';
import type { Timeline } from './timeline.js';
import { FIRST_NAMES, LAST_NAMES } from './words/people.js';
import { countUpTo } from './zipf.js';

export type UserTier = 'STANDARD' | 'PREMIUM' | 'STAFF';

/** A fifth of the customers came in the first month, the others evenly afterwards. */
const EARLY_SHARE = 0.2;
const EARLY_DAYS = 30;
const LATE_DAYS = 699;
/** Above 1: those who came early do more. */
const LOYALTY = 1.3;

/** The customers, numbered from 1 in the order in which they came. */
export class Customers {
  private readonly createdMs: Float64Array;

  constructor(
    readonly count: number,
    timeline: Timeline,
  ) {
    this.createdMs = Float64Array.from({ length: count }, (_, index) => {
      // The first is there from the start: somebody must be there when the first order comes in.
      const share = index === 0 ? 0 : (index + new RowRandom('customerTime', index + 1).fraction()) / count;
      const days =
        share < EARLY_SHARE
          ? (share / EARLY_SHARE) * EARLY_DAYS
          : EARLY_DAYS + ((share - EARLY_SHARE) / (1 - EARLY_SHARE)) * LATE_DAYS;
      return Math.floor(timeline.daysAfterStart(days));
    });
  }

  createdAt(id: number): number {
    return this.createdMs[id - 1] ?? Number.POSITIVE_INFINITY;
  }

  /** One of those who are customers at a time. */
  pick(random: RowRandom, timeMs: number): number {
    const known = Math.max(1, countUpTo(this.createdMs, timeMs));
    return 1 + Math.floor(known * random.fraction() ** LOYALTY);
  }

  tier(id: number): UserTier {
    const share = new RowRandom('customerTier', id).fraction();
    if (share < 0.8) return 'STANDARD';
    return share < 0.99 ? 'PREMIUM' : 'STAFF';
  }

  /** @param passwordHashes by key, of those who can sign in */
  table(passwordHashes: ReadonlyMap<number, string>): SeedTable {
    const customers = this;
    return {
      name: 'users',
      columns: ['id', 'email', 'name', 'tier', 'created_at', 'password_hash'],
      expectedRows: customers.count,
      *rows() {
        for (let id = 1; id <= customers.count; id++) {
          const random = new RowRandom('customerName', id);
          const first = random.pick(FIRST_NAMES);
          const last = random.pick(LAST_NAMES);
          const email = `${first}.${last}.${id}@example.com`.toLowerCase();
          const createdAt = toTimestamp(customers.createdAt(id));
          const passwordHash = passwordHashes.get(id) ?? null;
          yield [id, email, `${first} ${last}`, customers.tier(id), createdAt, passwordHash];
        }
      },
    };
  }
}
