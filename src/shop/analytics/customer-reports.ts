import type { JobDefinition, JobRun } from '../../index.js';
import { checkNumber, countDays, type DayRange } from './day-range.js';

export const customerCohorts: JobDefinition = {
  name: 'Query.customerCohorts',
  reads: ['Order'],
  async run({ months }: { readonly months: number }, job: JobRun) {
    checkNumber('months', months, 36);
    const rows = await job.sql<{ month: string; age: number; customers: number }>(
      `WITH bought AS (
         SELECT DISTINCT user_id, date_trunc('month', placed_at AT TIME ZONE 'UTC')::date AS month
         FROM orders WHERE status <> 'CANCELLED'
       ), cohort AS (
         SELECT user_id, min(month) AS first FROM bought GROUP BY user_id
       ), latest AS (
         SELECT max(month) AS month FROM bought
       )
       SELECT cohort.first::text AS month, count(*)::int AS customers,
         (extract(year FROM age(bought.month, cohort.first)) * 12
           + extract(month FROM age(bought.month, cohort.first)))::int AS age
       FROM cohort JOIN bought USING (user_id), latest
       WHERE cohort.first > latest.month - make_interval(months => $1)
       GROUP BY cohort.first, age ORDER BY cohort.first, age`,
      [months],
    );
    return groupCohorts(rows);
  },
};

interface Cohort {
  readonly month: string;
  readonly customers: number;
  readonly active: readonly number[];
}

/** A month in which nobody bought has no row. */
function groupCohorts(
  rows: readonly { readonly month: string; readonly age: number; readonly customers: number }[],
): readonly Cohort[] {
  const byMonth = new Map<string, number[]>();
  for (const { month, age, customers } of rows) {
    const active = byMonth.get(month) ?? [];
    byMonth.set(month, active);
    while (active.length < age) active.push(0);
    active.push(customers);
  }
  return [...byMonth].map(([month, active]) => ({ month, customers: active[0] ?? 0, active }));
}

export const conversionFunnel: JobDefinition = {
  name: 'Query.conversionFunnel',
  reads: ['ProductView', 'HourlyViewStat', 'Cart', 'CartItem', 'Order'],
  async run({ range }: { readonly range: DayRange }, job: JobRun) {
    countDays(range);
    const [row] = await job.sql(
      `WITH bounds AS (
         SELECT ($1::date)::timestamp AT TIME ZONE 'UTC' AS begins, ($2::date + 1)::timestamp AT TIME ZONE 'UTC' AS ends
       ), seen AS (
         SELECT user_id FROM product_views, bounds
         WHERE user_id IS NOT NULL AND viewed_at >= begins AND viewed_at < ends
       ), viewer AS (
         SELECT DISTINCT user_id FROM seen
       ), placed AS (
         SELECT user_id FROM orders, bounds WHERE placed_at >= begins AND placed_at < ends AND status <> 'CANCELLED'
       )
       SELECT (SELECT count(*) FROM viewer)::int AS viewers,
         (SELECT count(DISTINCT cart.user_id) FROM carts AS cart JOIN cart_items AS item ON item.cart_id = cart.id
            JOIN viewer USING (user_id), bounds
          WHERE item.added_at >= begins AND item.added_at < ends)::int AS carts,
         (SELECT count(*) FROM viewer WHERE user_id IN (SELECT user_id FROM placed))::int AS buyers,
         (SELECT coalesce(sum(views), 0) FROM hourly_view_stats, bounds WHERE hour >= begins AND hour < ends)::int AS views,
         (SELECT count(*) FROM placed)::int AS orders`,
      [range.from, range.to],
    );
    return row ?? null;
  },
};
