import type pg from 'pg';
import { applyEngineSchema } from '../../src/changes/capture/engine-schema.js';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { withClient } from '../changes/engine-tables.js';
import { createTemplateDatabase, createTestDatabase } from '../services/database.js';

/** A database with the engine's tables and nothing else, and a pool as the gateway has it. */
export interface EngineDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /** Texts of the statements that were sent through the pool. */
  readonly statements: string[];
  close(): Promise<void>;
}

/** A pool of a database that nobody can reach. It has nothing to be closed. */
export function createUnreachablePool(): pg.Pool {
  return createPool({
    url: 'postgresql://postgres@127.0.0.1:1/nowhere',
    prepared: true,
    poolSize: 1,
    statementTimeoutMs: 5_000,
    connectTimeoutMs: 5_000,
  });
}

export async function openEngineDatabase(): Promise<EngineDatabase> {
  const template = await createTemplateDatabase('engine_tables', async (url) => {
    await withClient(url, async (client) => applyEngineSchema(client));
  });
  const database = await createTestDatabase({ template });
  const pool = createPool({
    url: database.url,
    prepared: true,
    poolSize: 5,
    statementTimeoutMs: 30_000,
    connectTimeoutMs: 30_000,
  });
  const statements: string[] = [];
  const query = pool.query.bind(pool) as (...args: unknown[]) => unknown;
  Object.assign(pool, {
    query: (...args: unknown[]) => {
      statements.push(String(args[0]));
      return query(...args);
    },
  });
  return {
    url: database.url,
    pool,
    statements,
    async close() {
      await pool.end();
      await database.drop();
    },
  };
}
