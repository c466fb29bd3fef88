import pg from 'pg';
import { type Drained, type DrainOptions, drain } from '../../../src/changes/drain/drain.js';
import { DrainConnection } from '../../../src/changes/drain/drain-connection.js';
import type { ChangeLog, LogReading } from '../../../src/changes/log/change-log.js';
import { MemoryChangeLog } from '../../../src/changes/log/memory-change-log.js';
import { until } from '../../embedded/until.js';
import type { TestDatabase } from '../../services/database.js';
import { createChangesDatabase, renewChangesDatabase } from '../engine-tables.js';

let database: TestDatabase;
let client: pg.Client;
let connection: DrainConnection;
let log: MemoryChangeLog;
let clockMs: number;

beforeAll(async () => {
  database = await createChangesDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  await renewChangesDatabase(database.url);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  connection = new DrainConnection({ url: database.url });
  clockMs = 100;
  log = new MemoryChangeLog({ nowMs: () => clockMs });
});
afterEach(async () => {
  await Promise.all([client.end(), connection.close()]);
});

interface Run
  extends Partial<Pick<DrainOptions, 'isPeekFirst' | 'maxRows' | 'maxBacklogRows' | 'onSnapshot'>> {
  readonly log?: ChangeLog;
}

function run(options: Run = {}): Promise<Drained> {
  return connection.use(async (session) =>
    drain({
      log,
      session,
      time: await log.readTime(),
      isPeekFirst: false,
      onSnapshot: () => undefined,
      ...options,
    }),
  );
}

async function write(...tags: string[]): Promise<void> {
  await client.query('INSERT INTO sluice.outbox (tags) VALUES ($1)', [tags]);
}

/** So many rows, each of its own transaction as far as anybody can tell. */
async function writeMany(count: number): Promise<void> {
  await client.query(
    `INSERT INTO sluice.outbox (tags) SELECT ARRAY['Animal:' || n] FROM generate_series(1, $1) AS n`,
    [count],
  );
}

async function readLog(): Promise<LogReading> {
  return log.read({ epoch: '', id: 0 });
}

async function waiting(): Promise<number> {
  return Number((await client.query('SELECT count(*) FROM sluice.outbox')).rows[0].count);
}

/** Appends, and forgets to say so. */
class LosesAnswers extends MemoryChangeLog {
  override async append(...given: Parameters<ChangeLog['append']>): Promise<boolean> {
    await super.append(...given);
    throw new Error('no answer');
  }
}

describe('a drain', () => {
  it('begins an epoch where there is none', async () => {
    const { position, records } = await run();
    expect(position).toEqual({ epoch: expect.stringMatching(/^[0-9a-f]{12}$/), id: 1 });
    expect(records).toMatchObject([{ id: 1, prev: 0, tags: [], isHorizon: false }]);
    expect((await run()).position).toEqual(position);
  });

  it('appends what waits in the outbox, each tag once, and says what stood before', async () => {
    await run();
    await write('Animal:1', 'Animal~');
    await write('Animal:2', 'Animal~', `Animal+name=it's "a", \\b`);
    const { position, lsn, records } = await run();
    expect(records).toEqual([
      {
        id: 2,
        prev: 1,
        lsn,
        tags: expect.arrayContaining(['Animal:1', 'Animal:2', 'Animal~', `Animal+name=it's "a", \\b`]),
        isHorizon: false,
      },
    ]);
    expect(records[0]?.tags).toHaveLength(4);
    expect(await waiting()).toBe(0);
    const reading = await readLog();
    expect(reading.records.slice(1)).toEqual(records);
    expect(reading.heartbeat).toEqual({ epoch: position.epoch, head: 2, lsn, timeMs: 100 });
  });

  it('proves a time also where nothing waits, and uses up no id then', async () => {
    const { position } = await run();
    clockMs = 200;
    expect(await run()).toMatchObject({ position, records: [] });
    clockMs = 300;
    expect(await run({ isPeekFirst: true })).toMatchObject({ position, records: [] });
    expect((await readLog()).heartbeat).toMatchObject({ head: position.id, timeMs: 300 });
    await write('Animal:1');
    expect((await run()).position.id).toBe(position.id + 1);
  });

  it('says where the WAL stood, so that a replica can be asked for it', async () => {
    await write('Animal:1');
    const { rows } = await client.query('SELECT pg_current_wal_insert_lsn() AS before');
    const { lsn } = await run();
    const compared = await client.query(
      'SELECT $1::pg_lsn <= $2::pg_lsn AND $2::pg_lsn <= pg_current_wal_insert_lsn() AS is_between',
      [rows[0].before, lsn],
    );
    expect(compared.rows[0].is_between).toBe(true);
  });

  it('leaves a rolled-back transaction where it is', async () => {
    await run();
    await client.query('BEGIN');
    await write('Animal:1');
    await client.query('ROLLBACK');
    expect((await run({ isPeekFirst: true })).records).toEqual([]);
    expect((await run()).records).toEqual([]);
  });

  it('looks first where it should, without a lock, and takes what it finds', async () => {
    const { position } = await run();
    await client.query('BEGIN');
    await client.query('SELECT FROM sluice.lock FOR UPDATE');
    expect((await run({ isPeekFirst: true })).position).toEqual(position);
    await client.query('COMMIT');
    await write('Animal:1');
    expect((await run({ isPeekFirst: true })).records).toMatchObject([{ tags: ['Animal:1'] }]);
  });

  it('says when its snapshot is about to be taken, for the look as for the lock', async () => {
    await run();
    let snapshots = 0;
    const onSnapshot = (): void => {
      snapshots++;
    };
    await run({ isPeekFirst: true, onSnapshot });
    expect(snapshots).toBe(1);
    await write('Animal:1');
    await run({ isPeekFirst: true, onSnapshot });
    expect(snapshots).toBe(3);
  });
});

