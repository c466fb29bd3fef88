import { queryRows } from '../changes/engine-tables.js';
import { until } from '../embedded/until.js';
import type { TestDatabase } from '../services/database.js';
import { testRedisUrl } from '../services/database.js';
import { createShopDatabase } from '../shop/shop-database.js';
import { type LinkedProject, linkProject } from './linked-project.js';
import { createRecordingTerminal } from './recording-terminal.js';

let project: LinkedProject;
let database: TestDatabase;
let env: Record<string, string>;
const stopping = new AbortController();
let worker: Promise<{ code: number; output: string; notes: string }>;
beforeAll(async () => {
  [project, database] = await Promise.all([linkProject(), createShopDatabase()]);
  env = { DATABASE_URL: database.url, REDIS_URL: testRedisUrl(), SLUICE_LOG_LEVEL: 'fatal' };
}, 60_000);
afterAll(async () => {
  stopping.abort(new Error('the test is over'));
  await worker;
  await database.drop();
  await project.remove();
});

const run = (...args: string[]) => project.run(args, { env });

describe('before anything is set up', () => {
  it('says what is missing', async () => {
    const { code, notes } = await run('jobs', 'list');
    expect([code, notes]).toEqual([
      1,
      expect.stringMatching(/Nothing runs in the background here\n.*sluice -- migrate/),
    ]);
    const started = await run('worker');
    expect([started.code, started.notes]).toEqual([
      1,
      expect.stringContaining('There is nothing to be worked off'),
    ]);
  });
});

describe('sluice worker', () => {
  it('refuses a queue that there isn’t', async () => {
    const { code, notes } = await run('worker', '--queues', 'analytics,ordres');
    expect([code, notes]).toEqual([
      1,
      expect.stringContaining(
        'There is no queue "ordres" (did you mean "orders"?); there are analytics, catalog',
      ),
    ]);
  });

  it('says what it works on', async () => {
    await run('migrate');
    await run('capture', 'install');
    const terminal = createRecordingTerminal();
    worker = project.run(
      ['worker', '--concurrency', '2', '--queues', 'analytics,catalog,maintenance,orders'],
      {
        env,
        terminal,
        stopSignal: stopping.signal,
      },
    );
    await until('it works', async () => terminal.output.includes('Working on'));
    expect(terminal.output).toContain(
      '● Working on analytics, catalog, orders, maintenance\n  Up to 2 jobs of each at a time',
    );
  }, 60_000);
});

describe('sluice jobs', () => {
  it('run: shows how far a job is, and what it gave', async () => {
    const { code, output, notes } = await run('jobs', 'run', 'low-stock');
    expect([code, JSON.parse(output)]).toEqual([
      0,
      { name: 'low-stock', result: { products: expect.any(Number) } },
    ]);
    expect(notes).toContain('✓ low-stock ended well');
  });

  it.each([
    [['run', 'low-stok'], 'There is no job "low-stok" (did you mean "low-stock"?); there are sluice-trim'],
    [['run', 'Query.salesReport'], 'Jobs of fields are run by asking for the field.'],
    [['run', 'low-stock', '--args', '[1]'], '--args is to be an object'],
    [['run', 'low-stock', '--args', '{'], '--args is no JSON'],
    [['list', '--queue', 'order'], 'There is no queue "order" (did you mean "orders"?)'],
    [
      ['list', '--state', 'done'],
      'No job is ever "done"; states are waiting, delayed, active, completed, failed, cancelled',
    ],
    [['show', 'nothing'], 'There is no job nothing'],
    [['retry', 'orders/none'], 'There is no job orders/none'],
  ])('say what is wrong: %p', async (args, message) => {
    const { code, notes } = await run('jobs', ...args);
    expect([code, notes]).toEqual([1, expect.stringContaining(message)]);
  });

  it('list: how many are in which state, and the newest', async () => {
    const { output } = await run('jobs', 'list', '--queue', 'catalog');
    expect(output).toMatch(/queue +waiting +prioritized +delayed +active +completed +failed/);
    expect(output).toMatch(/catalog\/[\w-]+ +low-stock +completed +1\/3/);
    expect((await run('jobs', 'list', '--state', 'failed')).notes).toContain('No job is failed.');
  });

  it('show, cancel, retry: one that fails is looked at and run again', async () => {
    const failing = await run('jobs', 'run', 'restock-advice', '--args', '{"productId": 999999}');
    expect([failing.code, failing.notes]).toEqual([
      1,
      expect.stringMatching(
        /restock-advice failed: BAD_USER_INPUT: productId is 999999, which no product has/,
      ),
    ]);
    const [, id = ''] = /jobs show (\S+)/.exec(failing.notes) ?? [];
    const shown = await run('jobs', 'show', id);
    expect(shown.output).toMatch(/name +restock-advice\nstate +failed\narguments +\{"productId":999999\}/);
    expect(shown.notes).toContain(`jobs retry ${id}`);
    expect((await run('jobs', 'cancel', id)).notes).toContain('The job is failed already');
    expect((await run('jobs', 'retry', id)).code).toBe(1);
  }, 60_000);

  it('schedules: what runs when', async () => {
    const { output } = await run('jobs', 'schedules');
    expect(output).toMatch(/daily-report +analytics +15 0 \* \* \* UTC +\d{4}-\d\d-\d\d 00:15:00/);
    expect(output).toMatch(/sluice-rollups +maintenance +every 5 s/);
  });

  it('verify-rollups: whether they are what they should be', async () => {
    const sound = await run('jobs', 'verify-rollups');
    expect([sound.code, sound.notes]).toEqual([
      0,
      expect.stringContaining('✓ daily-product-stats is what it should be'),
    ]);
    await queryRows(
      database.url,
      'SET session_replication_role = replica; UPDATE daily_product_stats SET views = views + 1 WHERE id = (SELECT min(id) FROM daily_product_stats)',
    );
    const wrong = await run('jobs', 'verify-rollups');
    expect([wrong.code, wrong.notes]).toEqual([
      1,
      expect.stringContaining('daily-product-stats differs in 1 places'),
    ]);
    expect(wrong.output).toContain('"product_id"');
  });
});
