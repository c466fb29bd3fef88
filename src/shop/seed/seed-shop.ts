import pg from 'pg';
import { type SeedOptions, SluiceError } from '../../index.js';
import { copyTable } from './copy-table.js';
import { DEVELOPMENT_PASSWORDS, NO_PASSWORDS } from './development-passwords.js';
import { countsAtScale } from './seed-counts.js';
import { planSeedTables } from './seed-tables.js';
import { Timeline } from './timeline.js';

export interface ShopSeedOptions extends SeedOptions {
  /** The day (UTC) before which the two years of the shop end, such as `2026-01-01`, which is the default. */
  readonly endDay?: string;
}

const DEFAULT_END_DAY = '2026-01-01';

/** Tables that stay empty, but must be so at the start. */
const UNFILLED_TABLES = [
  'daily_product_stats',
  'daily_category_stats',
  'monthly_category_stats',
  'hourly_view_stats',
];
/** The key of `carts` is a UUID. */
const TABLES_WITHOUT_SEQUENCE = new Set(['carts']);

/**
 * Fills a migrated, empty database with a shop: the same rows, to the letter, for the same scale, day and environment.
 * Two users have a password, which the docs name, in development only. All or nothing, in one transaction; statistics are
 * up to date afterwards.
 *
 * @throws SluiceError CONFLICT where one of the tables has a row; BAD_USER_INPUT for a scale out of range
 */
export async function seedShop(options: ShopSeedOptions): Promise<void> {
  const { databaseUrl, scale, env, onProgress, endDay } = options;
  const counts = countsAtScale(scale);
  const timeline = new Timeline(endDay ?? DEFAULT_END_DAY);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SET statement_timeout = 0');
    // VACUUM marks rows as visible to all only if every commit up to now is on disk.
    await client.query('SET synchronous_commit = on');
    await client.query('BEGIN');
    const passwordHashes = env === 'development' ? DEVELOPMENT_PASSWORDS : NO_PASSWORDS;
    const tables = planSeedTables({ counts, timeline, passwordHashes });
    const names = [...tables.map((table) => table.name), ...UNFILLED_TABLES];
    await lockEmptyTables(client, names);
    for (const table of tables) {
      const step = table.name.replaceAll('_', ' ');
      const onRows = (rows: number): void => onProgress(step, rows, Math.max(rows, table.expectedRows));
      const rows = await copyTable(client, table, onRows);
      onProgress(step, rows, rows);
    }
    await setSequences(
      client,
      tables.map((table) => table.name),
    );
    await client.query('COMMIT');
    // Not ANALYZE alone: only a vacuumed table can be read from its indexes without looking into its rows.
    onProgress('statistics', 0, 1);
    await client.query(`VACUUM (ANALYZE) ${names.join(', ')}`);
    onProgress('statistics', 1, 1);
  } finally {
    await client.end();
  }
}

/** Nobody else may write meanwhile, so that two seeds at a time can't both find the tables empty. */
async function lockEmptyTables(client: pg.Client, names: readonly string[]): Promise<void> {
  await client.query(`LOCK TABLE ${names.join(', ')} IN SHARE ROW EXCLUSIVE MODE`);
  const checks = names.map((name) => `SELECT '${name}' AS name WHERE EXISTS (SELECT FROM ${name})`);
  const { rows } = await client.query<{ name: string }>(checks.join(' UNION ALL '));
  if (rows.length === 0) return;
  throw new SluiceError(
    'CONFLICT',
    `The database has rows already: ${rows.map(({ name }) => name).join(', ')}.`,
    {
      hint: 'The seed fills empty databases only. Nothing was changed.',
    },
  );
}

async function setSequences(client: pg.Client, names: readonly string[]): Promise<void> {
  for (const name of names.filter((table) => !TABLES_WITHOUT_SEQUENCE.has(table))) {
    await client.query(
      `SELECT setval(pg_get_serial_sequence($1, 'id'), greatest(max(id), 1), max(id) IS NOT NULL) FROM ${name}`,
      [name],
    );
  }
}
