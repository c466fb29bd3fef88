import type { JobDefinition, JobRun } from '../../../src/jobs/job-definition.js';

const ITEMS = 60;

/** Jobs whose effects are counted by whoever watches. */
export function createBadJobs(): readonly JobDefinition[] {
  return [
    {
      // Slow enough to be hit in the middle; each item is written down in the chunk's own transaction.
      name: 'ledger',
      attempts: 20,
      async run({ chunk = 5 }: { chunk?: number }, job: JobRun) {
        const { after } = await job.fold<{ after: number }>({
          start: { after: 0 },
          async chunk(sql, state) {
            const last = Math.min(ITEMS, state.after + chunk);
            await sql('INSERT INTO effects (job, item) SELECT $1, generate_series($2::int + 1, $3::int)', [
              job.id,
              state.after,
              last,
            ]);
            await sql('SELECT pg_sleep(0.02)');
            return { state: { after: last }, isDone: last === ITEMS, done: last, total: ITEMS };
          },
        });
        return after;
      },
    },
    {
      // Done again where nobody knows whether it was: its effect is one by its key.
      name: 'once',
      attempts: 20,
      run: (_args: object, job: JobRun) =>
        job.transaction((sql) =>
          sql('INSERT INTO effects (job, item) VALUES ($1, 0) ON CONFLICT DO NOTHING', [job.id]),
        ),
    },
    {
      // Each firing is written down.
      name: 'tick',
      run: (_args: object, job: JobRun) =>
        job.transaction((sql) => sql('INSERT INTO effects (job, item) VALUES ($1, 1)', [job.id])),
    },
    { name: 'poison', attempts: 2, run: () => Promise.reject(new Error('poison')) },
    {
      name: 'throws',
      attempts: 1,
      run: () => {
        throw new Error('at once');
      },
    },
    { name: 'never-ends', attempts: 1, timeoutMs: 300, run: () => new Promise(() => undefined) },
    { name: 'spins', attempts: 1, timeoutMs: 500, thread: new URL('./spinning.js', import.meta.url) },
    { name: 'leaks', attempts: 1, timeoutMs: 60_000, thread: new URL('./leaking.js', import.meta.url) },
    { name: 'computes', attempts: 1, thread: new URL('./computing.js', import.meta.url) },
  ];
}

export const LEDGER_ITEMS = ITEMS;
