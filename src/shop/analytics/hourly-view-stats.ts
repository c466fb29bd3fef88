import type { RollupDefinition, RunSql } from '../../index.js';

interface Slice {
  readonly hour?: string | null;
}

const COUNTED = 'count(*)::int AS views, count(user_id)::int AS signed_in';
const HOUR = "date_trunc('hour', viewed_at, 'UTC')";
const ALL = `SELECT ${HOUR} AS hour, ${COUNTED} FROM product_views GROUP BY 1`;
const OF_HOURS = `
SELECT wanted.hour, ${COUNTED} FROM unnest($1::timestamptz[]) AS wanted (hour)
JOIN product_views ON viewed_at >= wanted.hour AND viewed_at < wanted.hour + interval '1 hour'
GROUP BY wanted.hour`;

function recomputeSql(fresh: string, kept: string): string {
  return `
WITH fresh AS (${fresh}), gone AS (
  DELETE FROM hourly_view_stats AS kept WHERE ${kept} AND NOT EXISTS (SELECT FROM fresh WHERE fresh.hour = kept.hour)
)
INSERT INTO hourly_view_stats AS kept (hour, views, signed_in) SELECT hour, views, signed_in FROM fresh
ON CONFLICT (hour) DO UPDATE SET views = excluded.views, signed_in = excluded.signed_in
  WHERE (kept.views, kept.signed_in) IS DISTINCT FROM (excluded.views, excluded.signed_in)`;
}

/** How often pages of products were looked at, by hour, and how often by whoever was signed in. */
export const hourlyViewStats: RollupDefinition = {
  name: 'hourly-view-stats',
  sources: [{ model: 'ProductView', slices: `SELECT ${HOUR} AS hour FROM changed` }],
  async recompute(sql: RunSql, slices: readonly Slice[]) {
    const hours = slices.flatMap(({ hour }) => hour ?? []);
    if (hours.length < slices.length) await sql(recomputeSql(ALL, 'true'));
    else await sql(recomputeSql(OF_HOURS, 'kept.hour = ANY ($1::timestamptz[])'), [hours]);
  },
  differences: `
    SELECT coalesce(kept.hour, fresh.hour)::text AS hour, to_jsonb(kept) AS kept, to_jsonb(fresh) AS real
    FROM hourly_view_stats AS kept FULL JOIN (${ALL}) AS fresh USING (hour)
    WHERE (kept.views, kept.signed_in) IS DISTINCT FROM (fresh.views, fresh.signed_in)`,
};
