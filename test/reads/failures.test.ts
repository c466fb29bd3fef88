import { once } from 'node:events';
import { createServer } from 'node:net';
import type pg from 'pg';
import { ALWAYS, type Condition } from '../../src/reads/condition.js';
import { createPool, type PoolSettings } from '../../src/reads/pg/create-pool.js';
import { classifyPgFailure } from '../../src/reads/pg/pg-failure.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import type { RowValue } from '../../src/reads/row.js';
import { openPgZoo, type PgZoo, POOL_SETTINGS } from './pg-zoo.js';
import { asc, keyedQuery, rowsQuery } from './queries.js';
import { withLock } from './with-lock.js';

let zoo: PgZoo;
const open: pg.Pool[] = [];

beforeAll(async () => {
  zoo = await openPgZoo();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((pool) => (pool.ended ? undefined : pool.end())));
});
afterAll(() => zoo.close());

const keepers = rowsQuery({ model: 'Keeper', columns: ['name'], order: [asc('id')] });

/** A reader over a pool of its own, of one connection unless said otherwise. */
function openReader(settings: Partial<PoolSettings> = {}): {
  reader: PgRowReader;
  pool: pg.Pool;
  statements: string[];
} {
  const all = { ...POOL_SETTINGS, url: zoo.url, poolSize: 1, ...settings };
  const pool = createPool(all);
  open.push(pool);
  const statements: string[] = [];
  const onStatement = (text: string): void => {
    statements.push(text);
  };
  return {
    reader: new PgRowReader({ pool, graph: zoo.graph, prepared: all.prepared, onStatement }),
    pool,
    statements,
  };
}

async function findPid(session: pg.Pool | pg.ClientBase): Promise<number> {
  return (await session.query('SELECT pg_backend_pid() AS pid')).rows[0].pid;
}

/** Ends the session that waits for a lock, once there is one other than those that were ended before. */
async function terminateWaiting(ended: readonly number[] = []): Promise<number> {
  for (;;) {
    const { rows } = await zoo.pool.query(
      `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> ALL ($1::int[])`,
      [ended],
    );
    if (rows.length > 0) return rows[0].pid;
  }
}

