import type { RollupDefinition, RunSql } from '../../index.js';
import { differencesSql, type KeptSums, replaceSql } from './kept-sums.js';

interface Slice {
  readonly month?: string | null;
}

const SUMS =
  'sum(views)::int AS views, sum(units_sold)::int AS units_sold, sum(revenue)::numeric(16, 2) AS revenue';
const MONTH = "date_trunc('month', day)::date";
const ALL = `SELECT category_id, ${MONTH} AS month, ${SUMS} FROM daily_category_stats GROUP BY 1, 2`;
const OF_MONTHS = `
SELECT category_id, wanted.month, ${SUMS} FROM unnest($1::date[]) AS wanted (month)
JOIN daily_category_stats ON day >= wanted.month AND day < wanted.month + interval '1 month'
GROUP BY category_id, wanted.month`;

const KEPT: KeptSums = {
  table: 'monthly_category_stats',
  keys: ['category_id', 'month'],
  sums: ['views', 'units_sold', 'revenue'],
};

/** The days of categories, summed up by month: exact as soon as those are. */
export const monthlyCategoryStats: RollupDefinition = {
  name: 'monthly-category-stats',
  sources: [{ model: 'DailyCategoryStat', slices: `SELECT ${MONTH} AS month FROM changed` }],
  async recompute(sql: RunSql, slices: readonly Slice[]) {
    const months = slices.flatMap(({ month }) => month ?? []);
    if (months.length < slices.length) await sql(replaceSql(KEPT, ALL, 'true'));
    else await sql(replaceSql(KEPT, OF_MONTHS, 'kept.month = ANY ($1::date[])'), [months]);
  },
  differences: differencesSql(KEPT, ALL),
};
