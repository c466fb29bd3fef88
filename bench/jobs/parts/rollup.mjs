import { setTimeout as delay } from 'node:timers/promises';
import { median } from '../../harness/statistics.mjs';
import { withClient } from '../large-shop.mjs';
import { openShop } from './open-shop.mjs';

const ROUNDS = 5;
const RANGE = ['2025-01-01', '2025-03-31'];
const SCAN = `SELECT p.category_id AS id, sum(quantity)::int AS units, sum(quantity * unit_price)::text AS revenue
  FROM order_items i JOIN orders o ON o.id = i.order_id JOIN products p ON p.id = i.product_id
  WHERE o.status <> 'CANCELLED' AND placed_at >= ($1::date)::timestamp AT TIME ZONE 'UTC'
    AND placed_at < ($2::date + 1)::timestamp AT TIME ZONE 'UTC'
  GROUP BY 1 ORDER BY sum(quantity * unit_price) DESC, 1`;
/** Of whole months, as the range is; days beside them come from `daily_category_stats`. */
const ROLLUP = `SELECT category_id AS id, sum(units_sold)::int AS units, sum(revenue)::text AS revenue
  FROM monthly_category_stats WHERE month >= $1 AND month < $2::date + 1 GROUP BY 1 HAVING sum(units_sold) > 0
  ORDER BY sum(revenue) DESC, 1`;

/** Revenue by category of a quarter, from the rollup and by a full scan: both by the server's clock, in turn. */
export async function measureRollup({ databaseUrl, redisUrl, say }) {
  const shop = await openShop({ databaseUrl, redisUrl });
  try {
    return await withClient(databaseUrl, async (client) => {
      say('waiting for the rollup');
      for (;;) {
        const { rows } = await client.query(
          'SELECT (SELECT count(*)::int FROM sluice.rollup_marks) AS marks, EXISTS (SELECT FROM monthly_category_stats) AS "isThere"',
        );
        if (rows[0].marks === 0 && rows[0].isThere) break;
        await delay(500);
      }
      await client.query('VACUUM ANALYZE daily_product_stats, daily_category_stats, monthly_category_stats');
      const ratios = [];
      let isEqual = true;
      for (let round = 0; round < ROUNDS; round++) {
        const scan = await time(client, SCAN);
        const rollup = await time(client, ROLLUP);
        ratios.push(scan.ms / rollup.ms);
        isEqual &&= JSON.stringify(scan.rows) === JSON.stringify(rollup.rows);
      }
      // As clients get it: a result that is there, and the field that has it computed.
      const query = `{ categoryRevenue(range: { from: "${RANGE[0]}", to: "${RANGE[1]}" }) { state result { revenue } } }`;
      while ((await shop.ask(query)).categoryRevenue.state !== 'COMPLETED') await delay(20);
      const asks = [];
      for (let round = 0; round < 20; round++) {
        const begin = performance.now();
        await shop.ask(query);
        asks.push(performance.now() - begin);
      }
      const scans = await time(client, SCAN);
      return [
        {
          what: `revenue by category of a quarter: the full scan’s time against the rollup’s, ${isEqual ? 'equal to the cent' : 'NOT EQUAL'}`,
          asked: '100x',
          measured: `${median(ratios).toFixed(0)}x`,
        },
        {
          what: `the same, the scan (${scans.ms.toFixed(0)} ms) against the API’s answer once it is computed (${median(asks).toFixed(1)} ms)`,
          asked: '',
          measured: `${(scans.ms / median(asks)).toFixed(0)}x`,
        },
      ];
    });
  } finally {
    await shop.stop();
  }
}

async function time(client, text) {
  const begin = performance.now();
  const { rows } = await client.query(text, RANGE);
  return { rows, ms: performance.now() - begin };
}
