import { join } from 'node:path';
import pg from 'pg';
import { applyMigrations } from '../../src/model/migrations/apply-migrations.js';
import { seedShop } from '../../src/shop/seed/seed-shop.js';
import { createTemplateDatabase, createTestDatabase, type TestDatabase } from '../services/database.js';

const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');

/** Of the default seed: 50 categories, 40 products and users, 200 reviews, 100 orders, 1,000 views. */
export const TINY_SCALE = 0.02;

/** A copy of the shop's database, migrated and with the tiny seed's rows, the same at every call. */
export async function createShopDatabase(): Promise<TestDatabase> {
  const template = await createTemplateDatabase('shop', async (url) => {
    await migrateShop(url);
    await seedShop({ databaseUrl: url, scale: TINY_SCALE, env: 'development', onProgress: () => {} });
  });
  return createTestDatabase({ template });
}

/** The shop's database without a row. */
export async function createEmptyShopDatabase(): Promise<TestDatabase> {
  const template = await createTemplateDatabase('shop_empty', migrateShop);
  return createTestDatabase({ template });
}

async function migrateShop(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await applyMigrations(client, MIGRATIONS);
  } finally {
    await client.end();
  }
}
