import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { SluiceError } from '../../src/kernel/sluice-error.js';
import { applyMigrations } from '../../src/model/migrations/apply-migrations.js';
import { findPendingMigrations } from '../../src/model/migrations/migration-state.js';
import { createMigrationProject, type MigrationProject } from './migration-project.js';
import { runPrisma } from './prisma-cli.js';

const FIRST = '20260101000000_first';
const SECOND = '20260102000000_second';
const THIRD = '20260103000000_third';

// Prisma's CLI takes a second or two to start.
jest.setTimeout(60_000);

let project: MigrationProject;

beforeEach(async () => {
  project = await createMigrationProject();
});

afterEach(() => project.close());

const apply = (
  ...rest: Parameters<typeof applyMigrations> extends [unknown, unknown, ...infer R] ? R : never
) => applyMigrations(project.client, project.migrations, ...rest);

const findState = () => findPendingMigrations(project.client, project.migrations);

async function catchFault(work: Promise<unknown>): Promise<SluiceError> {
  const fault = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (fault instanceof SluiceError) return fault;
  throw new Error(`expected a SluiceError, got ${String(fault)}`);
}

describe('applying migrations', () => {
  it('runs what is pending in the order of names, once, and says what it does', async () => {
    await project.write(SECOND, 'INSERT INTO a VALUES (1);');
    await project.write(FIRST, 'CREATE TABLE a (n int);');
    expect((await findState()).pending.map(({ name }) => name)).toEqual([FIRST, SECOND]);
    const steps: unknown[] = [];
    const applied = await apply((...step) => steps.push(step));
    expect(applied.map(({ name }) => name)).toEqual([FIRST, SECOND]);
    expect(steps).toEqual([
      [FIRST, 0, 2],
      [SECOND, 1, 2],
      ['migrated', 2, 2],
    ]);
    expect(await apply()).toEqual([]);
    expect(await project.ask('SELECT n FROM a')).toEqual([1]);
    const state = await findState();
    expect(state).toEqual({ pending: [], applied: [FIRST, SECOND], failed: [], edited: [], unknown: [] });
  });

  it('needs neither a folder nor a table of migrations', async () => {
    await rm(project.migrations, { recursive: true });
    expect((await findState()).pending).toEqual([]);
    expect(await apply()).toEqual([]);
    expect(await project.ask(`SELECT to_regclass('_prisma_migrations')`)).toEqual([null]);
  });

  it('agrees with prisma migrate status and deploy, and continues what deploy began', async () => {
    await project.write(FIRST, 'CREATE TABLE a (n int);');
    expect((await runPrisma(['migrate', 'deploy'], project.url, project.directory)).exitCode).toBe(0);
    expect((await findState()).applied).toEqual([FIRST]);
    await project.write(SECOND, '-- a comment; with a semicolon\nCREATE TABLE b (n int);');
    await apply();
    const status = await runPrisma(['migrate', 'status'], project.url, project.directory);
    expect(status.output).toContain('Database schema is up to date!');
    expect(status.exitCode).toBe(0);
    const deploy = await runPrisma(['migrate', 'deploy'], project.url, project.directory);
    expect(deploy.output).toContain('No pending migrations to apply.');
  });

  it('runs statements that no transaction allows, one by one', async () => {
    await project.write(FIRST, 'CREATE TABLE a (n int);');
    await project.write(SECOND, 'CREATE INDEX CONCURRENTLY a_n ON a (n);\nINSERT INTO a VALUES (2);');
    await project.write(THIRD, 'BEGIN; INSERT INTO a VALUES (3); COMMIT; BEGIN; INSERT INTO a VALUES (4);');
    expect(await apply()).toHaveLength(3);
    expect(await project.ask('SELECT n FROM a ORDER BY n')).toEqual([2, 3, 4]);
    expect(await project.ask('SHOW statement_timeout')).toEqual(['0']);
    expect((await findState()).pending).toEqual([]);
  });

  it('lets a migration take longer than the statement timeout, which holds again afterwards', async () => {
    await project.client.query(`SET statement_timeout = '50ms'`);
    await project.write(FIRST, 'SELECT pg_sleep(0.1);');
    expect(await apply()).toHaveLength(1);
    expect(await project.ask('SHOW statement_timeout')).toEqual(['50ms']);
  });

  it('runs each migration once when several processes start at a time, and says that it waits', async () => {
    await project.write(FIRST, 'CREATE TABLE a (n int);\nINSERT INTO a VALUES (1);');
    await project.write(SECOND, 'CREATE INDEX CONCURRENTLY a_n ON a (n);');
    const holder = await project.connect();
    await holder.query('SELECT pg_advisory_lock(72707369)');
    const waits: string[] = [];
    const others = await Promise.all([1, 2, 3].map(() => project.connect()));
    const runs = others.map((client) =>
      applyMigrations(client, project.migrations, (step) => {
        waits.push(step);
        if (waits.filter((word) => word.startsWith('waiting')).length === others.length) void holder.end();
      }),
    );
    const applied = (await Promise.all(runs)).flat().map(({ name }) => name);
    expect(applied.sort()).toEqual([FIRST, SECOND]);
    expect(await project.ask('SELECT n FROM a')).toEqual([1]);
  });
});

