import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { CommandContext } from '../command-context.js';
import { useDatabase } from '../use-database.js';

/** What `prisma migrate diff --exit-code` ends with where there is a difference. */
const DIFFERENT = 2;

/**
 * Writes a migration that adds what the Prisma schema has and the migrations lack. Nothing is applied; the
 * server is only used for a shadow database.
 *
 * @throws SluiceError `MIGRATION_FAILED` with Prisma's words where it can't compare
 */
export async function writeMigration(context: CommandContext, name: string): Promise<void> {
  const { terminal } = context;
  const { migrationsDirectory } = context.paths;
  await mkdir(migrationsDirectory, { recursive: true });
  // Prisma learns from this file which database the migrations are for, also where there are none yet.
  const lockFile = join(migrationsDirectory, 'migration_lock.toml');
  if (!existsSync(lockFile)) await writeFile(lockFile, 'provider = "postgresql"\n');
  const sql = await useDatabase(context, ({ adminUrl, url }) => compare(context, adminUrl ?? url));
  if (sql === null) {
    terminal.out(`${terminal.colors.green('✓')} The migrations lead to prisma/schema.prisma already.`);
    return;
  }
  const folder = join(migrationsDirectory, `${formatTime(new Date())}_${slugify(name)}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'migration.sql'), sql);
  const file = relative(context.root, join(folder, 'migration.sql'));
  terminal.out(`${terminal.colors.green('✓')} ${file}`);
  terminal.note('  Look at it: it is what runs, at the next start or by `npm run sluice -- migrate`.');
}

/** The difference as SQL, or null where there is none. */
async function compare({ root, env }: CommandContext, databaseUrl: string): Promise<string | null> {
  const prisma = join(
    dirname(createRequire(import.meta.url).resolve('prisma/package.json')),
    'build/index.js',
  );
  const child = spawn(
    process.execPath,
    [
      prisma,
      'migrate',
      'diff',
      '--from-migrations',
      'prisma/migrations',
      '--to-schema',
      'prisma/schema.prisma',
      '--script',
      '--exit-code',
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...env,
        DATABASE_URL: databaseUrl,
        // Works without a network, unlike the engine that Prisma would download.
        PRISMA_SCHEMA_ENGINE_BINARY: join(root, 'scripts/prisma/schema-engine.mjs'),
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        CHECKPOINT_DISABLE: '1',
      },
    },
  );
  let sql = '';
  let notes = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    sql += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    notes += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return null;
  if (code === DIFFERENT) return sql;
  throw new SluiceError(
    'MIGRATION_FAILED',
    `Prisma can't compare prisma/schema.prisma with prisma/migrations: ${(notes + sql).trim()}`,
  );
}

/** `20260131120000`, in UTC. */
function formatTime(time: Date): string {
  return time.toISOString().slice(0, 19).replaceAll(/[-:T]/g, '');
}

function slugify(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}
