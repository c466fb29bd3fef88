import pg from 'pg';
import type { TestDatabase } from '../services/database.js';
import { createDomainDatabase } from './domain-database.js';
import { domainGraph } from './domain-graph.js';

async function ask(database: TestDatabase, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}

describe('the database of the test domain', () => {
  it("has the types that the schema tells, and lets the same columns be null, a view's and lists aside", async () => {
    const graph = await domainGraph();
    const database = await createDomainDatabase();
    const rows = await ask(
      database,
      `SELECT n.nspname, c.relname, a.attname, en.nspname, t.typname, a.attnotnull
       FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'v')
       JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('zoo', 'records')
       JOIN pg_type whole ON whole.oid = a.atttypid
       JOIN pg_type t ON t.oid = CASE WHEN whole.typcategory = 'A' THEN whole.typelem ELSE whole.oid END
       JOIN pg_namespace en ON en.oid = t.typnamespace
       WHERE a.attnum > 0`,
    );
    const found = new Map(
      rows.map(([schema, table, column, typeSchema, type, isRequired]) => [
        `${schema}.${table}.${column}`,
        {
          type: typeSchema === 'zoo' || typeSchema === 'records' ? `"${typeSchema}"."${type}"` : type,
          isNullable: !isRequired,
        },
      ]),
    );
    for (const model of graph.models.values()) {
      for (const column of model.columns.values()) {
        const place = `${model.dbSchema}.${model.dbName}.${column.dbName}`;
        const real = found.get(place);
        const isUnsure = model.kind === 'view' || column.isList;
        expect([place, real?.type]).toEqual([place, column.pgType]);
        expect([place, isUnsure || real?.isNullable === column.isNullable]).toEqual([place, true]);
      }
    }
    await database.drop();
  });

  it('is one of its own for each who asks', async () => {
    const [first, second] = await Promise.all([createDomainDatabase(), createDomainDatabase()]);
    await ask(first, 'TRUNCATE zoo.taxa CASCADE');
    expect(await ask(first, 'SELECT count(*)::int FROM zoo.animals')).toEqual([[0]]);
    expect(await ask(second, 'SELECT count(*)::int FROM zoo.animals')).toEqual([[15]]);
    await Promise.all([first.drop(), second.drop()]);
  });

  it('speaks the time zone that is asked for', async () => {
    const database = await createDomainDatabase({ timeZone: 'America/New_York' });
    expect(await ask(database, 'SHOW timezone')).toEqual([['America/New_York']]);
    await database.drop();
  });
});
