import type pg from 'pg';
import type { ModelGraph } from '../../src/model/model-graph.js';
import { createPool, type PoolSettings } from '../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { createDomainDatabase, type DomainDatabaseOptions } from '../domain/domain-database.js';
import { domainGraph } from '../domain/domain-graph.js';

/** A zoo of its own, and a reader over it that keeps the statements it sends. */
export interface PgZoo {
  readonly url: string;
  readonly graph: ModelGraph;
  readonly pool: pg.Pool;
  readonly reader: PgRowReader;
  /** Texts of all statements sent so far; may be emptied. */
  readonly statements: string[];
  close(): Promise<void>;
}

export const POOL_SETTINGS: Omit<PoolSettings, 'url'> = {
  prepared: true,
  poolSize: 4,
  statementTimeoutMs: 20_000,
  connectTimeoutMs: 20_000,
};

export async function openPgZoo(options: DomainDatabaseOptions = {}): Promise<PgZoo> {
  const [database, graph] = await Promise.all([createDomainDatabase(options), domainGraph()]);
  const pool = createPool({ ...POOL_SETTINGS, url: database.url });
  const statements: string[] = [];
  const onStatement = (text: string): void => {
    statements.push(text);
  };
  return {
    url: database.url,
    graph,
    pool,
    reader: new PgRowReader({ pool, graph, prepared: true, onStatement }),
    statements,
    close: async () => {
      await pool.end();
      await database.drop();
    },
  };
}
