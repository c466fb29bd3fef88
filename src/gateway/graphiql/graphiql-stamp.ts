import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

/** What the page is made from, beside its own sources. */
const PACKAGES = ['graphiql', '@graphiql/react', 'graphql', 'react', 'react-dom', 'vite'];
const STAMP_FILE = 'stamp.txt';

/** A hash over everything that the built page depends on. */
export async function computeStamp(sourceDirectory: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(sourceDirectory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    hash.update(`${relative(sourceDirectory, file)}\0`).update(await readFile(file));
  }
  for (const name of PACKAGES) hash.update(`${name}@${await readVersion(name)}\0`);
  return hash.digest('hex');
}

async function readVersion(name: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const { version } = JSON.parse(await readFile(require.resolve(`${name}/package.json`), 'utf8'));
  return String(version);
}

/** The path of the stamp inside of a built directory. */
export function stampPath(directory: string): string {
  return join(directory, STAMP_FILE);
}

/** The stamp that a directory was built with, or null where nothing is built there. */
export async function readStamp(directory: string): Promise<string | null> {
  return readFile(stampPath(directory), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
