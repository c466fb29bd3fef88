import { DrainConnection } from '../../../src/changes/drain/drain-connection.js';
import { createTestDatabase, type TestDatabase } from '../../services/database.js';
import { createChangesDatabase, withClient } from '../engine-tables.js';

let database: TestDatabase;
let connection: DrainConnection;
beforeAll(async () => {
  database = await createChangesDatabase();
});
beforeEach(() => {
  connection = new DrainConnection({ url: database.url });
});
afterEach(() => connection.close());
afterAll(() => database.drop());

const backend = (): Promise<number> =>
  connection.use(async ({ ask }) => (await ask('SELECT pg_backend_pid() AS pid')).at(-1)?.rows[0].pid);

async function terminate(pid: number): Promise<void> {
  await withClient(database.url, (client) => client.query('SELECT pg_terminate_backend($1, 5000)', [pid]));
}

describe('the connection of drains', () => {
  it('is opened when it is wanted, and says where it leads', async () => {
    const place = await connection.use(async (session) => session.place);
    expect(place).toMatch(/^\d+-\d+$/);
    const other = await createChangesDatabase();
    const elsewhere = new DrainConnection({ url: other.url });
    expect(await elsewhere.use(async (session) => session.place)).not.toBe(place);
    await elsewhere.close();
    await other.drop();
  });

  it('is used by one at a time', async () => {
    const order: string[] = [];
    await Promise.all(
      ['a', 'b'].map((name) =>
        connection.use(async ({ ask }) => {
          order.push(`${name} begins`);
          await ask('SELECT 1');
          order.push(`${name} ends`);
        }),
      ),
    );
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('is opened anew after it was lost while idle', async () => {
    const pid = await backend();
    await terminate(pid);
    // Whether or not the news has come: at most one use fails of it.
    const again = await backend().catch(() => backend());
    expect(again).not.toBe(pid);
  });

  it('is opened anew after it was lost in use', async () => {
    const lost = connection.use(async ({ ask }) => {
      const pid = (await ask('SELECT pg_backend_pid() AS pid'))[0]?.rows[0].pid;
      await terminate(pid);
      await ask('SELECT 1');
    });
    await expect(lost).rejects.toThrow();
    expect(await backend()).toBeGreaterThan(0);
  });

  it('rolls back what a failed use left open, and stays', async () => {
    const pid = await backend();
    const failed = connection.use(async ({ ask }) => {
      await ask('BEGIN');
      throw new Error('changed my mind');
    });
    await expect(failed).rejects.toThrow('changed my mind');
    expect(await backend()).toBe(pid);
    const results = await connection.use(({ ask }) => ask('SELECT pg_current_xact_id_if_assigned() AS id'));
    expect(results[0]?.rows).toEqual([{ id: null }]);
  });

  it('is given up where a statement takes too long', async () => {
    const pid = await backend();
    await expect(connection.use(({ ask }) => ask('SELECT pg_sleep(0.3)', 20))).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
    expect(await backend()).not.toBe(pid);
  });

  it('says what to do where the engine has no tables', async () => {
    const bare = await createTestDatabase();
    const lost = new DrainConnection({ url: bare.url });
    await expect(lost.use(async () => 1)).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_LAGS',
      hint: 'Run `sluice migrate`.',
    });
    await lost.close();
    await bare.drop();
  });

  it('rejects where nobody listens, and is of no use once closed', async () => {
    const nowhere = new DrainConnection({ url: 'postgresql://postgres@127.0.0.1:1/none' });
    await expect(nowhere.use(async () => 1)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await nowhere.close();
    await connection.close();
    await expect(connection.use(async () => 1)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });
});
