import type { Customers } from './customers.js';
import { RowRandom } from './row-random.js';
import { type SeedTable, toTimestamp } from './seed-table.js';
import type { Timeline } from './timeline.js';

interface SubscriptionFacts {
  readonly plan: 'BASIC' | 'PLUS' | 'PREMIUM';
  readonly status: 'ACTIVE' | 'PAST_DUE' | 'CANCELLED' | 'EXPIRED';
  readonly startedMs: number;
}

const YEAR_MS = 365 * 86_400_000;
/** Of those with the premium tier: who has the dearest plan, and who owes for it. */
const PREMIUM_PLAN_SHARE = 0.2;
const PAST_DUE_SHARE = 0.03;
/** Of the others: who has a plan all the same, and who has had one. */
const BASIC_SHARE = 0.1;
const FORMER_SHARE = 0.2;

/** Plans run for a year from the day a customer came, and are renewed; each year is a row. */
export function subscriptionTable(customers: Customers, timeline: Timeline): SeedTable {
  return {
    name: 'subscriptions',
    columns: ['id', 'user_id', 'plan', 'status', 'started_at', 'expires_at'],
    expectedRows: Math.round(customers.count * 0.56),
    *rows() {
      let id = 0;
      for (let userId = 1; userId <= customers.count; userId++) {
        for (const { plan, status, startedMs } of subscriptionsOf(userId, customers, timeline)) {
          yield [++id, userId, plan, status, toTimestamp(startedMs), toTimestamp(startedMs + YEAR_MS)];
        }
      }
    },
  };
}

function* subscriptionsOf(
  userId: number,
  customers: Customers,
  timeline: Timeline,
): Generator<SubscriptionFacts> {
  const random = new RowRandom('subscription', userId);
  const isPremium = customers.tier(userId) === 'PREMIUM';
  const createdMs = customers.createdAt(userId);
  const fullYears = Math.floor((timeline.endMs - createdMs) / YEAR_MS);
  const share = random.fraction();
  const plan = !isPremium ? 'BASIC' : share < PREMIUM_PLAN_SHARE ? 'PREMIUM' : 'PLUS';
  const isRunning = isPremium || share < BASIC_SHARE;
  const isFormer = !isRunning && share < FORMER_SHARE;
  if (!isRunning && !isFormer) return;
  for (let year = 0; year < fullYears; year++) {
    yield { plan, status: 'EXPIRED', startedMs: createdMs + year * YEAR_MS };
  }
  const startedMs = createdMs + fullYears * YEAR_MS;
  if (isFormer) yield { plan, status: 'CANCELLED', startedMs };
  else yield { plan, status: random.chance(PAST_DUE_SHARE) ? 'PAST_DUE' : 'ACTIVE', startedMs };
}
