import type pg from 'pg';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { PgRowReader, type PgRowReaderOptions } from '../../src/reads/pg/pg-row-reader.js';
import { PipelineClient } from '../../src/reads/pg/pipeline-client.js';
import type { PipelineSettings } from '../../src/reads/pg/pipelined-clients.js';
import { TextQuery } from '../../src/reads/pg/text-query.js';
import { until } from '../embedded/until.js';
import { openPgZoo, type PgZoo, POOL_SETTINGS } from './pg-zoo.js';
import { asc, keyedQuery, relatedQuery, rowsQuery } from './queries.js';
import { withLock } from './with-lock.js';

const KEEPERS = rowsQuery({ model: 'Keeper', columns: ['name'], order: [asc('id')], limit: 10 });
const FOODS = rowsQuery({ model: 'Food', columns: ['name'], limit: 3 });
const SHARED = 'pipelines of a test';
const POOLED = 'pool of a test';

let zoo: PgZoo;
const open: { readonly pool: pg.Pool; readonly reader: PgRowReader }[] = [];

beforeAll(async () => {
  zoo = await openPgZoo();
});
afterEach(async () => {
  await Promise.all(open.splice(0).flatMap(({ pool, reader }) => [pool.end(), reader.end()]));
});
afterAll(() => zoo.close());

function openReader(
  settings: Partial<PipelineSettings> = {},
  options: Partial<PgRowReaderOptions> & { readonly poolSize?: number } = {},
) {
  const { poolSize = 2, ...readerOptions } = options;
  const pool = createPool({ ...POOL_SETTINGS, url: zoo.url, poolSize, applicationName: POOLED });
  const statements: string[] = [];
  const reader = new PgRowReader({
    pool,
    graph: zoo.graph,
    prepared: true,
    onStatement: (text) => statements.push(text),
    pipelines: {
      url: zoo.url,
      pipelines: 1,
      shortTimeoutMs: 10_000,
      connectTimeoutMs: 10_000,
      applicationName: SHARED,
      ...settings,
    },
    ...readerOptions,
  });
  open.push({ pool, reader });
  return { reader, pool, statements };
}

async function findShared(): Promise<number[]> {
  const { rows } = await zoo.pool.query(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
    [SHARED],
  );
  return rows.map(({ pid }) => pid);
}

async function waitsForLock(applicationName: string): Promise<boolean> {
  const { rowCount } = await zoo.pool.query(
    "SELECT FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'",
    [applicationName],
  );
  return rowCount !== 0;
}
const isWaiting = () => waitsForLock(SHARED);
const isPoolWaiting = () => waitsForLock(POOLED);

