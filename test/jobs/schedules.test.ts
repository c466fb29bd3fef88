import { checkSchedules, installSchedules, listSchedules } from '../../src/jobs/install-schedules.js';
import { JobCatalogue } from '../../src/jobs/job-catalogue.js';
import type { JobDefinition } from '../../src/jobs/job-definition.js';
import { domainGraph } from '../domain/domain-graph.js';
import { until } from '../embedded/until.js';
import { type JobBench, openJobBench } from './job-bench.js';

const firings: number[] = [];
const JOBS: readonly JobDefinition[] = [
  { name: 'tick', queue: 'maintenance', run: async () => void firings.push(Date.now()) },
  { name: 'weekly', queue: 'orders', run: async () => undefined },
];

let bench: JobBench;
let catalogue: JobCatalogue;
beforeAll(async () => {
  bench = await openJobBench(JOBS);
  catalogue = new JobCatalogue({ definitions: JOBS, fields: [], graph: await domainGraph() });
}, 60_000);
afterAll(() => bench.close());

describe('a schedule', () => {
  it('fires once, however many workers there are and however often they start', async () => {
    const schedules = [{ job: 'tick', everyMs: 1_000 }];
    const workers = await Promise.all([bench.work(), bench.work(), bench.work()]);
    // Each installs it, as each does when it starts; the last of them some time after the others.
    await Promise.all(workers.map(() => installSchedules(bench.queues, catalogue, schedules)));
    await until('it has fired', async () => firings.length >= 1);
    await installSchedules(bench.queues, catalogue, schedules);
    const before = firings.length;
    await until('it has fired twice more', async () => firings.length >= before + 2);
    const [{ runs } = { runs: 0 }] = await listSchedules(bench.queues);
    expect(runs).toBeGreaterThanOrEqual(2);
    const done = await bench.queues.list('maintenance', ['COMPLETED'], 100);
    // One job for each time that it was due.
    expect(new Set(done.map(({ id }) => id)).size).toBe(done.length);
    expect(firings.length).toBeLessThanOrEqual(done.length + 1);
    await Promise.all(workers.map((worker) => worker.close()));
  });

  it('is taken away once the app has it no longer', async () => {
    await installSchedules(bench.queues, catalogue, [
      { job: 'weekly', cron: '0 6 * * 1', timeZone: 'Europe/Vienna' },
    ]);
    const [only, ...others] = await listSchedules(bench.queues);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ job: 'weekly', queue: 'orders', times: '0 6 * * 1 Europe/Vienna' });
    const next = new Date(only!.nextAtMs!);
    expect([next.getTime() > Date.now(), next.getUTCDay()]).toEqual([true, 1]);
    await installSchedules(bench.queues, catalogue, []);
    expect(await listSchedules(bench.queues)).toEqual([]);
  });

  it('names a job that there is, once, and a time that can be', () => {
    const check = () =>
      checkSchedules(
        [
          { job: 'weekli', everyMs: 1_000 },
          { job: 'tick', everyMs: 10 },
          { job: 'tick', cron: '* * * * *' },
        ],
        catalogue,
      );
    expect(check).toThrow('"weekli" is no job (did you mean "weekly"?)');
    expect(check).toThrow('"tick" is scheduled twice');
    expect(check).toThrow('"tick" runs every 10 ms, of 1000 to 31536000000');
  });
});

describe('an app’s jobs', () => {
  it('are refused as they can’t be, all faults at once', async () => {
    const graph = await domainGraph();
    const run = async () => undefined;
    const fields = [
      { coordinate: 'Query.herd', typeName: 'HerdJob', queue: 'analytics', priority: 0, waitMs: 0 } as const,
    ];
    const definitions = [
      { name: 'Query.herds', run },
      { name: 'No Name', run },
      { name: 'sluice-mine', run },
      { name: 'lost', queue: 'analytcs', run } as never,
      { name: 'tireless', attempts: 99, run },
      { name: 'huge', batch: { maxItems: 5_000, maxWaitMs: 9e9 }, runBatch: async () => [] },
      { name: 'twice', run },
      { name: 'twice', run },
      { name: 'reader', reads: ['Animl', 'Animal.nam'], run },
    ];
    let message = '';
    try {
      new JobCatalogue({ definitions, fields, graph });
    } catch (error) {
      message = String(error);
    }
    for (const fault of [
      'the job "Query.herds" stands for a field without @offload (did you mean "Query.herd"?)',
      'the job "No Name" is neither named after a field nor in small letters',
      'the job "sluice-mine" has a name that begins with sluice-',
      'the job "lost" names the queue "analytcs", of analytics, catalog, orders, maintenance, default (did you mean "analytics"?)',
      'the job "tireless" has 99 attempts; from 1 to 20 can be',
      'the job "huge" has batches of 5000; from 1 to 1000 can be',
      'the job "huge" has batches that wait 9000000000 ms',
      'the job "twice" is defined twice',
      'the job "reader" reads Animl, which is no model (did you mean "Animal"?)',
      'the job "reader" reads Animal.nam, which is no column of Animal (did you mean "name"?)',
      'Query.herd has @offload, but the app defines no job of this name',
    ])
      expect(message).toContain(fault);
  });
});
