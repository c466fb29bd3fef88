import { createChangesDatabase, withClient } from '../changes/engine-tables.js';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '../services/database.js';
import { type LinkedProject, linkProject } from './linked-project.js';
import { createRecordingTerminal } from './recording-terminal.js';

let project: LinkedProject;
let database: TestDatabase;
beforeAll(async () => {
  [project, database] = await Promise.all([linkProject(), createChangesDatabase()]);
});
const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await project.remove();
  await database.drop();
});

async function change(...tags: string[]): Promise<void> {
  await withClient(database.url, (client) =>
    client.query('INSERT INTO sluice.outbox (tags) VALUES ($1)', [tags]),
  );
}

/** `sluice changes tail` in this process, up to its first line. */
async function tail(...flags: string[]) {
  const terminal = createRecordingTerminal();
  const stopping = new AbortController();
  const ended = project.run(['changes', 'tail', ...flags], {
    env: { DATABASE_URL: database.url, REDIS_URL: testRedisUrl() },
    terminal,
    stopSignal: stopping.signal,
  });
  const stop = () => {
    stopping.abort();
    return ended;
  };
  stops.push(stop);
  await terminal.waitFor('Ctrl-C ends it.');
  return { terminal, stop };
}

describe('sluice changes tail', () => {
  it('prints each change as it is committed, whoever made it, and ends when it is told to', async () => {
    await change('Product:1');
    const { terminal, stop } = await tail();
    // What waits at its begin is drained, and not told: it is from before.
    await change('Product:2', 'Product.price');
    await terminal.waitFor('Product:2');
    await change('Category:7');
    await terminal.waitFor('Category:7');
    const { code, output, notes } = await stop();
    expect([code, notes]).toEqual([
      0,
      'Every change from now on: position, and the tags that it voids. Ctrl-C ends it.\n',
    ]);
    const lines = output.trimEnd().split('\n').slice(-2);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}[a-z0-9]+:\d+ {2}Product.price {2}Product:2$/);
    expect(lines[1]).toMatch(/^\S+ {2}[a-z0-9]+:\d+ {2}Category:7$/);
  });

  it('prints one model only, as JSON', async () => {
    const { terminal, stop } = await tail('--model', 'Category', '--json');
    await change('Product:3', 'Category:3');
    await terminal.waitFor('Category:3');
    const { output } = await stop();
    expect(output.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(output)).toMatchObject({ kind: 'record', tags: ['Category:3'], isHorizon: false });
  });

  it('says what is missing', async () => {
    const REDIS_URL = testRedisUrl();
    const run = (env: Record<string, string>, ...flags: string[]) =>
      project.run(['changes', 'tail', ...flags], { env });
    const withoutTables = await createTestDatabase();
    try {
      const told = await Promise.all([
        run({ DATABASE_URL: database.url, REDIS_URL }, '--model', 'Produkt'),
        run({ DATABASE_URL: database.url }),
        run({ PATH: '/nowhere' }),
        run({ DATABASE_URL: database.url, REDIS_URL: 'redis://:secret@127.0.0.1:1' }),
        run({ DATABASE_URL: withoutTables.url, REDIS_URL }),
      ]);
      expect(told.map(({ code, notes }) => [code, notes.split('\n').slice(0, 2).join('\n')])).toEqual([
        [1, expect.stringContaining('✗ There is no model Produkt (did you mean "Product"?)')],
        [1, expect.stringMatching(/✗ There is no Redis, so each .*\n {2}Set REDIS_URL/)],
        [1, expect.stringMatching(/✗ There is no Redis, so each .*\n {2}Install redis-server/)],
        [1, expect.stringContaining("✗ Redis at redis://:***@127.0.0.1:1 can't be reached\n  Start Sluice")],
        [1, expect.stringContaining('✗ The database has no change log\n  Run')],
      ]);
    } finally {
      await withoutTables.drop();
    }
  });
});