describe('short reads', () => {
  it('share connections without waiting for each other, and leave the pool alone', async () => {
    const { reader, pool } = openReader({ pipelines: 2 });
    const answers = await Promise.all(Array.from({ length: 40 }, () => reader.findRows(KEEPERS)));
    expect(answers).toEqual(Array.from({ length: 40 }, () => answers[0]));
    expect(await findShared()).toHaveLength(2);
    expect(pool.totalCount).toBe(0);
  });

  it('go out in one packet where they are asked at once', async () => {
    const client = new PipelineClient({ connectionString: zoo.url, pipeline: true });
    await client.connect();
    const { stream } = (client as unknown as { connection: pg.Connection }).connection;
    let packets = 0;
    for (const method of ['_write', '_writev'] as const) {
      const write = stream[method]!.bind(stream) as (...args: unknown[]) => void;
      stream[method] = (...args: unknown[]) => {
        packets += 1;
        write(...args);
      };
    }
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map(
        (number) =>
          new Promise((resolve) => {
            const statement = { text: 'SELECT $1::int4', values: [String(number)] };
            client.send(new TextQuery(statement, null, (error, rows) => resolve(error ?? rows)));
          }),
      ),
    );
    expect(answers).toEqual([[['1']], [['2']], [['3']], [['4']], [['5']]]);
    expect(packets).toBe(1);
    await client.end();
  });

  it('are answered each with its own rows, in whatever order they fail', async () => {
    const { reader } = openReader();
    const read = (value: string) =>
      reader.findRows(
        rowsQuery({
          model: 'Specimen',
          columns: ['id'],
          where: { kind: 'compare', column: 'day', op: 'lt', value },
          limit: 5,
        }),
      );
    const names = reader.findRows(KEEPERS);
    const outcomes = await Promise.allSettled([read('2020-02-30'), names, read('9999-01-01'), read('soon')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled', 'rejected']);
    expect(outcomes[0]).toMatchObject({ reason: { code: 'BAD_USER_INPUT' } });
    expect(await reader.findRows(KEEPERS)).toEqual(await names);
  });

  it('use generic plans', async () => {
    const client = new PipelineClient({ connectionString: zoo.url, pipeline: true });
    await client.connect();
    const { rows } = await client.query('SHOW plan_cache_mode');
    await client.end();
    expect(rows).toEqual([{ plan_cache_mode: 'force_generic_plan' }]);
  });

  it('are bounded lists, rows by key and related rows; counts, totals and lists without end are not', async () => {
    const { reader, pool } = openReader();
    await reader.findRowsByKeys(keyedQuery({ model: 'Keeper', keys: [[1]] }));
    await reader.findRelatedRows(
      relatedQuery({ parentModel: 'Taxon', relation: 'animals', model: 'Animal', parents: [[1]], limit: 2 }),
    );
    const shape = { model: 'Keeper', columns: ['name'], children: [] };
    const inputs = [{ where: KEEPERS.where, order: KEEPERS.order, limit: 2, after: null }];
    await reader.readPlan({ shape, inputs, total: null });
    expect(pool.totalCount).toBe(0);
    await reader.readPlan({ shape, inputs, total: KEEPERS.where });
    await reader.findRows({ ...KEEPERS, limit: null });
    expect(pool.totalCount).toBe(1);
  });

  it('leave out what is to be planned for its values', async () => {
    const { reader, pool } = openReader({}, { customPlans: ['Taxon', 'Animal.foods'] });
    await reader.findRows(KEEPERS);
    expect(await findShared()).toHaveLength(1);
    expect(pool.totalCount).toBe(0);
    await reader.findRows(rowsQuery({ model: 'Taxon', columns: ['id'], limit: 1 }));
    await reader.findRowsByKeys(keyedQuery({ model: 'Taxon', keys: [[1]] }));
    await reader.findRelatedRows(
      relatedQuery({ parentModel: 'Animal', relation: 'foods', model: 'Food', parents: [['1']], limit: 2 }),
    );
    const page = { where: KEEPERS.where, order: [], limit: 2, after: null };
    const child = { slot: 'a', relation: 'foods', when: null, input: 1, kind: 'many' } as const;
    const row = { model: 'Food', columns: ['name'], children: [] };
    const shape = { model: 'Animal', columns: ['name'], children: [{ ...child, row }] };
    await reader.readPlan({ shape, inputs: [page, page], total: null });
    await reader.readPlan({ shape: { ...shape, model: 'Taxon', children: [] }, inputs: [page], total: null });
    expect(pool.totalCount).toBeGreaterThan(0);
    expect((await zoo.pool.query(COUNT_SHARED_STATEMENTS, [SHARED])).rows).toEqual([
      { query: expect.stringContaining('keepers') },
    ]);
  });
});

const COUNT_SHARED_STATEMENTS =
  'SELECT query FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1';

describe('a short read that is not short', () => {
  it('is cancelled where others wait for it, and answered by the pool, where it goes from then on', async () => {
    const { reader, pool, statements } = openReader({ shortTimeoutMs: 600 });
    const answer = await withLock(zoo.url, 'zoo.foods', async () => {
      const reading = reader.findRows(FOODS);
      await until('the second attempt', () => statements.length === 2);
      return { reading };
    });
    await expect(answer.reading).resolves.toHaveLength(3);
    expect(pool.totalCount).toBe(1);
    statements.length = 0;
    const before = await findShared();
    await withLock(zoo.url, 'zoo.foods', async () => {
      const reading = reader.findRows(FOODS);
      await until('its wait', isPoolWaiting);
      return { reading };
    });
    expect(statements).toHaveLength(1);
    expect(await findShared()).toEqual(before);
  });

  it('is forgiven a busy moment', async () => {
    const { reader, pool } = openReader();
    const answer = await withLock(zoo.url, 'zoo.foods', async () => {
      const reading = reader.findRows(FOODS);
      await until('a lock wait', isWaiting);
      return { reading };
    });
    await answer.reading;
    for (let read = 0; read < 30; read++) await reader.findRows(FOODS);
    expect(pool.totalCount).toBe(0);
  });
});

describe('a shared connection', () => {
  it('that breaks takes nothing along: what waited is answered by the pool, the next read by a new one', async () => {
    const { reader, pool } = openReader();
    const expected = await reader.findRows(KEEPERS);
    const [pid] = await findShared();
    const answers = await withLock(zoo.url, 'zoo.keepers', async () => {
      const reading = Promise.all([1, 2, 3].map(() => reader.findRows(KEEPERS)));
      await until('a lock wait', isWaiting);
      await zoo.pool.query('SELECT pg_terminate_backend($1)', [pid]);
      return { reading };
    }).then(({ reading }) => reading);
    expect(answers).toEqual([expected, expected, expected]);
    expect(pool.totalCount).toBeGreaterThan(0);
    await until('its end', async () => !(await findShared()).includes(pid!));
    expect(await reader.findRows(KEEPERS)).toEqual(expected);
    expect(await findShared()).toHaveLength(1);
  });

  it('that breaks while nobody uses it is told', async () => {
    const told = new Promise<Error>((resolve) => {
      const { reader } = openReader({ onIdleError: resolve });
      void reader
        .findRows(KEEPERS)
        .then(async () => zoo.pool.query('SELECT pg_terminate_backend($1)', [(await findShared())[0]]));
    });
    expect((await told).message).toMatch(/terminat/);
  });

  it('that can not be had is no fault: the pool answers', async () => {
    const { reader, pool } = openReader({ url: 'postgresql://nobody@127.0.0.1:1/nothing' });
    await expect(reader.findRows(KEEPERS)).resolves.toHaveLength(5);
    expect(pool.totalCount).toBe(1);
  });

  it('that falls silent is dropped, and the pool answers', async () => {
    const { createServer, connect } = await import('node:net');
    const url = new URL(zoo.url);
    let isSilent = false;
    const proxy = createServer((client) => {
      const server = connect(Number(url.port), url.hostname);
      client.on('data', (data) => void (isSilent || server.write(data)));
      server.on('data', (data) => void client.write(data));
      client.on('error', () => server.destroy()).on('close', () => server.destroy());
      server.on('error', () => client.destroy()).on('close', () => client.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const through = new URL(zoo.url);
    through.port = String((proxy.address() as { port: number }).port);
    const { reader, pool } = openReader({ url: through.href, shortTimeoutMs: 10 });
    await reader.findRows(KEEPERS);
    isSilent = true;
    await expect(reader.findRows(KEEPERS)).resolves.toHaveLength(5);
    expect(pool.totalCount).toBe(1);
    await new Promise((resolve) => proxy.close(resolve));
  });
});

describe('too many readers', () => {
  it('are refused once as many wait as may', async () => {
    const { reader, pool } = openReader({}, { poolSize: 1, maxWaiting: 2 });
    const client = await pool.connect();
    const all = { ...KEEPERS, limit: null };
    const waiting = [reader.findRows(all), reader.findRows(all)];
    await expect(reader.findRows(all)).rejects.toMatchObject({ code: 'OVERLOADED' });
    client.release();
    await expect(Promise.all(waiting)).resolves.toHaveLength(2);
  });

  it('of short reads overflow to the pool', async () => {
    const { reader, pool } = openReader();
    const answers = await Promise.all(Array.from({ length: 70 }, () => reader.findRows(KEEPERS)));
    expect(answers).toHaveLength(70);
    expect(pool.totalCount).toBeGreaterThan(0);
  });
});
