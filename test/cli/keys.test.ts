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

const run = (...args: string[]) => project.run(args, { env });

const ask = (sql: string) => queryRows(database.url, sql);

describe('sluice keys', () => {
  it('asks for the tables first', async () => {
    const { code, notes } = await run('keys', 'list');
    expect([code, notes]).toEqual([
      1,
      expect.stringMatching(
        /✗ The database lacks tables of Sluice: .*003-identity\.sql, 004-counters\.sql, 005-jobs\.sql\n.*npm run sluice -- migrate/,
      ),
    ]);
    await run('migrate');
    expect((await run('keys', 'list')).output).toBe('There are no keys.\n');
  });

  it('makes a key, which is all that it prints, and lists it without its secret', async () => {
    const made = await run(
      'keys',
      'create',
      '--name',
      'nightly import',
      '--user',
      'robot-1',
      '--tier',
      'premium',
    );
    expect(made.output).toMatch(/^slk_[a-z0-9]{8}_[\w-]{43}\n$/);
    expect(made.notes).toContain('shown this once');
    const prefix = made.output.slice(0, 12);
    const { output } = await run('keys', 'list');
    expect(output).toMatch(
      new RegExp(`^✓ ${prefix}  nightly import  robot-1 premium  made \\d{4}-.* UTC, never used\\n$`),
    );
    expect(output).not.toContain(made.output.trim().slice(13));
  });

  it('makes one with scopes that ends by itself', async () => {
    const args = [
      '--name',
      'brief',
      '--user',
      'robot-2',
      '--scope',
      'read',
      'write',
      '--expires',
      '2020-01-31',
    ];
    await run('keys', 'create', ...args);
    const { output } = await run('keys', 'list');
    expect(output).toMatch(
      /✗ slk_\w+ {2}brief {2}robot-2 authenticated \[read write\] {2}.*until 2020-01-31 00:00 UTC, expired/,
    );
    await ask("UPDATE sluice.api_keys SET last_used_at = '2020-01-30 11:59:59Z' WHERE name = 'brief'");
    expect((await run('keys', 'list')).output).toContain('used 2020-01-30 11:59 UTC');
  });

  it('makes none for a tier that there is not, or for a date that is none', async () => {
    const tier = await run('keys', 'create', '--name', 'a', '--user', 'u', '--tier', 'premum');
    expect([tier.code, tier.notes]).toEqual([
      1,
      expect.stringContaining('there is no tier "premum" (did you mean "premium"?)'),
    ]);
    for (const date of ['tomorrow', '2030-13-01', '1']) {
      const { code, notes } = await run('keys', 'create', '--name', 'a', '--user', 'u', '--expires', date);
      expect([code, notes]).toEqual([1, expect.stringContaining('It must be a date')]);
    }
  });

  it('revokes one, which every server is told of', async () => {
    const made = await run('keys', 'create', '--name', 'leaked', '--user', 'robot-3');
    const prefix = made.output.slice(0, 12);
    await ask('DELETE FROM sluice.outbox');
    const { code, output } = await run('keys', 'revoke', prefix);
    expect([code, output]).toEqual([0, `✓ ${prefix}  holds no longer\n`]);
    expect(await ask('SELECT tags FROM sluice.outbox')).toEqual([{ tags: [`sluice.key:${prefix}`] }]);
    expect((await run('keys', 'list')).output).toMatch(new RegExp(`✗ ${prefix}  leaked .*revoked \\d{4}-`));
    const unknown = await run('keys', 'revoke', 'slk_00000000');
    expect([unknown.code, unknown.notes]).toEqual([
      1,
      expect.stringContaining('There is no key with the prefix slk_00000000'),
    ]);
  });
});

describe('sluice tokens revoke', () => {
  it('remembers the token, until it expires where that is known', async () => {
    await ask('DELETE FROM sluice.outbox');
    expect((await run('tokens', 'revoke', 'a b')).output).toBe('✓ a b  holds no longer\n');
    await run('tokens', 'revoke', 'brief', '--expires', '2030-01-31T12:00:00Z');
    expect(await ask('SELECT jti, expires_at FROM sluice.revoked_tokens ORDER BY jti')).toEqual([
      { jti: 'a b', expires_at: null },
      { jti: 'brief', expires_at: new Date('2030-01-31T12:00:00Z') },
    ]);
    expect(await ask('SELECT tags FROM sluice.outbox')).toEqual([
      { tags: [expect.stringMatching(/^sluice\.revoked:/)] },
      { tags: [expect.stringMatching(/^sluice\.revoked:/)] },
    ]);
  });
});