describe('a value that its type refuses', () => {
  const REFUSED: readonly (readonly [column: string, value: RowValue, problem: string])[] = [
    ['label', 'a\0b', 'U+0000'],
    ['label', 7, 'text'],
    ['token', '0b0e1c9e', 'UUID'],
    ['flag', 'true', 'true or false'],
    ['small', 32_768, 'between -32768 and 32767'],
    ['whole', -2_147_483_649, 'between'],
    ['whole', 1.5, 'whole number'],
    ['whole', '7a', 'whole number'],
    ['big', '9223372036854775808', 'between'],
    ['big', '9'.repeat(1_000_000), 'between'],
    ['ratio', '1.5', 'number'],
    ['single', 1e39, 'single-precision'],
    ['single', 1e-60, 'single-precision'],
    ['price', '1,5', 'decimal'],
    ['price', true, 'decimal'],
    ['seenAt', '2026-02-30T00:00:00Z', 'date and time'],
    ['seenAt', '2026-02-28', 'date and time'],
    ['seenZoned', '2026-02-28T25:00:00Z', 'date and time'],
    ['seenZoned', '2026-02-28T00:00:00+17:00', 'date and time'],
    ['seenZoned', 'now', 'date and time'],
    ['day', '2023-02-29', 'date'],
    ['day', '2023-02-28T00:00:00Z', 'date'],
    ['clock', '24:00:01', 'time'],
    ['clock', 'noon', 'time'],
    ['blob', 'no base64!', 'base64'],
    ['mood', 'calm', 'one of CALM, PLAYFUL, IN_A_HUFF'],
    ['moods', 'CALM', 'list'],
    ['wholes', [1, 'two'], 'whole number'],
    ['bigs', [['1'], ['x']], 'whole number'],
  ];

  it.each(REFUSED)(
    'is named with its column and without asking the database: %s',
    async (column, value, problem) => {
      zoo.statements.length = 0;
      const where: Condition = { kind: 'compare', column, op: 'eq', value };
      await expect(zoo.reader.findRows(rowsQuery({ model: 'Specimen', where }))).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        inputPath: [column],
        message: expect.stringContaining(problem),
      });
      expect(zoo.statements).toEqual([]);
    },
  );

  it.each([
    { kind: 'in', column: 'whole', values: [1, 2 ** 40], negated: false },
    { kind: 'text', column: 'label', op: 'contains', value: 'a\0b' },
  ] as const)('is refused in a condition of kind $kind too', async (where) => {
    await expect(zoo.reader.findRows(rowsQuery({ model: 'Specimen', where }))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
    });
  });

  it.each([
    ['seenZoned', '+300000-01-01T00:00:00.000Z'],
    ['day', '-004720-01-01'],
    ['payload', { a: '\0' }],
  ])(
    'only by the database is bad input as well, in our words, and costs no connection: %s',
    async (column, value) => {
      const { reader, pool } = openReader();
      const pid = await findPid(pool);
      const where: Condition = { kind: 'compare', column, op: 'lt', value };
      const failure = await reader
        .findRows(rowsQuery({ model: 'Specimen', where }))
        .catch((error: unknown) => error);
      expect(failure).toMatchObject({
        code: 'BAD_USER_INPUT',
        message: 'A value is not valid for its type.',
      });
      await expect(reader.findRows(keepers)).resolves.toHaveLength(5);
      expect(await findPid(pool)).toBe(pid);
    },
  );

  it.each([
    'Infinity',
    '2026-02-28T24:00:00Z',
    '2024-02-29 12:00:00.123456789+05:30',
    '-000043-03-15T12:00:00z',
  ])('is no rarer moment that PostgreSQL knows: %s', async (value) => {
    const where: Condition = { kind: 'compare', column: 'seenZoned', op: 'eq', value };
    await expect(zoo.reader.findRows(rowsQuery({ model: 'Specimen', where }))).resolves.toEqual([]);
  });
});

describe('a moment', () => {
  it('given with an offset is that moment also where the column has no zone', async () => {
    const find = (column: string, value: string): Promise<unknown> =>
      zoo.reader.findRows(
        rowsQuery({
          model: 'Specimen',
          columns: ['id'],
          where: { kind: 'compare', column, op: 'eq', value },
        }),
      );
    await expect(find('seenAt', '2026-01-31T17:30:00.123+05:30')).resolves.toEqual([{ id: 1 }]);
    await expect(find('seenZoned', '2026-01-31T07:00:00.123456-05:00')).resolves.toEqual([{ id: 1 }]);
    await expect(find('clock', '14:00:00+02:00')).resolves.toEqual([{ id: 1 }]);
    await expect(find('clockZoned', '14:00:00+02:00')).resolves.toEqual([{ id: 1 }]);
  });
});

