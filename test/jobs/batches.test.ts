import type { BatchOutcome, JobDefinition } from '../../src/jobs/job-definition.js';
import { until } from '../embedded/until.js';
import { type JobBench, openJobBench } from './job-bench.js';

const batches: (readonly number[])[] = [];

function batch(
  name: string,
  maxItems: number,
  maxWaitMs: number,
  more: Partial<JobDefinition> = {},
): JobDefinition {
  return {
    name,
    attempts: 1,
    batch: { maxItems, maxWaitMs },
    async runBatch(items: readonly { n: number }[]): Promise<readonly BatchOutcome[]> {
      const numbers = items.map(({ n }) => n);
      batches.push(numbers);
      if (numbers.includes(666)) throw new Error('poison');
      return numbers.map((n) => (n < 0 ? { error: new Error(`${n} is negative`) } : { result: n * 2 }));
    },
    ...more,
  } as JobDefinition;
}

let bench: JobBench;
beforeAll(async () => {
  bench = await openJobBench([
    batch('pairs', 50, 1_000),
    batch('late', 50, 200),
    batch('short', 3, 100, { runBatch: async () => [{ result: 'only one' }] } as never),
    batch('patient', 10, 600_000),
    { name: 'beside', run: async () => 'done' },
  ]);
}, 60_000);
afterAll(() => bench.close());
beforeEach(() => {
  batches.length = 0;
});

async function ask(name: string, numbers: readonly number[]): Promise<readonly string[]> {
  const asked = await Promise.all(
    numbers.map((n) => bench.queues.enqueue({ name, id: null, args: { n }, viewer: null })),
  );
  return asked.map(({ id }) => id);
}

const endOf = (name: string, ids: readonly string[]) => Promise.all(ids.map((id) => bench.ended(name, id)));

describe('a batch', () => {
  it('has as many as wait, up to its bound, whatever the worker’s concurrency; each gets its own result', async () => {
    const numbers = Array.from({ length: 120 }, (_, index) => index);
    const ids = await ask('pairs', numbers);
    const worker = await bench.work({ maxConcurrency: 2 });
    const ended = await endOf('pairs', ids);
    await worker.close();
    expect(ended.map(({ state, result }) => [state, result])).toEqual(
      numbers.map((n) => ['COMPLETED', n * 2]),
    );
    expect(batches.flat().sort((a, b) => a - b)).toEqual(numbers);
    // Many more than the worker takes of others, and never more than a batch may have.
    const sizes = batches.map(({ length }) => length);
    expect(Math.max(...sizes)).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
  });

  it('runs with fewer, once the first has waited long enough', async () => {
    const worker = await bench.work();
    const ended = await endOf('late', await ask('late', [1, 2]));
    await worker.close();
    expect(ended.map(({ result }) => result)).toEqual([2, 4]);
    expect(batches).toEqual([[1, 2]]);
  });

  it('acknowledges each item: one that fails fails alone', async () => {
    const worker = await bench.work();
    const ended = await endOf('late', await ask('late', [1, -1, 3]));
    await worker.close();
    expect(ended.map(({ state, result, failure }) => [state, result ?? failure])).toEqual([
      ['COMPLETED', 2],
      ['FAILED', '-1 is negative'],
      ['COMPLETED', 6],
    ]);
    expect(batches).toHaveLength(1);
  });

  it('that throws as a whole is tried item by item, so that the poison fails alone', async () => {
    const worker = await bench.work();
    const ended = await endOf('late', await ask('late', [1, 666, 3]));
    await worker.close();
    expect(ended.map(({ state }) => state)).toEqual(['COMPLETED', 'FAILED', 'COMPLETED']);
    expect(batches).toEqual([[1, 666, 3], [1], [666], [3]]);
  });

  it('that says nothing of an item has failed it', async () => {
    const worker = await bench.work();
    const ended = await endOf('short', await ask('short', [1, 2]));
    await worker.close();
    expect(ended.map(({ result, failure }) => result ?? failure)).toEqual([
      'only one',
      'the batch gave no outcome for it',
    ]);
  });

  it('takes the place of no other job while it waits', async () => {
    const worker = await bench.work({ maxConcurrency: 1 });
    const ids = await ask('patient', [1, 2, 3]);
    expect(await bench.run('beside')).toMatchObject({ state: 'COMPLETED' });
    // A worker that ends doesn't wait for more.
    await worker.close();
    expect((await endOf('patient', ids)).map(({ result }) => result)).toEqual([2, 4, 6]);
  });

  it('does without an item that is called off while it waits', async () => {
    const worker = await bench.work();
    const [first = '', second = ''] = await ask('patient', [1, 2]);
    await until('both wait', async () => (await bench.queues.list('default', ['ACTIVE'], 10)).length === 2);
    await bench.queues.cancel('default', first);
    expect(await bench.ended('patient', first)).toMatchObject({ state: 'CANCELLED' });
    await worker.close();
    expect([(await bench.ended('patient', second)).result, batches]).toEqual([4, [[2]]]);
  });
});
