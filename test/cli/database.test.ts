import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { connectDatabase } from '../../src/cli/database/connect-database.js';
import {
  fillOwnedDatabase,
  openOwnedDatabase,
  readOwnedState,
  resetOwnedDatabase,
} from '../../src/cli/database/owned-database.js';
import type { SeedOptions } from '../../src/gateway/app-definition.js';
import { createTestDatabase, type TestDatabase } from '../services/database.js';

const adminUrl = () => process.env.TEST_DATABASE_ADMIN_URL!;

/** A URL of the test server with some of its parts changed. */
function changeUrl(change: (url: URL) => void): string {
  const url = new URL(adminUrl());
  change(url);
  return url.href;
}

describe('Connecting', () => {
  it.each([
    [
      'nothing listens',
      'postgresql://ann:hidden@127.0.0.1:9/x',
      /127\.0\.0\.1:9 can't be reached: nothing listens there/,
    ],
    [
      'the host has no address',
      'postgresql://ann:hidden@no-such-host.invalid/x',
      /the name no-such-host\.invalid leads nowhere/,
    ],
  ])('says so where %s, without the password', async (_, url, message) => {
    const failure = await connectDatabase(url, 5_000).catch((error) => error);
    expect(failure).toMatchObject({ code: 'DATABASE_UNREACHABLE', message: expect.stringMatching(message) });
    expect(failure.hint).toContain('ann:***@');
    expect(failure.message + failure.hint).not.toContain('hidden');
  });

  it('says that a database is not there, and how to make it', async () => {
    const url = changeUrl((u) => {
      u.pathname = '/not_there';
    });
    await expect(connectDatabase(url, 5_000)).rejects.toMatchObject({
      message: expect.stringContaining('there is no database not_there'),
      hint: expect.stringContaining('createdb not_there'),
    });
  });

  it("says in PostgreSQL's words that a user is refused", async () => {
    const url = changeUrl((u) => {
      u.username = 'nobody_here';
    });
    await expect(connectDatabase(url, 5_000)).rejects.toMatchObject({
      message: expect.stringContaining('role "nobody_here" does not exist'),
      hint: expect.stringContaining('Correct user and password.'),
    });
  });

  it('refuses a role that would migrate into the schema of the engine, and says how to mend it', async () => {
    const database = await createTestDatabase();
    const name = `sluice_${randomUUID()}`;
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`CREATE SCHEMA sluice; CREATE ROLE "${name}" LOGIN SUPERUSER`);
    await admin.query(`ALTER ROLE "${name}" SET search_path = sluice, public`);
    const url = new URL(database.url);
    url.username = name;
    await expect(connectDatabase(url.href, 5_000)).rejects.toMatchObject({
      code: 'CONFLICT',
      hint: `ALTER ROLE "${name}" SET search_path = public;`,
    });
    await admin.query(`ALTER ROLE "${name}" SET search_path = public`);
    await (await connectDatabase(url.href, 5_000)).end();
    await admin.query(`DROP ROLE "${name}"`);
    await admin.end();
    await database.drop();
  });

  it('gives up on a host that takes connections and stays silent', async () => {
    const { createServer } = await import('node:net');
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    try {
      await expect(connectDatabase(`postgresql://a@127.0.0.1:${port}/x`, 50)).rejects.toMatchObject({
        message: expect.stringContaining('it does not answer in time'),
      });
    } finally {
      silent.close();
    }
  });
});

describe("Sluice's own database", () => {
  // The name is the same on every server, so that only one file may use it on the shared one.
  afterAll(async () => {
    const admin = new pg.Client({ connectionString: adminUrl() });
    await admin.connect();
    await admin.query('DROP DATABASE IF EXISTS sluice WITH (FORCE)');
    await admin.end();
  });

  async function tables(url: string): Promise<string[]> {
    const client = await connectDatabase(url, 5_000);
    const { rows } = await client.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    await client.end();
    return rows.map((row) => row.tablename);
  }

  async function run(url: string, sql: string): Promise<void> {
    const client = await connectDatabase(url, 5_000);
    await client.query(sql);
    await client.end();
  }

  async function fill(url: string, seed: (options: SeedOptions) => Promise<void>): Promise<void> {
    const client = await connectDatabase(url, 5_000);
    try {
      const options = { scale: 1, env: 'development', onProgress: () => {} } as const;
      await fillOwnedDatabase({ client, databaseUrl: url, app: { seed }, ...options });
    } finally {
      await client.end();
    }
  }

  it('is made once, and new until it is filled', async () => {
    const first = await openOwnedDatabase(adminUrl());
    expect(first.state).toBe('new');
    await run(first.url, 'CREATE TABLE kept ()');
    expect(await openOwnedDatabase(adminUrl())).toEqual({ url: first.url, state: 'new' });
    expect(await tables(first.url)).toEqual(['kept']);
  });

  it('is made anew where filling it was cut off', async () => {
    const { url } = await openOwnedDatabase(adminUrl());
    await expect(fill(url, () => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off');
    expect((await openOwnedDatabase(adminUrl())).state).toBe('new');
    expect(await tables(url)).toEqual([]);
  });

  it('is filled for the environment that it is in', async () => {
    const { url } = await openOwnedDatabase(adminUrl());
    const told: unknown[] = [];
    await fill(url, async (options) => {
      told.push(options);
    });
    expect(told).toMatchObject([{ databaseUrl: url, scale: 1, env: 'development' }]);
    await resetOwnedDatabase(adminUrl());
  });

  it('is left alone once it is filled', async () => {
    const { url } = await openOwnedDatabase(adminUrl());
    await fill(url, () => run(url, 'CREATE TABLE filled ()'));
    expect((await openOwnedDatabase(adminUrl())).state).toBe('filled');
    expect(await tables(url)).toEqual(['filled']);
  });

  it('is emptied where that is asked for', async () => {
    const { url } = await openOwnedDatabase(adminUrl());
    await resetOwnedDatabase(adminUrl());
    expect((await openOwnedDatabase(adminUrl())).state).toBe('new');
    expect(await tables(url)).toEqual([]);
  });

  it('is never taken for one that somebody else made under its name', async () => {
    await run(adminUrl(), 'DROP DATABASE sluice WITH (FORCE)');
    await run(adminUrl(), 'CREATE DATABASE sluice');
    await expect(openOwnedDatabase(adminUrl())).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(resetOwnedDatabase(adminUrl())).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('Any other database', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it("bears no mark of Sluice's", async () => {
    const client = await connectDatabase(database.url, 5_000);
    expect(await readOwnedState(client)).toBeNull();
    await client.query(`COMMENT ON DATABASE ${pg.escapeIdentifier(client.database!)} IS 'Made by hand'`);
    expect(await readOwnedState(client)).toBeNull();
    await client.end();
  });
});