describe('a migration that fails', () => {
  it('names the file, the line and what PostgreSQL says, and undoes all of it', async () => {
    await project.write(
      FIRST,
      'CREATE TABLE a (n int);\n\n-- what follows is wrong\nSELECT 1,\n  missing\nFROM a;',
    );
    const fault = await catchFault(apply());
    expect(fault.code).toBe('MIGRATION_FAILED');
    expect(fault.message).toContain(FIRST);
    expect(fault.message).toContain(`${join(FIRST, 'migration.sql')}:5`);
    expect(fault.message).toContain('column "missing" does not exist');
    expect(fault.hint).toContain('Nothing of it was applied');
    expect(await project.ask(`SELECT to_regclass('a')`)).toEqual([null]);
  });

  it('counts characters as PostgreSQL does, whatever their width', async () => {
    await project.write(FIRST, `SELECT '🚰🚰🚰\n', 'ü', missing;`);
    expect((await catchFault(apply())).message).toContain('migration.sql:2');
  });

  it('names the first line of a statement whose error has no position, with the detail', async () => {
    await project.write(FIRST, 'CREATE TABLE a (n int PRIMARY KEY);\nINSERT INTO a\n  VALUES (1), (1);');
    const fault = await catchFault(apply());
    expect(fault.message).toContain('migration.sql:2');
    expect(fault.message).toContain('Key (n)=(1) already exists');
    expect(fault.hint).not.toContain('resolve');
  });

  it('is shown by prisma migrate status, and applied once it is mended', async () => {
    await project.write(FIRST, 'CREATE TABLE a (n int);');
    await project.write(SECOND, 'CREATE TABLE b (n nonsense);');
    await catchFault(apply());
    await catchFault(apply());
    const state = await findState();
    expect(state.pending.map(({ name }) => name)).toEqual([SECOND]);
    expect(state.failed).toMatchObject([{ name: SECOND, logs: 'line 1: type "nonsense" does not exist' }]);
    const failed = await runPrisma(['migrate', 'status'], project.url, project.directory);
    expect(failed.output).toContain('Following migration have failed');
    expect(failed.output).toContain(SECOND);

    await project.write(SECOND, 'CREATE TABLE b (n int);');
    expect((await apply()).map(({ name }) => name)).toEqual([SECOND]);
    expect((await findState()).failed).toEqual([]);
  });

  it('is retried after prisma migrate deploy failed at it', async () => {
    await project.write(FIRST, 'CREATE TABLE a (n nonsense);');
    expect((await runPrisma(['migrate', 'deploy'], project.url, project.directory)).exitCode).toBe(1);
    expect((await findState()).failed.map(({ name }) => name)).toEqual([FIRST]);
    await project.write(FIRST, 'CREATE TABLE a (n int);');
    expect(await apply()).toHaveLength(1);
  });

  it('outside a transaction says that what came before it stands', async () => {
    await project.write(
      FIRST,
      'CREATE TABLE a (n int);\nVACUUM a;\nBEGIN;\nINSERT INTO a VALUES (1);\nCREATE TABLE a ();',
    );
    const fault = await catchFault(apply());
    expect(fault.message).toContain('migration.sql:5');
    expect(fault.hint).toContain('the statements before this one have been applied');
    expect(fault.hint).toContain(`prisma migrate resolve --applied ${FIRST}`);
    expect(await project.ask('SELECT count(*)::int FROM a')).toEqual([0]);
  });

  it('at the commit names the file', async () => {
    const sql = `CREATE TABLE a (n int PRIMARY KEY, other int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO a VALUES (1, 2);`;
    await project.write(FIRST, sql);
    const fault = await catchFault(apply());
    expect(fault.message).toMatch(/migration\.sql\): insert or update on table "a" violates foreign key/);
    expect((await findState()).failed).toHaveLength(1);
  });

  it('says so when the failure itself could not be recorded', async () => {
    await project.write(FIRST, 'SELECT pg_terminate_backend(pg_backend_pid());');
    const client = await project.connect();
    const lost = once(client, 'error');
    const fault = await catchFault(applyMigrations(client, project.migrations));
    await lost;
    expect(fault.message).toContain('migration.sql:1');
    expect(fault.hint).toContain('could not be recorded');
  });
});

describe('a history that differs from the folder', () => {
  it('names applied migrations that were changed since, and applies nothing on top of them', async () => {
    await project.write(FIRST, 'CREATE TABLE a (n int);\nCREATE TABLE b (n int);\n');
    await apply();
    await project.write(FIRST, 'CREATE TABLE a (n int);\r\nCREATE TABLE b (n int);\r\n');
    expect((await findState()).edited).toEqual([]);
    await project.write(FIRST, 'CREATE TABLE a (n bigint);\n');
    expect((await findState()).edited).toEqual([FIRST]);
    expect(await apply()).toEqual([]);
    await project.write(SECOND, 'CREATE TABLE c (n int);');
    const fault = await catchFault(apply());
    expect(fault.message).toContain(FIRST);
    expect(fault.message).toContain('Nothing was applied');
    expect((await findState()).pending.map(({ name }) => name)).toEqual([SECOND]);
  });

  it('names migrations that the folder does not have', async () => {
    await project.write(FIRST, 'CREATE TABLE a (n int);');
    await apply();
    await rm(join(project.migrations, FIRST), { recursive: true });
    expect(await findState()).toMatchObject({ unknown: [FIRST], pending: [] });
  });

  it('tells a folder without a migration.sql', async () => {
    await mkdir(join(project.migrations, FIRST));
    const fault = await catchFault(findState());
    expect(fault.message).toBe(`The migration ${FIRST} has no migration.sql.`);
  });

  it('passes on what keeps the folder from being read', async () => {
    const file = join(project.directory, 'prisma.config.ts');
    await expect(findPendingMigrations(project.client, file)).rejects.toThrow('ENOTDIR');
    await mkdir(join(project.migrations, FIRST, 'migration.sql'), { recursive: true });
    await expect(findState()).rejects.toThrow('EISDIR');
  });
});
