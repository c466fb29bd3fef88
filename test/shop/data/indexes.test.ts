import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { seedShop } from '../../../src/shop/seed/seed-shop.js';
import { createEmptyShopDatabase } from '../shop-database.js';
import { type OpenDatabase, openDatabase } from './shop-client.js';

interface IndexLine {
  readonly name: string;
  readonly serves: string;
  readonly statement: string;
}

const text = await readFile(resolve('prisma/INDEXES.md'), 'utf8');
const LINE = /^\| `(?<name>\w+)` \| (?<serves>[^|]+) \| `(?<statement>[^`]+)` \|$/gm;
const lines = Array.from(text.matchAll(LINE), ({ groups }) => groups as unknown as IndexLine);

let shop: OpenDatabase;

beforeAll(async () => {
  shop = await openDatabase(createEmptyShopDatabase());
  await seedShop({ databaseUrl: shop.url, scale: 0.2, env: 'development', onProgress: () => {} });
  // Small tables are read as a whole and sorted, whatever their indexes.
  await shop.ask('SET enable_seqscan = off; SET enable_sort = off');
}, 60_000);

afterAll(() => shop.close());

describe('prisma/INDEXES.md', () => {
  it('lists every index of the database and no other, each once', async () => {
    const rows = await shop.ask<{ name: string }>(
      `SELECT indexname AS name FROM pg_indexes
       WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`,
    );
    expect(lines.map((line) => line.name).sort()).toEqual(rows.map((row) => row.name).sort());
  });

  it('has no line that this test does not understand', () => {
    expect(text.split('\n').filter((line) => line.startsWith('| `'))).toHaveLength(lines.length);
  });

  it.each(lines.map((line) => [line.name, line] as const))('%s answers its statement', async (name, line) => {
    // GIN and BRIN give bitmaps only; where a B-tree is meant, a bitmap would lose its order.
    const [kind] = await shop.ask<{ isTree: boolean }>(
      `SELECT amname = 'btree' AS "isTree" FROM pg_class JOIN pg_am ON pg_am.oid = relam WHERE relname = $1`,
      [name],
    );
    await shop.ask(`SET enable_bitmapscan = ${kind!.isTree ? 'off' : 'on'}`);
    const rows = await shop.ask<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS off) ${line.statement}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(name);
    expect(plan).not.toMatch(/\bSort\b/);
    if (line.serves.includes('covers')) expect(plan).toContain(`Index Only Scan`);
  });
});

describe('every foreign key', () => {
  it('has an index that begins with its columns, so that deleting what it points to is no search', async () => {
    const rows = await shop.ask(`
      SELECT conrelid::regclass AS table, conname FROM pg_constraint AS c
      WHERE contype = 'f' AND NOT EXISTS (
        SELECT FROM pg_index AS i WHERE i.indrelid = c.conrelid AND (i.indkey::int2[])[0:cardinality(c.conkey) - 1] = c.conkey
      )`);
    expect(rows).toEqual([]);
  });
});
