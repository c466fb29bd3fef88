import { installSchedules, listSchedules } from '../../src/jobs/install-schedules.js';
import { JobCatalogue } from '../../src/jobs/job-catalogue.js';
import type { JobDefinition } from '../../src/jobs/job-definition.js';
import { domainGraph } from '../domain/domain-graph.js';
import { until } from '../embedded/until.js';
import { type JobBench, openJobBench } from './job-bench.js';

let failures = 0;
let ticks = 0;
const JOBS: readonly JobDefinition[] = [
  { name: 'echo', run: async (args: object) => args },
  {
    name: 'recovers',
    attempts: 2,
    run: async () => {
      failures += 1;
      if (failures === 1) throw new Error('not yet');
      return failures;
    },
  },
  { name: 'poison', attempts: 1, run: async () => Promise.reject(new Error('poison')) },
  {
    name: 'tick',
    run: async () => {
      ticks += 1;
    },
  },
];

// One machine without Redis: what Redis's full suite shows, in small.
let bench: JobBench;
beforeAll(async () => {
  bench = await openJobBench(JOBS, { backend: 'postgres' });
}, 60_000);
afterAll(() => bench.close());

describe('queues in PostgreSQL', () => {
  it('hold equal requests as one job, and let it be called off', async () => {
    const asked = await Promise.all(
      Array.from({ length: 20 }, () =>
        bench.queues.enqueue({ name: 'echo', id: 'equal', args: {}, viewer: null }),
      ),
    );
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(await bench.queues.list('default', ['WAITING'], 10)).toHaveLength(1);
    expect(await bench.queues.cancel('default', 'equal')).toBe(true);
  });

  it('have jobs run, tried again, and kept where they fail', async () => {
    await bench.work();
    expect(await bench.ended('echo', 'equal')).toMatchObject({ state: 'CANCELLED' });
    expect(await bench.run('echo', { a: 1 })).toMatchObject({ state: 'COMPLETED', result: { a: 1 } });
    expect(await bench.run('recovers')).toMatchObject({ state: 'COMPLETED', result: 2 });
    expect(await bench.run('poison')).toMatchObject({ state: 'FAILED', failure: 'poison' });
    expect((await bench.queues.list('default', ['FAILED'], 10)).map(({ name }) => name)).toEqual(['poison']);
  });

  it('keep schedules', async () => {
    const catalogue = new JobCatalogue({ definitions: JOBS, fields: [], graph: await domainGraph() });
    await installSchedules(bench.queues, catalogue, [{ job: 'tick', everyMs: 1_000 }]);
    expect(await listSchedules(bench.queues)).toMatchObject([{ job: 'tick', times: 'every 1 s' }]);
    await until('it fires', async () => ticks > 0);
    await installSchedules(bench.queues, catalogue, []);
  });
});
