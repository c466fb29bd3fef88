import type { JobDefinition, JobRun } from '../../src/jobs/job-definition.js';
import { badUserInput } from '../../src/kernel/sluice-error.js';
import { until } from '../embedded/until.js';
import { type JobBench, openJobBench } from './job-bench.js';

/** What happened, in order. */
const events: string[] = [];
let release: () => void = () => {};
let gate = Promise.resolve();
function closeGate(): void {
  gate = new Promise((resolve) => {
    release = resolve;
  });
}
const failures = new Map<string, number>();

const JOBS: readonly JobDefinition[] = [
  { name: 'echo', run: async (args: object) => args },
  {
    name: 'ordered',
    queue: 'catalog',
    run: async ({ name }: { name: string }) => void events.push(name),
  },
  {
    name: 'waits',
    queue: 'orders',
    async run({ name }: { name: string }) {
      events.push(`begin ${name}`);
      await gate;
      events.push(`end ${name}`);
      return name;
    },
  },
  {
    name: 'recovers',
    attempts: 3,
    async run({ name, times }: { name: string; times: number }) {
      const before = failures.get(name) ?? 0;
      failures.set(name, before + 1);
      if (before < times) throw new Error(`failure ${before + 1}`);
      return before;
    },
  },
  {
    name: 'throws',
    attempts: 1,
    run: () => {
      throw new Error('at once');
    },
  },
  {
    name: 'refuses',
    attempts: 5,
    run: async () => {
      throw badUserInput(['days'], 'must be positive');
    },
  },
  { name: 'never-ends', attempts: 1, timeoutMs: 200, run: () => new Promise(() => undefined) },
  {
    name: 'slow-sql',
    attempts: 1,
    statementTimeoutMs: 100,
    run: (_args: object, job: JobRun) => job.sql('SELECT pg_sleep(20)'),
  },
  {
    name: 'writes-by-reading',
    attempts: 1,
    run: (_args: object, job: JobRun) => job.sql('CREATE TABLE no (id int)'),
  },
  { name: 'large', attempts: 1, run: async () => 'x'.repeat(20_000) },
  {
    name: 'parent',
    async run(_args: object, job: JobRun) {
      return (await job.childResults()).map(({ name, result }) => [name, result]);
    },
  },
  {
    name: 'begets',
    run: (_args: object, job: JobRun) =>
      job.enqueue(
        'parent',
        {},
        {
          children: [
            { name: 'echo', args: { part: 1 } },
            { name: 'echo', args: { part: 2 } },
          ],
        },
      ),
  },
  { name: 'begets-nothing', attempts: 1, run: (_args: object, job: JobRun) => job.enqueue('nothing') },
];

let bench: JobBench;
beforeAll(async () => {
  bench = await openJobBench(JOBS);
}, 60_000);
afterAll(() => bench.close());
beforeEach(() => {
  events.length = 0;
});

const ask = (name: string, args: object, more: object = {}) =>
  bench.queues.enqueue({ name, id: null, args, viewer: null, ...more });

describe('what waits', () => {
  it('is taken by priority, then in order', async () => {
    const ids = [
      ...[await ask('ordered', { name: 'a' }), await ask('ordered', { name: 'b' })],
      ...[
        await ask('ordered', { name: 'urgent' }, { priority: 1 }),
        await ask('ordered', { name: 'less urgent' }, { priority: 5 }),
      ],
    ];
    const worker = await bench.work({ queue: 'catalog', maxConcurrency: 1 });
    for (const { id } of ids) await bench.ended('ordered', id);
    await worker.close();
    // Those without any come first in BullMQ, in the order that they came.
    expect(events).toEqual(['a', 'b', 'urgent', 'less urgent']);
  });

  it('is one job for equal requests, however many, while it waits or runs', async () => {
    const all = await Promise.all(
      Array.from({ length: 200 }, () => ask('waits', { name: 'one' }, { id: 'equal' })),
    );
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(['equal']));
    expect(await bench.queues.list('orders', ['WAITING'], 100)).toHaveLength(1);
  });

  it('can be called off, and never runs then, until it is asked for again', async () => {
    expect(await bench.queues.cancel('orders', 'equal')).toBe(true);
    expect((await bench.queues.find('orders', 'equal'))!.state).toBe('CANCELLED');
    const worker = await bench.work();
    expect(await bench.ended('waits', 'equal')).toMatchObject({
      state: 'CANCELLED',
      failure: 'CANCELLED: The job was called off',
    });
    expect(events).toEqual([]);
    expect(await bench.queues.cancel('orders', 'equal')).toBe(false);
    await ask('waits', { name: 'one' }, { id: 'equal' });
    expect(await bench.ended('waits', 'equal')).toMatchObject({ state: 'COMPLETED', result: 'one' });
    await worker.close();
  });

  it('is refused where too much does', async () => {
    const small = await openJobBench(JOBS, { maxWaiting: 3 });
    try {
      for (let job = 0; job < 3; job++)
        await small.queues.enqueue({ name: 'echo', id: null, args: {}, viewer: null });
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      await expect(
        small.queues.enqueue({ name: 'echo', id: null, args: {}, viewer: null }),
      ).rejects.toMatchObject({
        code: 'OVERLOADED',
        message: '3 jobs wait in the queue "default" already; ask again later',
      });
    } finally {
      await small.close();
    }
  });
});

