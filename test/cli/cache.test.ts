import { renderExplanation } from '../../src/cli/cache/render-explanation.js';
import { createTerminal } from '../../src/cli/terminal.js';
import { type CachedZoo, type CachingNode, openCachedZoo, signedIn } from '../gateway/caching/cached-zoo.js';
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

describe('sluice sql', () => {
  it('shows rows as a table, and tells how many were touched', async () => {
    const { code, output, notes } = await run('sql', "SELECT 1 AS one, NULL AS nothing, 'a  b' AS text");
    expect([code, output]).toEqual([0, 'one  nothing  text\n───  ───────  ────\n1    ∅        a b\n']);
    expect(notes).toContain('SELECT, 1 row');
    await run('sql', 'CREATE TABLE things (id int)');
    expect((await run('sql', 'INSERT INTO things VALUES (1), (2)')).notes).toContain('INSERT, 2 rows');
    const both = await run('sql', 'SELECT id FROM things ORDER BY id; SELECT count(*) FROM things');
    expect(both.output).toBe('id\n──\n1\n2\ncount\n─────\n2\n');
    expect((await run('sql', '--json', 'SELECT id FROM things ORDER BY id')).output).toBe(
      '{"id":1}\n{"id":2}\n',
    );
  });

  it('says what PostgreSQL says against it, and where', async () => {
    const { code, notes } = await run('sql', 'SELECT 1,\n  nothing FROM nowhere');
    expect([code, notes]).toEqual([
      1,
      expect.stringMatching(/✗ PostgreSQL refuses this \(42P01, line 2, column 16\): .*nowhere/),
    ]);
    expect((await run('sql', ' ')).notes).toContain('There is no SQL to run');
    expect((await run('sql', '--timeout', '0', 'SELECT 1')).code).toBe(1);
    expect((await run('sql', '--timeout', '1', 'SELECT pg_sleep(60)')).notes).toMatch(/57014/);
  });
});

describe('sluice cache purge', () => {
  it('writes a record for all servers, of what the schema has', async () => {
    expect((await run('cache', 'purge', '--all')).notes).toMatch(/lacks tables of Sluice/);
    await run('migrate');
    await run('sql', 'DELETE FROM sluice.outbox');
    const { code, output } = await run(
      'cache',
      'purge',
      '--field',
      'Query.products',
      '--type',
      'Review',
      '--tag',
      'Product:42',
    );
    expect([code, output]).toEqual([0, '✓ Query.products, Review, Product:42  will be computed again\n']);
    expect((await run('sql', '--json', 'SELECT tags FROM sluice.outbox')).output).toBe(
      '{"tags":["Product:42","sluice.cache:Review","sluice.cache:Query.products"]}\n',
    );
    const unknown = await run('cache', 'purge', '--type', 'Produkt');
    expect([unknown.code, unknown.notes]).toEqual([1, expect.stringMatching(/did you mean "Product"/)]);
    expect((await run('cache', 'purge')).notes).toMatch(/names nothing/);
  });
});

