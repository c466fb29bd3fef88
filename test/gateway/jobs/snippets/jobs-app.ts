import { type BatchRun, defineApp, type JobRun } from '../../../../src/index.js';

export default defineApp({
  jobs: [
    {
      name: 'Query.herds',
      reads: ['Animal.taxonId'],
      run: async ({ minAnimals }: { minAnimals: number }, job: JobRun) => {
        const rows = await job.sql<{ id: number; animals: number }>(
          `SELECT taxon_id AS id, count(*)::int AS animals FROM zoo.animals
           GROUP BY taxon_id HAVING count(*) >= $1 ORDER BY 2 DESC, 1`,
          [minAnimals],
        );
        return rows.map(({ id, animals }) => ({ taxon: { id }, animals }));
      },
    },
    {
      name: 'weigh-all',
      queue: 'maintenance',
      run: (_args: object, job: JobRun) =>
        job.fold({
          start: { after: 0, kg: '0' },
          async chunk(sql, { after, kg }) {
            const [row] = await sql<{ last: number | null; kg: string }>(
              `SELECT max(id)::int AS last, ($2::numeric + coalesce(sum(weight_kg), 0))::text AS kg
               FROM (SELECT id, weight_kg FROM zoo.animals WHERE id > $1 ORDER BY id LIMIT 1000) AS chunk`,
              [after, kg],
            );
            return { state: { after: row?.last ?? after, kg: row?.kg ?? kg }, isDone: row?.last === null };
          },
        }),
    },
    {
      name: 'greet',
      queue: 'orders',
      batch: { maxItems: 50, maxWaitMs: 60_000 },
      runBatch: async (items: readonly { keeperId: number }[], job: BatchRun) => {
        job.log.info({ keepers: items.length }, 'Greeting');
        return items.map(({ keeperId }) => ({ result: `hello ${keeperId}` }));
      },
    },
  ],
  schedules: [{ job: 'weigh-all', cron: '0 4 * * *' }],
  queues: { analytics: { concurrency: { min: 1, max: 2 }, rate: { max: 10, perMs: 1_000 } } },
});
