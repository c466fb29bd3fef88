import { existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { queryRows } from '../changes/engine-tables.js';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '../services/database.js';
import { createEmptyShopDatabase, createShopDatabase } from '../shop/shop-database.js';
import { type CommandOutcome, type LinkedProject, linkProject } from './linked-project.js';
import { createRecordingTerminal, type RecordingTerminal } from './recording-terminal.js';

// A first start makes a database and fills it.
jest.setTimeout(60_000);

const NO_REDIS = { PATH: '/nowhere' };

let project: LinkedProject;
const databases: TestDatabase[] = [];
beforeAll(async () => {
  project = await linkProject();
});
afterAll(async () => {
  await project.remove();
  await Promise.all(databases.map((database) => database.drop()));
});

async function keep(database: Promise<TestDatabase>): Promise<string> {
  const { url, drop } = await database;
  databases.push({ url, drop });
  return url;
}

interface Started {
  readonly url: string;
  readonly terminal: RecordingTerminal;
  ask(query: string): Promise<any>;
  stop(): Promise<CommandOutcome>;
}

/** `sluice start` in this process, up to its banner. */
async function start(env: Record<string, string>, at: LinkedProject = project): Promise<Started> {
  const terminal = createRecordingTerminal();
  const stopping = new AbortController();
  const ended = at.run(['start'], {
    env: { PORT: '0', SLUICE_HTTP_GRAPHIQL: 'off', ...env },
    terminal,
    stopSignal: stopping.signal,
  });
  const outcome = await Promise.race([terminal.waitFor('Ctrl-C stops'), ended]);
  if (outcome !== undefined) throw new Error(`It ended with ${outcome.code}: ${outcome.notes}`);
  const url = /API\s+(\S+)/.exec(terminal.output)![1]!;
  return {
    url,
    terminal,
    async ask(query) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query }),
      });
      return response.json();
    },
    stop() {
      stopping.abort();
      return ended;
    },
  };
}

