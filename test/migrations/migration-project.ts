import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { createTestDatabase } from '../services/database.js';

export interface MigrationProject {
  readonly directory: string;
  readonly migrations: string;
  readonly url: string;
  readonly client: pg.Client;
  /** Writes (or rewrites) a migration. */
  write(name: string, sql: string): Promise<void>;
  /** First column of every row. */
  ask(sql: string): Promise<unknown[]>;
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

const SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\n';
const CONFIG = `import { defineConfig } from 'prisma/config';
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? '' },
});
`;

/** A project of its own in a temporary folder, such as Prisma's CLI takes, with a database of its own. */
export async function createMigrationProject(): Promise<MigrationProject> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-migrations-'));
  const migrations = join(directory, 'prisma', 'migrations');
  await mkdir(migrations, { recursive: true });
  await writeFile(join(directory, 'prisma', 'schema.prisma'), SCHEMA);
  await writeFile(join(directory, 'prisma.config.ts'), CONFIG);
  await writeFile(join(migrations, 'migration_lock.toml'), 'provider = "postgresql"\n');
  await symlink(resolve('node_modules'), join(directory, 'node_modules'));
  const database = await createTestDatabase();
  const clients: pg.Client[] = [];
  const connect = async (): Promise<pg.Client> => {
    const connected = new pg.Client({ connectionString: database.url });
    await connected.connect();
    clients.push(connected);
    return connected;
  };
  const client = await connect();
  return {
    directory,
    migrations,
    url: database.url,
    client,
    connect,
    async write(name, sql) {
      await mkdir(join(migrations, name), { recursive: true });
      await writeFile(join(migrations, name, 'migration.sql'), sql);
    },
    async ask(sql) {
      const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
      return rows.map((row) => row[0]);
    },
    async close() {
      await Promise.all(clients.map((open) => open.end()));
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