describe('sluice cache explain', () => {
  let zoo: CachedZoo;
  let node: CachingNode;
  beforeAll(async () => {
    zoo = await openCachedZoo();
    node = await zoo.openNode();
  });
  afterAll(() => zoo.close());

  it('shows what a running server knows as a tree', async () => {
    project.write('animals.graphql', '{ unhinted animals(first: 2) { name taxon { name } note } }');
    const url = `${node.url}/graphql`;
    const { code, output } = await run('cache', 'explain', 'animals.graphql', '--url', url);
    expect(code).toBe(0);
    expect(output).toContain('the answer  partial\n  because   Query.unhinted has no maxAge\n');
    expect(output).toContain(
      [
        'unhinted       0 s  ← decides  bypass',
        'animals        60 s  absent',
        '├─ name        as above',
        '├─ taxon       as above',
        '│  └─ name     as above',
        '└─ note        30 s  ← decides',
      ].join('\n'),
    );
    expect(output).toMatch(
      /\nanimals {2}absent\n {2}age.*\n {2}life {6}30 s, PUBLIC, in default\n {2}decided {3}by Animal.note\n {2}tags .*Animal:1/,
    );
  });

  it('fills a running server from a file, and tells what it could not', async () => {
    const url = `${node.url}/graphql`;
    const { authorization } = await signedIn('1', 'staff');
    const to = ['--url', url, '--token', authorization?.replace('Bearer ', '') ?? ''];
    project.write('warm.json', '[{ "query": "{ animalCount }" }, { "query": "{ unhinted }" }]');
    const first = await run('cache', 'warm', 'warm.json', ...to);
    expect([first.code, first.notes]).toEqual([0, expect.stringContaining('✓ 1 kept, 0 kept before')]);
    expect(first.notes).toContain('1 not kept:\n  { unhinted }: Query.unhinted has no maxAge\n');
    expect((await node.ask('{ animalCount }')).cache).toBe('hit');
    project.write('warm.graphql', 'query A { animalCount }\nquery B { animals(first: 2) { name } }');
    const second = await run('cache', 'warm', 'warm.graphql', ...to);
    expect(second.notes).toContain('✓ 2 kept, 0 kept before');
    expect((await run('cache', 'warm', ...to)).notes).toContain('✓ 0 kept, 0 kept before');
  });

  it('says what is wrong with a list', async () => {
    const to = ['--url', `${node.url}/graphql`, '--token', 'none'];
    const cases = {
      'a.json': ['{', /a\.json is no JSON/],
      'b.json': ['{}', /b\.json holds no list/],
      'c.json': ['[{ "query": "{ a }" }, { "text": "" }]', /c\.json \[1\]: operation\.query/],
      'd.graphql': ['query {', /d\.graphql line 1: Syntax Error/],
      'e.json': ['[{ "query": "{ a }" }]', /The server refuses this: [\s\S]*--token/],
    } as const;
    for (const [file, [text, message]] of Object.entries(cases)) {
      project.write(file, text);
      const { code, notes } = await run('cache', 'warm', file, ...to);
      expect([code, notes]).toEqual([1, expect.stringMatching(message)]);
    }
    expect((await run('cache', 'warm', 'absent.json', ...to)).notes).toMatch(/absent\.json can't be read/);
    expect((await run('cache', 'warm', '--recorded', '501')).notes).toMatch(/from 0 to 500/);
  });

  it('says what is wrong', async () => {
    const url = `${node.url}/graphql`;
    expect((await run('cache', 'explain', 'absent.graphql', '--url', url)).notes).toMatch(
      /absent.graphql can't be read/,
    );
    expect(
      (await run('cache', 'explain', 'animals.graphql', '--url', 'http://localhost:1/graphql')).notes,
    ).toMatch(/Nothing answers at http:\/\/localhost:1/);
    project.write('wrong.graphql', '{ nothing }');
    expect((await run('cache', 'explain', 'wrong.graphql', '--url', url)).notes).toMatch(
      /refuses this: .*nothing/,
    );
    expect((await run('cache', 'explain', 'wrong.graphql', '--url', url, '--variables', '{')).notes).toMatch(
      /is no JSON/,
    );
  });

  it('shows an answer that is kept, with its age', () => {
    const { colors } = createTerminal({
      stdout: process.stdout,
      stderr: process.stderr,
      env: { NO_COLOR: '1' },
    });
    const text = renderExplanation(
      {
        outcome: 'hit',
        why: null,
        tier: 'memory',
        ageSeconds: 3,
        ttlSeconds: 57,
        voidedBy: null,
        refused: null,
        agrees: false,
        policy: {
          maxAgeSeconds: 60,
          scope: 'PRIVATE',
          staleWhileRevalidateSeconds: 0,
          staleIfErrorSeconds: 0,
          vary: ['TIER'],
          cache: 'default',
          decidedBy: { maxAge: 'Query.a', scope: 'Query.a' },
        },
        tags: Array.from({ length: 20 }, (_, index) => `A:${index}`),
        key: 'k',
        fields: [],
        pieces: {},
      },
      colors,
    );
    expect(text).toMatch(/^the answer {2}hit in memory\n {2}age {7}3 s, 57 s left\n {2}differs/);
    expect(text).toContain('60 s, PRIVATE, in default, by TIER');
    expect(text).toContain('… 8 more');
  });
});