describe('Starting with nothing', () => {
  let own: LinkedProject;
  beforeAll(async () => {
    own = await linkProject();
  });
  afterAll(() => own.remove());

  it('makes, migrates and fills a database, answers, and leaves nothing running', async () => {
    const server = await start({}, own);
    const answer = await server.ask('{ products(first: 1) { nodes { name category { name } } totalCount } }');
    expect(answer.errors).toBeUndefined();
    expect(answer.data.products.totalCount).toBeGreaterThan(1_000);
    const { output, notes } = server.terminal;
    expect(notes).toContain('Creating the PostgreSQL data directory');
    expect(notes).toContain('Migrating: ');
    expect(notes).toContain('✓ Seeded in ');
    expect(output).toMatch(/Database +PostgreSQL \d+\.\d+, embedded/);
    expect(output).toMatch(/Redis +redis-server .* started privately/);
    // The answer is the example's own, not a text that somebody wrote.
    expect(output).toContain('\n{"data":{');
    expect(await server.stop()).toMatchObject({ code: 0, notes: expect.stringContaining('Stopping …') });
    await expect(fetch(server.url)).rejects.toThrow();
    expect(existsSync(join(own.root, '.sluice/postgres/data/postmaster.pid'))).toBe(false);
  });

  it('keeps secrets from everybody else', () => {
    for (const file of ['jwt-secret', 'postgres.json', 'redis.json']) {
      expect([file, statSync(join(own.root, '.sluice', file)).mode & 0o077]).toEqual([file, 0]);
    }
  });

  it('finds everything done the next time, and is used by other commands meanwhile', async () => {
    const server = await start({}, own);
    try {
      expect(server.terminal.notes).toBe('');
      const status = await own.run(['migrate', '--status']);
      expect([status.code, status.output]).toEqual([0, expect.stringMatching(/^✓ \d+_shop_tables\n/)]);
      expect((await own.run(['migrate'])).output).toBe('✓ The database is up to date.\n');
      expect(await own.run(['seed'])).toMatchObject({
        code: 1,
        notes: expect.stringContaining('✗ The embedded database is filled already; nothing was changed'),
      });
      expect(await own.run(['start'], { env: { PORT: '0' } })).toMatchObject({
        code: 1,
        notes: expect.stringMatching(
          /✗ Sluice is already running in this folder \(process \d+.*\n {2}Use that one/,
        ),
      });
    } finally {
      await server.stop();
    }
  });

  it('fills the database anew at another scale where that is asked for', async () => {
    expect(await own.run(['seed', '--reset', '--scale', '0.02'])).toMatchObject({
      code: 0,
      notes: expect.stringContaining('✓ Seeded at scale 0.02 in '),
    });
    const server = await start(NO_REDIS, own);
    try {
      expect((await server.ask('{ products { totalCount } }')).data.products.totalCount).toBeLessThan(100);
      expect(server.terminal.output).toContain('none: no redis-server on the PATH, so memory serves');
    } finally {
      await server.stop();
    }
  });

  it('writes a migration where model and migrations differ, and none where they agree', async () => {
    expect((await own.run(['migrate', 'new', 'nothing'])).output).toBe(
      '✓ The migrations lead to prisma/schema.prisma already.\n',
    );
  });
});

describe("Starting on a database of somebody's own", () => {
  it('serves it through either reader', async () => {
    const DATABASE_URL = await keep(createShopDatabase());
    const env = { DATABASE_URL, REDIS_URL: testRedisUrl() };
    const answers = [];
    const variants: Record<string, string>[] = [
      { SLUICE_READS_DRIVER: 'pg' },
      { SLUICE_READS_DRIVER: 'pg', SLUICE_READS_PLAN: 'off', SLUICE_EXECUTION_COMPILED: 'off' },
      { SLUICE_READS_DRIVER: 'prisma' },
    ];
    for (const variant of variants) {
      const server = await start({ ...env, ...variant });
      answers.push(await server.ask('{ products(first: 3) { nodes { name price } } }'));
      expect(server.terminal.output).not.toContain('embedded');
      await server.stop();
    }
    expect(answers[0].data.products.nodes).toHaveLength(3);
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(existsSync(join(project.root, '.sluice/postgres'))).toBe(false);
  });

  it('never fills one, not even an empty one', async () => {
    const DATABASE_URL = await keep(createEmptyShopDatabase());
    const server = await start({ DATABASE_URL, ...NO_REDIS });
    await server.stop();
    expect(await queryRows(DATABASE_URL, 'SELECT FROM products')).toEqual([]);
    expect(await project.run(['seed'], { env: { DATABASE_URL } })).toMatchObject({
      code: 1,
      notes: expect.stringContaining('✗ Sluice fills no database that it did not make itself'),
    });
    expect(await queryRows(DATABASE_URL, 'SELECT FROM products')).toEqual([]);
  });

  it('says which migrations it lacks and how to apply them, and changes nothing', async () => {
    const DATABASE_URL = await keep(createTestDatabase());
    const { code, notes } = await project.run(['start'], { env: { DATABASE_URL, ...NO_REDIS } });
    expect(code).toBe(1);
    expect(notes).toMatch(
      /✗ The database lags behind the model: 4 migrations wait to be applied:\n {2}\d+_shop_tables\n/,
    );
    expect(notes).toContain('  Run npm run sluice -- migrate, or set SLUICE_DATABASE_MIGRATE=on-start\n');
    expect(await queryRows(DATABASE_URL, "SELECT FROM pg_tables WHERE schemaname = 'public'")).toEqual([]);
  });

  it('is migrated by the command, or at start where that is wished', async () => {
    const first = await keep(createTestDatabase());
    const pending = await project.run(['migrate', '--status'], { env: { DATABASE_URL: first } });
    expect(pending.output).toMatch(/^○ \d+_shop_tables {2}pending\n○ /);
    const applied = await project.run(['migrate'], { env: { DATABASE_URL: first } });
    expect([applied.code, applied.output]).toEqual([
      0,
      expect.stringMatching(/^✓ \d+_shop_tables \d+ ms\n✓ /),
    ]);
    const second = await keep(createTestDatabase());
    const env = { DATABASE_URL: second, SLUICE_DATABASE_MIGRATE: 'on-start', ...NO_REDIS };
    const server = await start(env);
    expect((await server.ask('{ products { totalCount } }')).data.products.totalCount).toBe(0);
    await server.stop();
  });

  it('that lacks what the model names is refused, with what it lacks', async () => {
    const DATABASE_URL = await keep(createEmptyShopDatabase());
    await queryRows(DATABASE_URL, 'ALTER TABLE categories DROP COLUMN is_featured CASCADE');
    const { code, notes } = await project.run(['start'], { env: { DATABASE_URL, ...NO_REDIS } });
    expect(code).toBe(1);
    expect(notes).toContain('column "is_featured" of table "categories"');
    expect(notes).toContain('npm run sluice -- migrate new');
  });

  it('that is out of reach is named without its password', async () => {
    const DATABASE_URL = 'postgresql://ann:hidden@127.0.0.1:9/shop';
    const { code, notes } = await project.run(['start'], { env: { DATABASE_URL } });
    expect(code).toBe(1);
    expect(notes).toContain("✗ PostgreSQL at 127.0.0.1:9 can't be reached: nothing listens there");
    expect(notes).not.toContain('hidden');
  });
});

describe('Trouble at start', () => {
  it('a port that is taken is named, with another to take', async () => {
    const DATABASE_URL = await keep(createEmptyShopDatabase());
    const other: Server = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    try {
      const env = { DATABASE_URL, PORT: String(port), ...NO_REDIS };
      const { code, notes } = await project.run(['start'], { env });
      expect([code, notes]).toEqual([
        1,
        `✗ Port ${port} is taken by another program\n  Stop it, or choose another port: PORT=${port + 1}\n`,
      ]);
    } finally {
      other.close();
    }
  });

  it('a migration that fails is named with file, line and reason', async () => {
    const broken = await linkProject({ copied: ['prisma'] });
    try {
      broken.write(
        'prisma/migrations/20990101000000_broken/migration.sql',
        'SELECT 1;\n\nSELECT * FROM nowhere;\n',
      );
      const DATABASE_URL = await keep(createEmptyShopDatabase());
      const { code, notes } = await broken.run(['migrate'], { env: { DATABASE_URL } });
      expect(code).toBe(1);
      expect(notes).toMatch(
        /✗ The migration 20990101000000_broken failed \(.*migration\.sql:3\): .*relation "nowhere" does not exist\n {2}Nothing of it was applied/,
      );
      expect((await broken.run(['migrate', '--status'], { env: { DATABASE_URL } })).output).toContain(
        '✗ 20990101000000_broken  failed, will be tried again',
      );
    } finally {
      await broken.remove();
    }
  });

  it('a Redis that is out of reach is told and done without', async () => {
    const DATABASE_URL = await keep(createEmptyShopDatabase());
    const server = await start({ DATABASE_URL, REDIS_URL: 'redis://127.0.0.1:9' });
    expect(await server.ask('{ products { totalCount } }')).toEqual({
      data: { products: { totalCount: 0 } },
    });
    await server.terminal.waitFor('Redis is lost; serving on without it');
    await server.stop();
  });

  it('a stop on the way is no fault', async () => {
    const stopping = new AbortController();
    stopping.abort();
    const DATABASE_URL = await keep(createEmptyShopDatabase());
    const outcome = await project.run(['start'], {
      env: { DATABASE_URL, ...NO_REDIS },
      stopSignal: stopping.signal,
    });
    expect([outcome.code, outcome.notes]).toEqual([0, '']);
  });
});
