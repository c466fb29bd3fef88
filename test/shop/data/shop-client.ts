import pg from 'pg';
import type { TestDatabase } from '../../services/database.js';

/** A database and a connection to it. */
export interface OpenDatabase {
  readonly url: string;
  readonly client: pg.Client;
  /** All rows of a statement. */
  ask<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

export async function openDatabase(created: Promise<TestDatabase>): Promise<OpenDatabase> {
  const database = await created;
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  return {
    url: database.url,
    client,
    async ask<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) {
      return (await client.query<Row>(sql, [...values])).rows;
    },
    async close() {
      await client.end();
      await database.drop();
    },
  };
}
