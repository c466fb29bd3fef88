import type { RollupDefinition, RunSql } from '../../index.js';
import { differencesSql, type KeptSums, replaceSql } from './kept-sums.js';

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

const KEPT: KeptSums = {
  table: 'hourly_view_stats',
  keys: ['hour'],
  sums: ['views', 'signed_in'],
};

/** How often pages of products were looked at, by hour, and how often by whoever was signed in. */
export const hourlyViewStats: RollupDefinition = {
  name: 'hourly-view-stats',
  sources: [{ model: 'ProductView', slices: `SELECT ${HOUR} AS hour FROM changed` }],
  async recompute(sql: RunSql, slices: readonly Slice[]) {
    const hours = slices.flatMap(({ hour }) => hour ?? []);
    if (hours.length < slices.length) await sql(replaceSql(KEPT, ALL, 'true'));
    else await sql(replaceSql(KEPT, OF_HOURS, 'kept.hour = ANY ($1::timestamptz[])'), [hours]);
  },
  differences: differencesSql(KEPT, ALL),
};
