import type { JobDefinition, JobRun } from '../../index.js';

/** What yesterday came to, beside the week before; put together of parts that run side by side. */
export const dailyReport: JobDefinition = {
  name: 'daily-report',
  queue: 'analytics',
  async run(_args: object, job: JobRun) {
    const day = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    const children = [
      { name: 'daily-sales', args: { day } },
      { name: 'daily-traffic', args: { day } },
    ];
    const id = await job.enqueue('daily-summary', { day }, { key: day, children });
    return { day, summary: id };
  },
};

interface Day {
  readonly day: string;
}

export const dailySales: JobDefinition = {
  name: 'daily-sales',
  queue: 'analytics',
  async run({ day }: Day, job: JobRun) {
    const [row] = await job.sql(
      `SELECT count(*) FILTER (WHERE placed_at >= begins)::int AS orders,
         coalesce(sum(total) FILTER (WHERE placed_at >= begins), 0)::text AS revenue,
         round(coalesce(sum(total) FILTER (WHERE placed_at < begins), 0) / 7, 2)::text AS "revenueOfADayBefore"
       FROM orders, (SELECT ($1::date)::timestamp AT TIME ZONE 'UTC' AS begins) AS day
       WHERE placed_at >= begins - interval '7 days' AND placed_at < begins + interval '1 day' AND status <> 'CANCELLED'`,
      [day],
    );
    return row ?? null;
  },
};

export const dailyTraffic: JobDefinition = {
  name: 'daily-traffic',
  queue: 'analytics',
  async run({ day }: Day, job: JobRun) {
    const [row] = await job.sql(
      'SELECT coalesce(sum(views), 0)::int AS views, count(*)::int AS products FROM daily_product_stats WHERE day = $1',
      [day],
    );
    return row ?? null;
  },
};

/** Runs once its parts have: told in the log, and kept with the job. */
export const dailySummary: JobDefinition = {
  name: 'daily-summary',
  queue: 'analytics',
  async run({ day }: Day, job: JobRun) {
    const parts = Object.fromEntries((await job.childResults()).map(({ name, result }) => [name, result]));
    job.log.info({ day, ...parts }, 'The day before');
    return { day, ...parts };
  },
};
