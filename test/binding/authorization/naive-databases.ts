import pg from 'pg';
import { createDomainDatabase } from '../../domain/domain-database.js';
import type { TestDatabase } from '../../services/database.js';

/** Rows of the protected zoo that belong to somebody, and which keeper that is. */
const OWNED = [
  {
    table: 'zoo.shifts',
    sql: 'SELECT s.ctid::text AS row, k.id AS owner FROM zoo.shifts s JOIN zoo.keepers k USING (badge)',
  },
  {
    table: 'records.passports',
    sql: 'SELECT p.ctid::text AS row, a.carer_id AS owner FROM records.passports p JOIN zoo.animals a ON a.id = p.animal_id',
  },
  {
    table: 'zoo.feedings',
    sql: 'SELECT f.ctid::text AS row, a.carer_id AS owner FROM zoo.feedings f JOIN zoo.animals a ON a.id = f.animal_id',
  },
];

/** A database of the zoo that lacks whatever `isVisible` says is another's. */
export async function createNaiveDatabase(isVisible: (ownerId: number) => boolean): Promise<TestDatabase> {
  const database = await createDomainDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  for (const { table, sql } of OWNED) {
    const { rows } = await client.query<{ row: string; owner: number }>(sql);
    const hidden = rows.filter(({ owner }) => !isVisible(owner)).map(({ row }) => row);
    await client.query(`DELETE FROM ${table} WHERE ctid = ANY ($1::tid[])`, [hidden]);
  }
  await client.end();
  return database;
}
