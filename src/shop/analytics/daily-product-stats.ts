import type { RollupDefinition, RunSql } from '../../index.js';
import { differencesSql, isGoneSql, type KeptSums, replaceSql, writeFreshSql } from './kept-sums.js';

interface Slice {
  readonly product_id?: number | null;
  /** Null: all days of the product. */
  readonly day?: string | null;
}

/** What product views and order items come to, by product and day of UTC. `viewed` and `sold` narrow their rows. */
function statsSql({ viewed, sold }: { readonly viewed: string; readonly sold: string }): string {
  return `
SELECT product_id, day, sum(views)::int AS views, sum(units)::int AS units_sold,
  sum(revenue)::numeric(12, 2) AS revenue
FROM (
  SELECT view.product_id, (view.viewed_at AT TIME ZONE 'UTC')::date AS day, count(*) AS views, 0 AS units, 0 AS revenue
  FROM product_views AS view ${viewed} GROUP BY 1, 2
  UNION ALL
  SELECT item.product_id, (placed.placed_at AT TIME ZONE 'UTC')::date, 0, sum(item.quantity),
    sum(item.quantity * item.unit_price)
  FROM order_items AS item JOIN orders AS placed ON placed.id = item.order_id AND placed.status <> 'CANCELLED'
  ${sold} GROUP BY 1, 2
) AS counted
GROUP BY product_id, day`;
}

const ALL = statsSql({ viewed: '', sold: '' });

/** A product's day, or all of its days: whichever bounds it has. */
const WANTED = `
WITH wanted AS (
  SELECT product_id, day,
    coalesce(day::timestamp AT TIME ZONE 'UTC', '-infinity') AS begins,
    coalesce((day + 1)::timestamp AT TIME ZONE 'UTC', 'infinity') AS ends
  FROM jsonb_to_recordset($1::jsonb) AS slice (product_id int, day date)
)`;

const FRESH_OF_WANTED = statsSql({
  viewed: `JOIN wanted ON view.product_id = wanted.product_id
    AND view.viewed_at >= wanted.begins AND view.viewed_at < wanted.ends`,
  sold: `JOIN wanted ON item.product_id = wanted.product_id
    AND placed.placed_at >= wanted.begins AND placed.placed_at < wanted.ends`,
});

const KEPT: KeptSums = {
  table: 'daily_product_stats',
  keys: ['product_id', 'day'],
  sums: ['views', 'units_sold', 'revenue'],
};

/** What each product's pages were looked at and what it sold, by day: exact, a few seconds after the fact. */
export const dailyProductStats: RollupDefinition = {
  name: 'daily-product-stats',
  sources: [
    {
      model: 'ProductView',
      slices: `SELECT product_id, (viewed_at AT TIME ZONE 'UTC')::date AS day FROM changed`,
    },
    {
      model: 'OrderItem',
      // An order that is deleted with its items is gone already: all days of the product are computed then.
      slices: `SELECT changed.product_id, (placed.placed_at AT TIME ZONE 'UTC')::date AS day
        FROM changed LEFT JOIN orders AS placed ON placed.id = changed.order_id`,
    },
    {
      model: 'Order',
      slices: `SELECT item.product_id, (changed.placed_at AT TIME ZONE 'UTC')::date AS day
        FROM changed JOIN order_items AS item ON item.order_id = changed.id`,
    },
  ],
  async recompute(sql: RunSql, slices: readonly Slice[]) {
    if (slices.some(({ product_id: id }) => id === undefined || id === null)) {
      await sql(replaceSql(KEPT, ALL, 'true'));
      return;
    }
    await sql(
      `${WANTED}, fresh AS (${FRESH_OF_WANTED}), gone AS (
         DELETE FROM daily_product_stats AS kept USING wanted
         WHERE kept.product_id = wanted.product_id AND (wanted.day IS NULL OR kept.day = wanted.day)
           AND ${isGoneSql(KEPT)}
       ) ${writeFreshSql(KEPT)}`,
      [JSON.stringify(withoutCovered(slices))],
    );
  },
  differences: differencesSql(KEPT, ALL),
};

/** Each row once: days of products that are computed as a whole are computed with them. */
function withoutCovered(slices: readonly Slice[]): readonly Slice[] {
  const whole = new Set(slices.filter(({ day }) => day === null).map(({ product_id: id }) => id));
  return slices.filter(({ product_id: id, day }) => day === null || !whole.has(id));
}
