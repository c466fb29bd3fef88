import type { JobDefinition, JobRun } from '../../index.js';
import { checkNumber, countDays, type DayRange, findDaysBefore, splitByMonth } from './day-range.js';

/** Of `daily_product_stats`, which a rollup keeps up. */
const READS = ['DailyProductStat'];

interface RangeArguments {
  readonly range: DayRange;
}

export const categoryRevenue: JobDefinition = {
  name: 'Query.categoryRevenue',
  reads: ['DailyCategoryStat', 'MonthlyCategoryStat'],
  async run({ range }: RangeArguments, job: JobRun) {
    countDays(range);
    const { from, monthsFrom, monthsUntil, until } = splitByMonth(range);
    const rows = await job.sql<{ id: number; units: number; revenue: string }>(
      `SELECT category_id AS id, sum(units_sold)::int AS units, sum(revenue)::text AS revenue FROM (
         SELECT category_id, units_sold, revenue FROM daily_category_stats WHERE day >= $1 AND day < $2
         UNION ALL
         SELECT category_id, units_sold, revenue FROM monthly_category_stats WHERE month >= $2 AND month < $3
         UNION ALL
         SELECT category_id, units_sold, revenue FROM daily_category_stats WHERE day >= $3 AND day < $4
       ) AS stat
       GROUP BY category_id ORDER BY sum(revenue) DESC, category_id`,
      [from, monthsFrom, monthsUntil, until],
    );
    return rows.map(({ id, units, revenue }) => ({ category: { id }, units, revenue }));
  },
};

const RANKINGS = { REVENUE: 'revenue', UNITS: 'units', VIEWS: 'views' } as const;

export const topProducts: JobDefinition = {
  name: 'Query.topProducts',
  reads: READS,
  async run(
    { range, by, first }: RangeArguments & { readonly by: keyof typeof RANKINGS; readonly first: number },
    job: JobRun,
  ) {
    countDays(range);
    checkNumber('first', first, 100);
    const rows = await job.sql<{ id: number; views: number; units: number; revenue: string }>(
      `SELECT product_id AS id, views, units, revenue::text AS revenue FROM (
         SELECT product_id, sum(views)::int AS views, sum(units_sold)::int AS units, sum(revenue) AS revenue
         FROM daily_product_stats WHERE day BETWEEN $1 AND $2 GROUP BY product_id
       ) AS product
       ORDER BY product.${RANKINGS[by]} DESC, product_id LIMIT $3`,
      [range.from, range.to, first],
    );
    return rows.map(({ id, ...numbers }) => ({ product: { id }, ...numbers }));
  },
};

export const productTrends: JobDefinition = {
  name: 'Query.productTrends',
  reads: READS,
  async run({ range, first }: RangeArguments & { readonly first: number }, job: JobRun) {
    checkNumber('first', first, 100);
    const before = findDaysBefore(range);
    const rows = await job.sql<{
      id: number;
      views: number;
      viewsBefore: number;
      units: number;
      unitsBefore: number;
    }>(
      `SELECT product_id AS id,
         coalesce(sum(views) FILTER (WHERE day >= $1), 0)::int AS views,
         coalesce(sum(views) FILTER (WHERE day < $1), 0)::int AS "viewsBefore",
         coalesce(sum(units_sold) FILTER (WHERE day >= $1), 0)::int AS units,
         coalesce(sum(units_sold) FILTER (WHERE day < $1), 0)::int AS "unitsBefore"
       FROM daily_product_stats WHERE day BETWEEN $3 AND $2
       GROUP BY product_id
       ORDER BY abs(coalesce(sum(views) FILTER (WHERE day >= $1), 0) - coalesce(sum(views) FILTER (WHERE day < $1), 0))
         + 20 * abs(coalesce(sum(units_sold) FILTER (WHERE day >= $1), 0)
                    - coalesce(sum(units_sold) FILTER (WHERE day < $1), 0)) DESC, product_id
       LIMIT $4`,
      [range.from, range.to, before.from, first],
    );
    return rows.map(({ id, ...numbers }) => ({ product: { id }, ...numbers }));
  },
};
