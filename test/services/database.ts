import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly url: string;
  /** Closes whoever is still connected, and drops the database. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** Statements (each may hold several) run in the new database, in order. */
  readonly sql?: readonly string[];
  /** A database to copy, as `createTemplateDatabase` names it. */
  readonly template?: string;
}

/** A fresh database of a random name on the server of this test run. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await createDatabase(name, options.template);
  const database: TestDatabase = { url: urlOf(name), drop: () => dropDatabase(name) };
  try {
    if (options.sql !== undefined) await runSql(database.url, options.sql);
  } catch (error) {
    await database.drop();
    throw error;
  }
  return database;
}

/**
 * The name of a database that `build` filled, for `createTestDatabase({ template })`. Built once per test
 * run and key, whichever worker comes first; the others wait. `build` must close its connections.
 */
export async function createTemplateDatabase(
  key: string,
  build: (url: string) => Promise<void>,
): Promise<string> {
  const name = `template_${key.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_')}`;
  return withAdmin(async (admin) => {
    // A session's advisory lock: it goes with the connection, should this worker die on the way.
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const found = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount !== 0) return name;
    const building = `building_${randomBytes(8).toString('hex')}`;
    await admin.query(`CREATE DATABASE ${building}`);
    try {
      await build(urlOf(building));
    } catch (error) {
      await dropDatabase(building);
      throw error;
    }
    await admin.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [building],
    );
    await admin.query(`ALTER DATABASE ${building} RENAME TO ${name}`);
    return name;
  });
}

/** The URL of this run's Redis. Every file uses key prefixes of its own. */
export function testRedisUrl(): string {
  return requireSetting('TEST_REDIS_URL');
}

async function createDatabase(name: string, template: string | undefined): Promise<void> {
  await withAdmin((admin) =>
    admin.query(
      `CREATE DATABASE ${name}${template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)}`}`,
    ),
  );
}

/** For sessions that were told to end, to be gone. */
const GOODBYE_MS = 2_000;

/**
 * A pool that has ended may still be saying goodbye: whoever is cut off then hears of it as an error that nobody
 * listens to any more. Who stays longer is cut off.
 */
async function dropDatabase(name: string): Promise<void> {
  await withAdmin(async (admin) => {
    const deadline = performance.now() + GOODBYE_MS;
    while (performance.now() < deadline) {
      const { rowCount } = await admin.query('SELECT FROM pg_stat_activity WHERE datname = $1 LIMIT 1', [
        name,
      ]);
      if (rowCount === 0) break;
    }
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  });
}

/** Runs statements one by one on a connection of their own. */
export async function runSql(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function withAdmin<Result>(work: (admin: pg.Client) => Promise<Result>): Promise<Result> {
  const admin = new pg.Client({ connectionString: requireSetting('TEST_DATABASE_ADMIN_URL') });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string): string {
  const url = new URL(requireSetting('TEST_DATABASE_ADMIN_URL'));
  url.pathname = `/${database}`;
  return url.href;
}

function requireSetting(name: 'TEST_DATABASE_ADMIN_URL' | 'TEST_REDIS_URL'): string {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: run the tests through Jest (npm run jest -- <path>).`);
  return value;
}
