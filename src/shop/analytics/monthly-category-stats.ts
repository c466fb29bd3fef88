import type { RollupDefinition, RunSql } from '../../index.js';

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

function recomputeSql(fresh: string, kept: string): string {
  return `
WITH fresh AS (${fresh}), gone AS (
  DELETE FROM monthly_category_stats AS kept WHERE ${kept}
    AND NOT EXISTS (SELECT FROM fresh WHERE fresh.category_id = kept.category_id AND fresh.month = kept.month)
)
INSERT INTO monthly_category_stats AS kept (category_id, month, views, units_sold, revenue)
SELECT category_id, month, views, units_sold, revenue FROM fresh
ON CONFLICT (category_id, month) DO UPDATE
  SET views = excluded.views, units_sold = excluded.units_sold, revenue = excluded.revenue
  WHERE (kept.views, kept.units_sold, kept.revenue)
    IS DISTINCT FROM (excluded.views, excluded.units_sold, excluded.revenue)`;
}

/** The days of categories, summed up by month: exact as soon as those are. */
export const monthlyCategoryStats: RollupDefinition = {
  name: 'monthly-category-stats',
  sources: [{ model: 'DailyCategoryStat', slices: `SELECT ${MONTH} AS month FROM changed` }],
  async recompute(sql: RunSql, slices: readonly Slice[]) {
    const months = slices.flatMap(({ month }) => month ?? []);
    if (months.length < slices.length) await sql(recomputeSql(ALL, 'true'));
    else await sql(recomputeSql(OF_MONTHS, 'kept.month = ANY ($1::date[])'), [months]);
  },
  differences: `
    SELECT coalesce(kept.category_id, fresh.category_id) AS category_id, coalesce(kept.month, fresh.month)::text AS month,
      to_jsonb(kept) AS kept, to_jsonb(fresh) AS real
    FROM monthly_category_stats AS kept FULL JOIN (${ALL}) AS fresh USING (category_id, month)
    WHERE (kept.views, kept.units_sold, kept.revenue)
      IS DISTINCT FROM (fresh.views, fresh.units_sold, fresh.revenue)`,
};
