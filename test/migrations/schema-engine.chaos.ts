import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { createMigrationProject, type MigrationProject } from './migration-project.js';
import { runPrisma } from './prisma-cli.js';

const SCHEMA = `generator client {
  provider        = "prisma-client"
  output          = "../client"
  previewFeatures = ["partialIndexes"]
}

datasource db {
  provider = "postgresql"
}

model Thing {
  id     Int     @id @default(autoincrement())
  name   String
  isOpen Boolean
  weight Int     @default(0)

  @@index([name], where: { isOpen: true }, map: "open_things")
}
`;

// Prisma's CLI takes a second or two to start.
jest.setTimeout(60_000);

let project: MigrationProject;

beforeEach(async () => {
  project = await createMigrationProject();
  await writeFile(join(project.directory, 'prisma', 'schema.prisma'), SCHEMA);
});

afterEach(() => project.close());

const prisma = (...args: string[]) => runPrisma(args, project.url, project.directory);

describe("the stand-in for Prisma's schema engine", () => {
  it('lets prisma migrate dev write what is missing behind hand-made migrations, and apply it', async () => {
    await project.write(
      '20260101000000_things',
      `-- by hand; with semicolons
      CREATE FUNCTION one() RETURNS int LANGUAGE plpgsql AS $$ BEGIN PERFORM ';'; RETURN 1; END $$;
      CREATE TABLE "Thing" (id serial CONSTRAINT "Thing_pkey" PRIMARY KEY, name text NOT NULL, "isOpen" bool NOT NULL);
      CREATE INDEX open_things ON "Thing" (name) WHERE "isOpen" = true;`,
    );
    const { exitCode, output } = await prisma('migrate', 'dev', '--name', 'Weigh things!');
    expect(output).toContain('Your database is now in sync with your schema.');
    expect(exitCode).toBe(0);

    const [, written] = (await readdir(project.migrations)).filter((name) => /^\d{14}_/.test(name)).sort();
    expect(written).toMatch(/^\d{14}_weigh_things_?$/);
    const sql = await readFile(join(project.migrations, written!, 'migration.sql'), 'utf8');
    expect(sql).toContain('ALTER TABLE "Thing" ADD COLUMN     "weight" INTEGER NOT NULL DEFAULT 0;');
    expect(sql).not.toContain('open_things');
    expect(await project.ask('SELECT weight + one() FROM "Thing"')).toEqual([]);
    expect(
      await project.ask(`SELECT datname FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`),
    ).toEqual([]);

    const again = await prisma('migrate', 'dev');
    expect(again.output).toContain('Already in sync, no schema change or pending migration was found.');
  });

  it('creates the database where there is none', async () => {
    const url = new URL(project.url);
    url.pathname += '_made';
    await project.write('20260101000000_one', 'SELECT 1;');
    const { exitCode, output } = await runPrisma(['migrate', 'deploy'], url.href, project.directory);
    await project.client.query(`DROP DATABASE IF EXISTS ${url.pathname.slice(1)}`);
    expect(output).toContain('All migrations have been successfully applied.');
    expect(exitCode).toBe(0);
  });

  it('says which server can not be reached, in the words that the CLI shows', () => {
    const datasource = JSON.stringify({ url: 'postgresql://postgres@127.0.0.1:1/none' });
    const { status, stderr } = spawnSync(
      'scripts/prisma/schema-engine.mjs',
      ['--datasource', datasource, 'cli', 'can-connect-to-database'],
      { encoding: 'utf8' },
    );
    expect(status).toBe(1);
    expect(JSON.parse(stderr.split('\n')[1]!).fields).toMatchObject({
      error_code: 'P1001',
      message: expect.stringContaining("Can't reach database server at `127.0.0.1:1`"),
    });
  });
});
