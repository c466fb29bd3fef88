import { writeSync } from 'node:fs';
import pg from 'pg';

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * The engine's `cli <command>`: `can-connect-to-database`, `create-database`. Exits the process with 0, or
 * with 1 after a log line in the form that Prisma's CLI reads a known error from.
 *
 * @param {string} command
 * @param {string} url
 * @returns {Promise<never>}
 */
export async function runDatabaseCommand(command, url) {
  const database = decodeURIComponent(new URL(url).pathname.slice(1));
  try {
    if (command === 'create-database') await createDatabase(url, database);
    else if (command === 'can-connect-to-database') await (await connect(url)).end();
    else exitWithError('P1000', `The schema engine's stand-in has no command ${command}`, {});
    process.exit(0);
  } catch (error) {
    const meta = { database_name: database };
    if (error.code === '3D000') exitWithError('P1003', `Database \`${database}\` does not exist`, meta);
    if (error.code === '42P04') exitWithError('P1009', `Database \`${database}\` already exists`, meta);
    exitWithError('P1001', `Can't reach database server at \`${new URL(url).host}\`: ${error.message}`, {});
  }
}

/** The server's database `postgres`, which is there before any other. */
export function maintenanceUrl(url) {
  const admin = new URL(url);
  admin.pathname = '/postgres';
  return admin.href;
}

async function createDatabase(url, database) {
  const client = await connect(maintenanceUrl(url));
  await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  await client.end();
}

async function connect(url) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  return client;
}

function exitWithError(errorCode, message, meta) {
  const line = {
    timestamp: new Date().toISOString(),
    level: 'ERROR',
    fields: { is_panic: false, error_code: errorCode, message, meta },
    target: 'schema_engine::logger',
  };
  // The CLI skips the first line, and a write that isn't synchronous would be lost by the exit.
  writeSync(2, `{}\n${JSON.stringify(line)}`);
  process.exit(1);
}
