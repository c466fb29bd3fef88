import type { RollupDefinition, RunSql } from '../../index.js';

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

/** Computes those that `of` tells of: `stat` is what was kept, `product` whose category is summed up. */
function recomputeSql(of: { readonly fresh: string; readonly kept: string }): string {
  return `
WITH fresh AS (${statsSql(of.fresh)}), gone AS (
  DELETE FROM daily_category_stats AS kept WHERE ${of.kept}
    AND NOT EXISTS (SELECT FROM fresh WHERE fresh.category_id = kept.category_id AND fresh.day = kept.day)
)
INSERT INTO daily_category_stats AS kept (category_id, day, views, units_sold, revenue)
SELECT category_id, day, views, units_sold, revenue FROM fresh
ON CONFLICT (category_id, day) DO UPDATE
  SET views = excluded.views, units_sold = excluded.units_sold, revenue = excluded.revenue
  WHERE (kept.views, kept.units_sold, kept.revenue)
    IS DISTINCT FROM (excluded.views, excluded.units_sold, excluded.revenue)`;
}

const ALL = recomputeSql({ fresh: '', kept: 'true' });
const OF_DAYS = recomputeSql({
  fresh: 'WHERE stat.day = ANY ($1::date[])',
  kept: 'kept.day = ANY ($1::date[])',
});
const OF_CATEGORIES = recomputeSql({
  fresh: 'WHERE product.category_id = ANY ($1)',
  kept: 'kept.category_id = ANY ($1)',
});

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
  differences: `
    SELECT coalesce(kept.category_id, fresh.category_id) AS category_id, coalesce(kept.day, fresh.day)::text AS day,
      to_jsonb(kept) AS kept, to_jsonb(fresh) AS real
    FROM daily_category_stats AS kept FULL JOIN (${statsSql('')}) AS fresh USING (category_id, day)
    WHERE (kept.views, kept.units_sold, kept.revenue)
      IS DISTINCT FROM (fresh.views, fresh.units_sold, fresh.revenue)`,
};
