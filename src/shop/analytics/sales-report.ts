import type { JobDefinition, JobRun } from '../../index.js';
import { countDays, type DayRange } from './day-range.js';

interface Arguments {
  readonly range: DayRange;
  readonly groupBy: 'DAY' | 'WEEK' | 'MONTH';
}

interface Group {
  readonly begins: string;
  readonly orders: number;
  readonly units: number;
  readonly revenue: string;
}

interface State {
  /** The last order that is counted. */
  readonly after: number;
  /** Of the last order there is; null: nobody has looked. */
  readonly last: number | null;
  readonly groups: readonly Group[];
}

const CHUNK_ORDERS = 20_000;

/** What chunks have come to is added up by PostgreSQL: its numbers are exact. */
const CHUNK = `
WITH chunk AS (
  SELECT id, placed_at, status FROM orders WHERE id > $1 ORDER BY id LIMIT ${CHUNK_ORDERS}
), counted AS (
  SELECT date_trunc($4, chunk.placed_at AT TIME ZONE 'UTC')::date AS begins, 1 AS orders,
    coalesce(item.units, 0) AS units, coalesce(item.revenue, 0) AS revenue
  FROM chunk
  LEFT JOIN LATERAL (
    SELECT sum(quantity)::bigint AS units, sum(quantity * unit_price) AS revenue
    FROM order_items WHERE order_id = chunk.id
  ) AS item ON true
  WHERE chunk.status <> 'CANCELLED'
    AND chunk.placed_at >= ($2::date)::timestamp AT TIME ZONE 'UTC'
    AND chunk.placed_at < ($3::date + 1)::timestamp AT TIME ZONE 'UTC'
  UNION ALL
  SELECT begins, orders, units, revenue
  FROM jsonb_to_recordset($5::jsonb) AS before (begins date, orders bigint, units bigint, revenue numeric)
)
SELECT
  (SELECT max(id) FROM chunk) AS last,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('begins', begins, 'orders', orders, 'units', units, 'revenue', revenue::text)
     ORDER BY begins), '[]')
   FROM (SELECT begins, sum(orders) AS orders, sum(units) AS units, sum(revenue) AS revenue FROM counted GROUP BY begins)
     AS grouped) AS groups`;

/** Goes through all orders in chunks, so that it takes little memory, however many there are, and can be taken up again. */
export const salesReport: JobDefinition = {
  name: 'Query.salesReport',
  reads: ['Order', 'OrderItem'],
  async run({ range, groupBy }: Arguments, job: JobRun) {
    countDays(range);
    const { groups } = await job.fold<State>({
      start: { after: 0, last: null, groups: [] },
      async chunk(sql, state) {
        const last = state.last ?? (await findLast(sql));
        const [row] = await sql<{ last: number | null; groups: Group[] }>(CHUNK, [
          state.after,
          range.from,
          range.to,
          groupBy.toLowerCase(),
          JSON.stringify(state.groups),
        ]);
        const after = row?.last ?? null;
        return {
          state: { after: after ?? state.after, last, groups: row?.groups ?? state.groups },
          isDone: after === null,
          done: Math.min(after ?? last, last),
          total: last,
        };
      },
    });
    const [sum] = await job.sql<{ orders: number; units: number; revenue: string }>(
      `SELECT coalesce(sum(orders), 0)::int AS orders, coalesce(sum(units), 0)::int AS units,
         coalesce(sum(revenue), 0)::numeric(20, 2)::text AS revenue
       FROM jsonb_to_recordset($1::jsonb) AS row (orders bigint, units bigint, revenue numeric)`,
      [JSON.stringify(groups)],
    );
    return {
      rows: groups,
      orders: sum?.orders ?? 0,
      units: sum?.units ?? 0,
      revenue: sum?.revenue ?? '0.00',
    };
  },
};

async function findLast(sql: Parameters<Parameters<JobRun['fold']>[0]['chunk']>[0]): Promise<number> {
  const [row] = await sql<{ last: number | null }>('SELECT max(id) AS last FROM orders');
  return row?.last ?? 0;
}
