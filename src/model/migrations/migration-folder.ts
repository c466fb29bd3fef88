import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../kernel/sluice-error.js';

/** One folder of `prisma/migrations`. */
export interface Migration {
  /** The folder's name, which Prisma begins with a time so that names sort in the order of writing. */
  readonly name: string;
  /** The path of its migration.sql. */
  readonly file: string;
  readonly sql: string;
  /** sha256 of the file in hex, as Prisma records it. */
  readonly checksum: string;
}

/**
 * The migrations in a folder, in the order in which they are to be applied. None where there is no folder.
 *
 * @throws SluiceError MIGRATION_FAILED for a migration without a migration.sql
 */
export async function readMigrations(directory: string): Promise<Migration[]> {
  const names = await listFolders(directory);
  return Promise.all(names.map((name) => readMigration(directory, name)));
}

/** Whether the file is what was applied. Line ends don't count, as Git may have changed them. */
export function matchesChecksum(migration: Migration, checksum: string): boolean {
  const unix = migration.sql.replaceAll('\r\n', '\n');
  const windows = unix.replaceAll('\n', '\r\n');
  return [migration.sql, unix, windows].some((sql) => sha256(sql) === checksum);
}

async function listFolders(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return folders.sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readMigration(directory: string, name: string): Promise<Migration> {
  const file = join(directory, name, 'migration.sql');
  try {
    const sql = await readFile(file, 'utf8');
    return { name, file, sql, checksum: sha256(sql) };
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new SluiceError('MIGRATION_FAILED', `The migration ${name} has no migration.sql.`, {
      hint: `Put ${file} back, or remove its folder.`,
      cause,
    });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
