import pg from 'pg';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { describeRowReader } from './contract/row-reader-contract.js';
import { openPgZoo, POOL_SETTINGS } from './pg-zoo.js';
import { type PgBouncer, startPgBouncer } from './pgbouncer.js';
import { asc, rowsQuery } from './queries.js';

let bouncer: PgBouncer;

beforeAll(async () => {
  bouncer = await startPgBouncer();
});
afterAll(() => bouncer.stop());

describeRowReader('PgRowReader behind PgBouncer in transaction mode', async (url, graph, onStatement) => {
  const pool = createPool({ ...POOL_SETTINGS, url: bouncer.toUrl(url), prepared: false });
  return { reader: new PgRowReader({ pool, graph, prepared: false, onStatement }), close: () => pool.end() };
});

describe('PgBouncer in transaction mode', () => {
  const keepers = rowsQuery({ model: 'Keeper', columns: ['name'], order: [asc('id')] });

  it('answers many reads at a time over few connections', async () => {
    const zoo = await openPgZoo();
    const pool = createPool({ ...POOL_SETTINGS, url: bouncer.toUrl(zoo.url), prepared: false, poolSize: 8 });
    const reader = new PgRowReader({ pool, graph: zoo.graph, prepared: false });
    const expected = await zoo.reader.findRows(keepers);
    const reads = await Promise.all(Array.from({ length: 100 }, () => reader.findRows(keepers)));
    for (const rows of reads) expect(rows).toEqual(expected);
    await pool.end();
    await zoo.close();
  });

  it('passes on how dates are to be printed, and keeps no setting of ours for others', async () => {
    const zoo = await openPgZoo({ timeZone: 'America/New_York' });
    const name = new URL(zoo.url).pathname.slice(1);
    await zoo.pool.query(`ALTER DATABASE ${name} SET datestyle TO 'German'`);
    const pool = createPool({ ...POOL_SETTINGS, url: bouncer.toUrl(zoo.url), prepared: false, poolSize: 1 });
    const { rows } = await pool.query(
      `SELECT current_setting('datestyle') AS style, current_setting('timezone') AS zone`,
    );
    expect(rows).toEqual([{ style: 'ISO, MDY', zone: 'UTC' }]);
    const other = new pg.Pool({ connectionString: bouncer.toUrl(zoo.url) });
    expect((await other.query('SHOW statement_timeout')).rows).toEqual([{ statement_timeout: '0' }]);
    await Promise.all([pool.end(), other.end()]);
    await zoo.close();
  });

  it('times reads out on this side', async () => {
    const zoo = await openPgZoo();
    const url = bouncer.toUrl(zoo.url);
    const pool = createPool({ ...POOL_SETTINGS, url, prepared: false, statementTimeoutMs: 100 });
    const reader = new PgRowReader({ pool, graph: zoo.graph, prepared: false });
    const locker = await zoo.pool.connect();
    await locker.query('BEGIN; LOCK TABLE zoo.keepers');
    await expect(reader.findRows(keepers)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await locker.query('ROLLBACK');
    locker.release();
    await expect(reader.findRows(keepers)).resolves.toHaveLength(5);
    await pool.end();
    await zoo.close();
  });

  it('makes named statements a fault that names the setting', async () => {
    const zoo = await openPgZoo();
    // No statement timeout: PgBouncer refuses the connection that asks for one.
    const settings = { ...POOL_SETTINGS, url: bouncer.toUrl(zoo.url), statementTimeoutMs: 0 };
    const pool = createPool(settings);
    const reader = new PgRowReader({ pool, graph: zoo.graph, prepared: true });
    await reader.findRows(keepers);
    // Holds the one connection to the server that there is so far, so that the next read gets another.
    const other = new pg.Client({ connectionString: settings.url });
    await other.connect();
    await other.query('BEGIN');
    await expect(reader.findRows(keepers)).rejects.toMatchObject({
      hint: expect.stringContaining('SLUICE_DATABASE_PREPARED=off'),
    });
    await other.end();
    await pool.end();
    await zoo.close();
  });
});