describe('a database that cannot be reached', () => {
  it.each(['postgresql://postgres@127.0.0.1:1/zoo', 'postgresql://postgres@nowhere.invalid/zoo'])(
    'is unavailable: %s',
    async (url) => {
      await expect(openReader({ url }).reader.findRows(keepers)).rejects.toMatchObject({
        code: 'DATABASE_UNAVAILABLE',
        cause: expect.anything(),
      });
    },
  );

  it('is unavailable where it is not there, or the pool has ended', async () => {
    const { reader, pool } = openReader({ url: `${zoo.url}_not` });
    await expect(reader.findRows(keepers)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await pool.end();
    await expect(reader.findRows(keepers)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it('is unavailable where it accepts and then says nothing', async () => {
    const sockets: { destroy(): void }[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : null;
    const { reader } = openReader({
      url: `postgresql://postgres@127.0.0.1:${port}/zoo`,
      connectTimeoutMs: 50,
    });
    await expect(reader.findRows(keepers)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

describe('a read that takes too long', () => {
  it.each([true, false])(
    'times out with prepared: %s, and leaves the pool able to read',
    async (prepared) => {
      const { reader } = openReader({ prepared, statementTimeoutMs: 100 });
      await withLock(zoo.url, 'zoo.keepers', async () => {
        await expect(reader.findRows(keepers)).rejects.toMatchObject({ code: 'TIMEOUT' });
      });
      await expect(reader.findRows(keepers)).resolves.toHaveLength(5);
    },
  );

  it('to get a connection times out', async () => {
    const { reader, pool } = openReader({ connectTimeoutMs: 500 });
    const held = await pool.connect();
    await expect(reader.findRows(keepers)).rejects.toMatchObject({ code: 'TIMEOUT' });
    held.release();
    await expect(reader.findRows(keepers)).resolves.toHaveLength(5);
  });

  it('has all the time it needs where timeouts are 0', async () => {
    const { reader, pool } = openReader({ statementTimeoutMs: 0, connectTimeoutMs: 0 });
    await expect(reader.findRows(keepers)).resolves.toHaveLength(5);
    expect((await pool.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
  });
});

describe('a connection that breaks', () => {
  it('while nobody uses it is replaced, and told to whoever asked', async () => {
    const errors: Error[] = [];
    const { reader, pool } = openReader({ onIdleError: (error) => errors.push(error) });
    await reader.findRows(keepers);
    const pid = await findPid(pool);
    const removed = new Promise((resolve) => pool.once('remove', resolve));
    await zoo.pool.query('SELECT pg_terminate_backend($1)', [pid]);
    await removed;
    await expect(reader.findRows(keepers)).resolves.toHaveLength(5);
    expect(errors).toHaveLength(1);
  });

  it('between two statements of a transaction ends that transaction alone', async () => {
    const { pool } = openReader();
    const client = await pool.connect();
    // Where nobody listens, Node ends the process; Jest keeps it from that.
    expect(client.listenerCount('error')).toBeGreaterThan(0);
    const pid = await findPid(client);
    await client.query('BEGIN');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await zoo.pool.query('SELECT pg_terminate_backend($1)', [pid]);
    await ended;
    await expect(client.query('COMMIT')).rejects.toThrow('not queryable');
    client.release(true);
    await expect(pool.query('SELECT 1 AS one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('under a read has it sent once more', async () => {
    const { reader, statements } = openReader();
    const rows = await withLock(zoo.url, 'zoo.keepers', async () => {
      const read = reader.findRows(keepers);
      await terminateWaiting();
      return { read };
    }).then(({ read }) => read);
    expect(rows).toHaveLength(5);
    expect(statements).toHaveLength(2);
  });

  it('under the second attempt too makes the database unavailable', async () => {
    const { reader, statements } = openReader();
    await withLock(zoo.url, 'zoo.keepers', async () => {
      const read = expect(reader.findRows(keepers)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
      const first = await terminateWaiting();
      await terminateWaiting([first]);
      await read;
    });
    expect(statements).toHaveLength(2);
  });
});

describe('prepared statements', () => {
  const countPrepared = async (pool: pg.Pool): Promise<number> =>
    (await pool.query('SELECT count(*)::int AS count FROM pg_prepared_statements')).rows[0].count;

  it('are named by their text, reused, and bounded per connection', async () => {
    const { reader, pool } = openReader();
    for (let attempt = 0; attempt < 3; attempt++) await reader.findRows(keepers);
    expect(await countPrepared(pool)).toBe(1);
    // Each number has another text, all of them short: it is the number of statements that reaches its bound.
    for (let number = 2; number < 260; number++) {
      const of = [...number.toString(2)].map(
        (bit): Condition => ({ kind: 'null', column: 'email', negated: bit === '1' }),
      );
      await reader.findRows(rowsQuery({ model: 'Keeper', where: { kind: 'any', of } }));
    }
    expect(await countPrepared(pool)).toBe(200);
    await expect(reader.findRows(keepers)).resolves.toHaveLength(5);
    const { rows } = await pool.query('SELECT name FROM pg_prepared_statements');
    expect(rows[0].name).toMatch(/^sluice_[0-9a-f]{32}$/);
  });

  it('are not used where they were switched off', async () => {
    const { reader, pool } = openReader({ prepared: false });
    await reader.findRows(keepers);
    await reader.findRowsByKeys(keyedQuery({ model: 'Keeper', keys: [[1]] }));
    expect(await countPrepared(pool)).toBe(0);
  });

  it('that failed are prepared anew, and leave nothing behind', async () => {
    const { reader, pool } = openReader();
    const find = (value: string): Promise<unknown> =>
      reader.findRows(
        rowsQuery({ model: 'Specimen', where: { kind: 'compare', column: 'day', op: 'lt', value } }),
      );
    for (const _ of [1, 2]) {
      await expect(find('-004720-01-01')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    }
    await expect(find('2026-01-01')).resolves.not.toHaveLength(0);
    expect(await countPrepared(pool)).toBe(1);
  });

  it('made before a migration are replaced without a failed read', async () => {
    const { reader } = openReader();
    const foods = rowsQuery({ model: 'Food', columns: ['kcal'], where: ALWAYS, order: [asc('name')] });
    const before = await reader.findRows(foods);
    await zoo.pool.query('ALTER TABLE zoo.foods ALTER COLUMN kcal TYPE bigint');
    await expect(reader.findRows(foods)).resolves.toEqual(before);
    await zoo.pool.query('ALTER TABLE zoo.foods ALTER COLUMN kcal TYPE integer');
    await expect(reader.findRows(foods)).resolves.toEqual(before);
  });

  it('that somebody dropped below us are a fault that names the setting', async () => {
    const { reader, pool } = openReader();
    await reader.findRows(keepers);
    await pool.query('DEALLOCATE ALL');
    await expect(reader.findRows(keepers)).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      hint: expect.stringContaining('SLUICE_DATABASE_PREPARED=off'),
    });
    await expect(reader.findRows(keepers)).resolves.toHaveLength(5);
  });
});

describe('a defect', () => {
  it('of the statement or the database comes as the driver tells it', async () => {
    await zoo.pool.query('ALTER VIEW records.taxon_census RENAME TO taxon_census_hidden');
    const census = rowsQuery({ model: 'TaxonCensus', columns: ['animals'] });
    await expect(zoo.reader.findRows(census)).rejects.toMatchObject({ code: '42P01' });
    await zoo.pool.query('ALTER VIEW records.taxon_census_hidden RENAME TO taxon_census');
  });

  it('is a name that the model graph does not have', async () => {
    const reads = [
      zoo.reader.findRows(rowsQuery({ model: 'Unicorn' })),
      zoo.reader.findRows(rowsQuery({ model: 'Keeper', columns: ['horn'] })),
      zoo.reader.findRows(
        rowsQuery({
          model: 'Keeper',
          where: { kind: 'related', relation: 'unicorns', quantifier: 'some', where: ALWAYS },
        }),
      ),
    ];
    for (const read of reads) await expect(read).rejects.toThrow(TypeError);
  });
});

describe('a failure of pg', () => {
  const withCode = (code: string): Error => Object.assign(new Error('x'), { code });

  it.each([
    ['lost', withCode('08006')],
    ['lost', withCode('57P01')],
    ['lost', withCode('ECONNRESET')],
    ['lost', withCode('EPIPE')],
    ['lost', withCode('SELF_SIGNED_CERT_IN_CHAIN')],
    ['lost', new AggregateError([withCode('ECONNREFUSED'), withCode('ETIMEDOUT')])],
    ['lost', new Error('Connection terminated unexpectedly')],
    ['unavailable', withCode('53300')],
    ['unavailable', withCode('28P01')],
    ['timeout', withCode('57014')],
    ['timeout', withCode('55P03')],
    ['refused-value', withCode('22P02')],
    ['foreign-statement', withCode('42P05')],
    ['outdated-statement', withCode('0A000')],
    ['other', withCode('42703')],
    ['other', withCode('ERR_INVALID_ARG_TYPE')],
    ['other', new Error('something else')],
    ['other', 'no error at all'],
  ])('is %s', (kind, error) => {
    expect(classifyPgFailure(error)).toBe(kind);
  });
});