describe('a worker', () => {
  beforeAll(() => bench.work());

  it('gives what a job returns, with the arguments as they were', async () => {
    const args = { text: 'ä', when: new Date(0), big: 2n ** 70n, list: [1, null], bytes: Buffer.from('x') };
    const { id } = await ask('echo', { ...args, big: undefined, bytes: undefined });
    expect((await bench.ended('echo', id)).result).toEqual({
      text: 'ä',
      when: '1970-01-01T00:00:00.000Z',
      list: [1, null],
    });
  });

  it('tries again after a failure, and tells how often', async () => {
    expect(await bench.run('recovers', { name: 'twice', times: 2 })).toMatchObject({
      state: 'COMPLETED',
      result: 2,
    });
    expect(await bench.run('recovers', { name: 'always', times: 9 })).toMatchObject({
      state: 'FAILED',
      failure: 'failure 3',
      attempts: 3,
    });
  });

  it('keeps what failed for good, to be looked at and run again', async () => {
    const [dead] = await bench.queues.list('default', ['FAILED'], 1);
    expect(dead).toMatchObject({ name: 'recovers', failure: 'failure 3', attempts: 3, state: 'FAILED' });
    failures.set('always', 9);
    expect(await bench.queues.retry('default', dead!.id)).toBe(true);
    expect(await bench.ended('recovers', dead!.id)).toMatchObject({ state: 'COMPLETED', result: 9 });
    expect(await bench.queues.retry('default', dead!.id)).toBe(false);
  });

  it.each([
    ['throws', 'at once'],
    ['never-ends', 'TIMEOUT: The job took longer than it may'],
    ['slow-sql', 'canceling statement due to statement timeout'],
    ['writes-by-reading', 'cannot execute CREATE TABLE in a read-only transaction'],
    ['large', expect.stringMatching(/^JOB_TOO_LARGE: The result of large takes 20002 bytes/)],
    ['begets-nothing', 'NOT_FOUND: The app defines no job "nothing"'],
  ])('outlives one that %s', async (name, failure) => {
    expect(await bench.run(name)).toMatchObject({ state: 'FAILED', failure });
    expect(await bench.run('echo', { still: 'here' })).toMatchObject({
      state: 'COMPLETED',
      result: { still: 'here' },
    });
  });

  it('does not try again what can only fail', async () => {
    expect(await bench.run('refuses')).toMatchObject({
      state: 'FAILED',
      failure: 'BAD_USER_INPUT: days must be positive',
      attempts: 1,
    });
  });

  it('runs a job once those that it waits for have ended, and hands it their results', async () => {
    const { result } = await bench.run('begets');
    const parent = await bench.ended('parent', String(result));
    expect(parent.result).toEqual([
      ['echo', { part: 1 }],
      ['echo', { part: 2 }],
    ]);
  });

  it('fails a job whose code it doesn’t have', async () => {
    await bench.queues
      .open('default')
      .add('from-the-future', { args: '', viewer: null, askedAtMs: 0 }, { jobId: 'future' });
    await until('it failed', async () => (await bench.queues.find('default', 'future'))?.state === 'FAILED');
    expect((await bench.queues.find('default', 'future'))!.failure).toContain('its code is gone');
  });

  it('tells whoever runs it how much waits and fails', async () => {
    const text = await bench.metrics.registry.metrics();
    expect(text).toContain('sluice_jobs_attempts_total{queue="default",outcome="failed"}');
    expect(text).toContain('sluice_jobs_enqueued_total{queue="orders",outcome="again"} ');
  });
});

describe('a worker that is to end', () => {
  it('finishes what it has', async () => {
    const own = await openJobBench(JOBS);
    try {
      closeGate();
      const worker = await own.work();
      const { id } = await own.queues.enqueue({
        name: 'waits',
        id: null,
        args: { name: 'finished' },
        viewer: null,
      });
      await until('it runs', async () => events.includes('begin finished'));
      const closing = worker.close(20_000);
      release();
      await closing;
      expect(await own.ended('waits', id)).toMatchObject({ state: 'COMPLETED', result: 'finished' });
    } finally {
      await own.close();
    }
  });

  it('hands back what takes longer, to be taken up by another', async () => {
    const own = await openJobBench(JOBS);
    try {
      closeGate();
      const worker = await own.work();
      const { id } = await own.queues.enqueue({
        name: 'waits',
        id: null,
        args: { name: 'back' },
        viewer: null,
      });
      await until('it runs', async () => events.includes('begin back'));
      await worker.close(50);
      expect((await own.queues.find('orders', id))!.state).toBe('WAITING');
      release();
      await own.work();
      expect(await own.ended('waits', id)).toMatchObject({ state: 'COMPLETED', result: 'back' });
      expect(events.filter((event) => event === 'begin back')).toHaveLength(2);
    } finally {
      await own.close();
    }
  });
});
