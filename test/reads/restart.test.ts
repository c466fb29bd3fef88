import type pg from 'pg';
import type { Model, ModelGraph } from '../../src/model/model-graph.js';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { domainGraph } from '../domain/domain-graph.js';
import { createOwnPostgres, type OwnPostgres } from './own-postgres.js';
import { POOL_SETTINGS } from './pg-zoo.js';
import { rowsQuery } from './queries.js';

let postgres: OwnPostgres;
let pool: pg.Pool;
let reader: PgRowReader;

beforeAll(async () => {
  postgres = await createOwnPostgres();
  await postgres.start();
  pool = createPool({ ...POOL_SETTINGS, url: postgres.url });
  await pool.query(`CREATE TABLE keepers AS SELECT 'Ada' AS name`);
  reader = new PgRowReader({ pool, graph: withoutSchema(await domainGraph(), 'Keeper'), prepared: true });
}, 30_000);
afterAll(async () => {
  await pool.end();
  await postgres.remove();
});

/** The graph as if the model named no schema. */
function withoutSchema(graph: ModelGraph, name: string): ModelGraph {
  const model: Model = { ...graph.models.get(name)!, dbSchema: null };
  return { ...graph, models: new Map([...graph.models, [name, model]]) };
}

describe('a restart of PostgreSQL', () => {
  const keepers = rowsQuery({ model: 'Keeper', columns: ['name'] });
  const readMany = (): Promise<unknown[]> => Promise.all([1, 2, 3, 4].map(() => reader.findRows(keepers)));

  it('between two reads fails neither', async () => {
    const before = await readMany();
    await postgres.stop();
    await postgres.start();
    expect(await readMany()).toEqual(before);
  }, 30_000);

  it('makes it unavailable meanwhile, and leaves the process alive', async () => {
    await readMany();
    await postgres.stop();
    await expect(reader.findRows(keepers)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    await postgres.start();
    await expect(readMany()).resolves.toHaveLength(4);
  }, 30_000);
});
