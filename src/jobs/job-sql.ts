import type { Pool, PoolClient } from 'pg';
import type { RunSql } from './job-definition.js';

/** Statements on one connection. */
export function sqlOf(client: Pick<PoolClient, 'query'>): RunSql {
  return async <Row extends object>(text: string, values: readonly unknown[] = []) => {
    const { rows } = await client.query<Row>(text, [...values]);
    return rows;
  };
}

/** All or nothing; no statement takes longer than it may. */
export function runTransaction<Result>(
  pool: Pool,
  statementTimeoutMs: number,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  return runBetween(pool, `BEGIN; ${limitsSql(statementTimeoutMs)}`, work);
}

/** One statement, by itself, in a transaction that only reads: what is to write says `transaction`. */
export function readingSql(pool: Pool, statementTimeoutMs: number): RunSql {
  const begin = `BEGIN READ ONLY; ${limitsSql(statementTimeoutMs)}`;
  return (text, values) => runBetween(pool, begin, (client) => sqlOf(client)(text, values));
}

/** `begin` opens a transaction and sets its limits, in one round trip. */
async function runBetween<Result>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let fault: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    fault = await rollBack(client);
    throw error;
  } finally {
    client.release(fault);
  }
}

/** A worker that has stopped in the middle of a transaction lets go of what it has locked: whoever has its job waits for that. */
const IDLE_TIMEOUT_MS = 10_000;

function limitsSql(statementTimeoutMs: number): string {
  return `SET LOCAL statement_timeout = ${Math.trunc(statementTimeoutMs)}; SET LOCAL idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`;
}

/** The error of a connection that is of no further use. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
