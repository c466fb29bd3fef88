import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../dist/embedded/postgres-server.js';
import { startEmbeddedRedis } from '../../dist/embedded/redis-server.js';

const ROOT = new URL('../../', import.meta.url);
const DIRECTORY = fileURLToPath(new URL('.sluice/bench/changes', ROOT));
const DATABASE = 'changes';
const CHANGE_LOG_SQL = new URL('dist/changes/sql/001-change-log.sql', ROOT);

/** A table whose triggers say about as much as those of a model with a few columns and two relations. */
const TABLE_SQL = `
CREATE TABLE items (id int PRIMARY KEY, shelf int NOT NULL, name text NOT NULL, price int NOT NULL);
INSERT INTO items SELECT n, n % 50, 'item ' || n, n FROM generate_series(1, 10000) AS n;
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO sluice.outbox (tags)
  SELECT ARRAY['Item:' || id, 'Item~', 'Item.price', 'Item.price+shelf=' || shelf] FROM changed;
  RETURN NULL;
END $$;
CREATE TRIGGER tell AFTER UPDATE ON items REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION tell();`;

/**
 * A PostgreSQL that flushes as in production and a Redis, both of this benchmark alone, with a fresh database.
 *
 * @returns their URLs, that of a second database from which to look at the first, and how to stop them
 */
export async function startServices() {
  mkdirSync(DIRECTORY, { recursive: true });
  const postgres = await startEmbeddedPostgres({ directory: `${DIRECTORY}/postgres` });
  const redis = await startEmbeddedRedis({ directory: `${DIRECTORY}/redis`, path: process.env.PATH ?? '' });
  const stop = async () => {
    await Promise.all([postgres.stop(), redis?.stop()]);
  };
  if (redis === null) {
    await stop();
    throw new Error('The benchmark of changes needs a redis-server on the PATH.');
  }
  const databaseUrl = new URL(postgres.adminUrl);
  databaseUrl.pathname = `/${DATABASE}`;
  try {
    await withClient(postgres.adminUrl, async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${DATABASE}`);
    });
    await withClient(databaseUrl.href, async (client) => {
      await client.query(readFileSync(CHANGE_LOG_SQL, 'utf8'));
      await client.query(TABLE_SQL);
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    databaseUrl: databaseUrl.href,
    adminUrl: postgres.adminUrl,
    databaseName: DATABASE,
    redisUrl: redis.url,
    postgresVersion: postgres.version,
    redisVersion: redis.version,
    stop,
  };
}

export async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
