import { queryRows } from '../changes/engine-tables.js';
import { createTestDatabase, type TestDatabase } from '../services/database.js';
import { type LinkedProject, linkProject } from './linked-project.js';

let project: LinkedProject;
let database: TestDatabase;
let env: Record<string, string>;
beforeAll(async () => {
  [project, database] = await Promise.all([linkProject(), createTestDatabase()]);
  env = { DATABASE_URL: database.url };
});
afterAll(async () => {
  await database.drop();
  await project.remove();
});

const ask = (sql: string) => queryRows(database.url, sql);

const capture = (...args: string[]) => project.run(['capture', ...args], { env });

describe('sluice capture', () => {
  it('asks for the tables first, whichever way it is called', async () => {
    const installed = await capture('install');
    expect([installed.code, installed.notes]).toEqual([
      1,
      expect.stringMatching(
        /✗ The database lacks tables of Sluice: 001-change-log\.sql, .*\n.*Run npm run sluice -- migrate/,
      ),
    ]);
    expect((await capture('remove')).code).toBe(1);
    const { code, output } = await capture('status');
    expect([code, output]).toEqual([0, expect.stringContaining('run npm run sluice -- migrate')]);
  });

  it('finds the tables made by sluice migrate, which says what comes next', async () => {
    const before = await project.run(['migrate', '--status'], { env });
    expect(before.output).toContain('○ sluice/001-change-log.sql  pending');
    const { code, output, notes } = await project.run(['migrate'], { env });
    expect([code, output]).toEqual([0, expect.stringContaining('✓ sluice/002-capture.sql')]);
    expect(notes).toContain('npm run sluice -- capture install');
    expect((await project.run(['migrate'], { env })).output).toBe('✓ The database is up to date.\n');
    // Whatever the migrations wrote, no trigger told of it.
    expect(await ask('SELECT tags FROM sluice.outbox')).toEqual([{ tags: null }]);
  });

  it('prints the triggers without making them', async () => {
    const { code, output, notes } = await capture('install', '--print');
    expect([code, notes]).toEqual([0, expect.stringContaining('Nothing was changed.')]);
    expect(output).toContain('CREATE TRIGGER sluice_update AFTER UPDATE ON "public"."products"');
    expect(await ask("SELECT FROM pg_trigger WHERE tgname LIKE 'sluice%'")).toEqual([]);
    expect((await capture('status')).output).toMatch(/^✗ Product {2}not captured$/m);
  });

  it('makes them, and finds them made', async () => {
    const first = await capture('install');
    expect([first.code, first.output]).toEqual([
      0,
      expect.stringMatching(/^✓ Product {2}captured from now on$/m),
    ]);
    const { output, notes } = await capture('status');
    expect(output).toMatch(/^✓ Product$/m);
    expect(output).toMatch(/^The outbox holds 1[0-9] changes, the oldest of \d+ s ago/m);
    expect(output).not.toContain('✗');
    expect(notes).toBe('');
    const second = await capture('install');
    expect(second.output).toMatch(/^✓ \d+ models as they should be\n$/);
  });

  it('tells what is wrong, and the command that mends it', async () => {
    await ask('ALTER TABLE products DISABLE TRIGGER sluice_update; DROP TRIGGER sluice_insert ON users');
    const { output, notes } = await capture('status');
    expect(output).toMatch(/^✗ Product {2}a trigger is disabled$/m);
    expect(output).toMatch(/^✗ User {2}a trigger is missing$/m);
    expect(notes).toContain('To mend it: npm run sluice -- capture install');
    expect((await capture('install')).output).toMatch(
      /^✓ Product {2}captured from now on\n✓ User .*\n✓ \d+ models as they should be$/m,
    );
    expect((await capture('status')).output).not.toContain('✗');
  });

  it('takes them away', async () => {
    const { output, notes } = await capture('remove');
    expect(output).toMatch(/^✓ Product {2}no longer captured$/m);
    expect(notes).toContain('To capture again: npm run sluice -- capture install');
    expect(await ask("SELECT FROM pg_trigger WHERE tgname LIKE 'sluice%'")).toEqual([]);
    expect((await capture('remove')).output).toBe('No model is captured.\n');
  });

  it('works on what psql made of the printed script as well', async () => {
    await ask((await capture('install', '--print')).output);
    expect((await capture('status')).output).not.toContain('✗');
    await ask('DELETE FROM sluice.outbox');
    expect((await capture('status')).output).toContain('The outbox is empty.');
  });
});