describe('a drain among transactions', () => {
  it('takes what was committed while it waited for the lock', async () => {
    await run();
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM sluice.lock FOR UPDATE');
    const running = run();
    await until('the drain to wait', async () => {
      const { rows } = await client.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'sluice-changes' AND wait_event_type = 'Lock'
         AND datname = current_database()`,
      );
      return rows.length === 1;
    });
    await write('Animal:1');
    await holder.query('COMMIT');
    expect((await running).records).toMatchObject([{ tags: ['Animal:1'] }]);
    await holder.end();
  });

  it('waits for no open transaction, and takes its changes once it has committed', async () => {
    const late = new pg.Client({ connectionString: database.url });
    await late.connect();
    await late.query(`BEGIN; INSERT INTO sluice.outbox (tags) VALUES ('{Animal:late}')`);
    for (let n = 1; n <= 20; n++) {
      await write(`Animal:${n}`);
      const { records } = await run({ isPeekFirst: n % 2 === 0 });
      expect(records.flatMap(({ tags }) => tags)).toEqual([`Animal:${n}`]);
    }
    await late.query('COMMIT');
    expect((await run({ isPeekFirst: true })).records).toMatchObject([{ tags: ['Animal:late'] }]);
    expect(await waiting()).toBe(0);
    await late.end();
  });

  it('never looks again at rows that are gone, whatever keeps them from being removed', async () => {
    const late = new pg.Client({ connectionString: database.url });
    await late.connect();
    // It writes, so it is among those that each drain asks for; and it has a snapshot, so nothing is cleaned up.
    await late.query(`BEGIN ISOLATION LEVEL REPEATABLE READ; INSERT INTO sluice.outbox (tags) VALUES ('{}')`);
    await writeMany(20_000);
    while ((await run()).records.length > 0);
    const visits = async (): Promise<number> => {
      await connection.use(({ ask }) => ask('SELECT pg_stat_force_next_flush()'));
      const { rows } = await client.query(
        `SELECT pg_stat_get_tuples_returned('sluice.outbox_xid_idx'::regclass) AS count,
                pg_stat_get_tuples_returned('sluice.outbox'::regclass) AS scanned`,
      );
      return Number(rows[0].count) + Number(rows[0].scanned);
    };
    const before = await visits();
    for (let n = 0; n < 50; n++) {
      await write(`Animal:${n}`);
      expect((await run({ isPeekFirst: true })).records).toHaveLength(1);
    }
    // Its own row, found by the look and by the take; not twenty thousand each time.
    expect((await visits()) - before).toBeLessThan(50 * 10);
    await late.query('COMMIT');
    await late.end();
  });

  it('is not thrown off by a default of repeatable reads', async () => {
    const name = new URL(database.url).pathname.slice(1);
    await client.query(`ALTER DATABASE ${name} SET default_transaction_isolation TO 'repeatable read'`);
    await write('Animal:1');
    expect((await run()).records).toMatchObject([{ tags: ['Animal:1'] }]);
    await client.query(`ALTER DATABASE ${name} RESET default_transaction_isolation`);
  });
});

describe('a long outbox', () => {
  it('is taken in passes, of which only the last proves a time', async () => {
    await run();
    await writeMany(25);
    const times: (number | undefined)[] = [];
    class Watched extends MemoryChangeLog {
      override async append(...given: Parameters<ChangeLog['append']>): Promise<boolean> {
        times.push(given[0].heartbeat.timeMs);
        return super.append(...given);
      }
    }
    const { records } = await run({ maxRows: 10, log: new Watched() });
    expect(records.map(({ id, prev, tags }) => [id, prev, tags.length])).toEqual([
      [2, 1, 10],
      [3, 2, 10],
      [4, 3, 5],
    ]);
    expect(times).toEqual([0, 0, 100]);
    expect(await waiting()).toBe(0);
  });

  it('beyond the bound is one record that moves the horizon', async () => {
    await run();
    await writeMany(31);
    const { records } = await run({ maxRows: 10, maxBacklogRows: 30 });
    expect(records).toMatchObject([{ id: 2, prev: 1, tags: [], isHorizon: true }]);
    expect(await waiting()).toBe(0);
    await writeMany(30);
    expect(
      (await run({ maxRows: 10, maxBacklogRows: 30 })).records.map(({ isHorizon }) => isHorizon),
    ).toEqual([false, false, false]);
  });

  it('moves the horizon where a change could not be named, or too many tags name it', async () => {
    await run();
    await client.query('INSERT INTO sluice.outbox (tags) VALUES (NULL)');
    await write('Animal:1');
    expect((await run()).records).toMatchObject([{ tags: [], isHorizon: true }]);
    await client.query(
      `INSERT INTO sluice.outbox (tags) SELECT array_agg('Animal:' || n) FROM generate_series(1, 20001) AS n`,
    );
    expect((await run()).records).toMatchObject([{ tags: [], isHorizon: true }]);
  });
});

describe('a drain that fails', () => {
  it('takes nothing where the log refuses, and draws another id the next time', async () => {
    const { position } = await run();
    await write('Animal:1');
    const { epoch } = position;
    await log.append(
      {
        record: { id: 3, prev: 1, lsn: '0/0', tags: [], isHorizon: false },
        heartbeat: { epoch, head: 3, lsn: '0/0', timeMs: 1 },
      },
      0,
    );
    for (let attempt = 0; attempt < 2; attempt++) await expect(run()).rejects.toThrow('has had a record');
    expect(await waiting()).toBe(1);
    expect((await run()).records).toMatchObject([{ id: 4, prev: 1, tags: ['Animal:1'] }]);
  });

  it('appends once more, under another id, what it could not be sure of', async () => {
    const { position } = await run();
    await write('Animal:1');
    const losing = new LosesAnswers();
    await expect(run({ log: losing })).rejects.toThrow('no answer');
    expect(await waiting()).toBe(1);
    const { records } = await run();
    expect(records).toMatchObject([{ id: 3, prev: position.id, tags: ['Animal:1'] }]);
    expect((await losing.read(position)).records).toMatchObject([{ id: 2, tags: ['Animal:1'] }]);
  });

  it('leaves no transaction open', async () => {
    await write('Animal:1');
    await expect(run({ log: new LosesAnswers() })).rejects.toThrow('no answer');
    const { rows } = await client.query(
      `SELECT state FROM pg_stat_activity WHERE application_name = 'sluice-changes' AND datname = current_database()`,
    );
    expect(rows).toEqual([{ state: 'idle' }]);
  });
});

describe('an epoch', () => {
  const boot = (sql: string): Promise<unknown> => client.query(sql);

  it.each([
    ['a crash, which empties unlogged tables', 'DELETE FROM sluice.boot'],
    ['a restore into another database', `UPDATE sluice.boot SET place = 'elsewhere'`],
    ['a restore into this one', 'UPDATE sluice.boot SET home = 1'],
    ['a log that is older than the boot', `UPDATE sluice.log SET epoch = 'older'`],
  ])('ends with %s', async (_, sql) => {
    const { position } = await run();
    await write('Animal:1');
    await boot(sql);
    const { position: next, records } = await run({ isPeekFirst: true });
    expect(next.epoch).not.toBe(position.epoch);
    expect(records).toMatchObject([{ id: 2, prev: 1, tags: ['Animal:1'] }]);
    expect((await run({ isPeekFirst: true })).position).toEqual(next);
  });

  it('does not end with a drain that could not append', async () => {
    await expect(run({ log: new LosesAnswers() })).rejects.toThrow('no answer');
    const { position } = await run();
    expect((await run()).position).toEqual(position);
    expect((await client.query('SELECT epoch FROM sluice.boot')).rows).toEqual([{ epoch: position.epoch }]);
  });
});
