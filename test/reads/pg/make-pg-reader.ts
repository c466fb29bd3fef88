import { createPool } from '../../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../../src/reads/pg/pg-row-reader.js';
import type { MakeReader } from '../contract/subject.js';

export const makePgReader: MakeReader = async (url, graph, onStatement) => {
  const pool = createPool({
    ...{ url, prepared: true, poolSize: 4 },
    ...{ statementTimeoutMs: 20_000, connectTimeoutMs: 20_000 },
  });
  return { reader: new PgRowReader({ pool, graph, prepared: true, onStatement }), close: () => pool.end() };
};
