import type { RollupDefinition, RunSql } from '../../index.js';
import { differencesSql, type KeptSums, replaceSql } from './kept-sums.js';

interface Slice {
  readonly category_id?: number | null;
  readonly day?: string | null;
}

/** What the stats of a category's products come to; `where` narrows them. */
function statsSql(where: string): string {
  return `
SELECT product.category_id, stat.day, sum(stat.views)::int AS views, sum(stat.units_sold)::int AS units_sold,
  sum(stat.revenue)::numeric(14, 2) AS revenue
FROM daily_product_stats AS stat JOIN products AS product ON product.id = stat.product_id
${where} GROUP BY product.category_id, stat.day`;
}

const KEPT: KeptSums = {
  table: 'daily_category_stats',
  keys: ['category_id', 'day'],
  sums: ['views', 'units_sold', 'revenue'],
};

const ALL = replaceSql(KEPT, statsSql(''), 'true');
const OF_DAYS = replaceSql(
  KEPT,
  statsSql('WHERE stat.day = ANY ($1::date[])'),
  'kept.day = ANY ($1::date[])',
);
const OF_CATEGORIES = replaceSql(
  KEPT,
  statsSql('WHERE product.category_id = ANY ($1)'),
  'kept.category_id = ANY ($1)',
);

/** The stats of products, summed up by the category that each is in now: exact as soon as those are. */
export const dailyCategoryStats: RollupDefinition = {
  name: 'daily-category-stats',
  sources: [
    // A day is computed for all categories at once: there are few, and a product that is deleted is gone by then.
    { model: 'DailyProductStat', slices: 'SELECT NULL::int AS category_id, day FROM changed' },
    {
      model: 'Product',
      // What it has sold so far moves with it.
      slices: `SELECT changed.category_id, NULL::date AS day FROM changed JOIN (
          SELECT id FROM changed GROUP BY id HAVING count(DISTINCT category_id) > 1
        ) AS moved USING (id)`,
    },
  ],
  async recompute(sql: RunSql, slices: readonly Slice[]) {
    const days = slices.flatMap(({ day }) => day ?? []);
    const categories = slices.flatMap(({ category_id: id, day }) => (day ? [] : (id ?? [])));
    if (slices.some(({ category_id: id, day }) => !id && !day)) {
      await sql(ALL);
      return;
    }
    if (days.length > 0) await sql(OF_DAYS, [days]);
    if (categories.length > 0) await sql(OF_CATEGORIES, [categories]);
  },
  differences: differencesSql(KEPT, statsSql('')),
};
