import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { until } from '../embedded/until.js';
import { copyProject, type ProjectCopy } from './project-copy.js';
import { runBootstrap } from './run-bootstrap.js';
import { type SpawnedStart, spawnStart } from './spawned-start.js';

// Generates, builds, makes a database and fills it.
jest.setTimeout(180_000);

let clone: ProjectCopy;
let server: SpawnedStart;
beforeAll(async () => {
  clone = await copyProject({ packages: 'linked' });
  server = await spawnStart(clone.root, { SLUICE_HTTP_GRAPHIQL: 'off' }, 'dev');
});
afterAll(async () => {
  server?.pressCtrlC();
  await server?.ended;
  await clone.remove();
});

/** The answer, or null where the connection was closed just then by a server that makes way for the next one. */
async function ask(query: string): Promise<any> {
  try {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(10_000),
    });
    return await response.json();
  } catch (error) {
    if (!/fetch failed|terminated/.test(String(error))) throw error;
    return null;
  }
}

function edit(file: string, from: string | RegExp, to: string): void {
  const path = join(clone.root, file);
  const before = readFileSync(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
}

/** Waits for what is told since the call before. */
let toldCharacters = 0;
async function waitUntilTold(pattern: RegExp): Promise<void> {
  const listNews = () => server.outputs.stderr.slice(toldCharacters);
  try {
    await until(String(pattern), () => pattern.test(listNews()));
  } catch (error) {
    throw new Error(`It was not told, but:\n${listNews()}`, { cause: error });
  }
  toldCharacters = server.outputs.stderr.length;
}

const CATEGORY = 'schema/shop/category.graphql';
const CATEGORY_FIELDS = /type Category implements Node[^{]*\{/;

describe('npm run dev', () => {
  it('answers what an edit of SDL adds', async () => {
    edit(CATEGORY, CATEGORY_FIELDS, '$&\n  rank: Int! @column(name: "sortOrder")');
    await until(
      'the new field',
      async () => (await ask('{ categories(first: 1) { rank } }'))?.data !== undefined,
    );
  });

  it('tells a fault with file, line and the nearest name, and serves on', async () => {
    edit(CATEGORY, 'rank: Int! @column(name: "sortOrder")', 'rank: Int! @column(name: "sortOder")');
    await waitUntilTold(/schema\/shop\/category\.graphql:\d+:\d+ .*sortOder.*did you mean "sortOrder"/);
    expect((await ask('{ categories(first: 1) { rank } }'))?.data).toBeDefined();
    edit(CATEGORY, 'sortOder', 'sortOrder');
    await waitUntilTold(/✓ schema\/shop\/category\.graphql: in service/);
  });

  it('runs what an edit of a resolver changes, and tells of types that do not fit', async () => {
    const file = 'src/shop/product/product-resolvers.ts';
    edit(file, /averageRating: \(.*$/m, "averageRating: () => 'seven',");
    await until('the new resolver to be run', async () => {
      const answer = await ask('{ products(first: 1) { nodes { averageRating } } }');
      return answer?.errors !== undefined;
    });
    await waitUntilTold(
      /Types don't fit:\n {2}src\/shop\/product\/product-resolvers\.ts:\d+:\d+ .* is not assignable to type /,
    );
    edit(file, "'seven'", '7');
    await until('the mended resolver to be run', async () => {
      const answer = await ask('{ products(first: 1) { nodes { averageRating } } }');
      return answer?.data?.products.nodes[0].averageRating === 7;
    });
  });

  it('leads from an edit of the model over its migration to an answer', async () => {
    edit('prisma/schema.prisma', /^model Category \{/m, '$&\n  motto String?');
    await waitUntilTold(/column "motto" of table "categories"\n.*npm run sluice -- migrate new/);
    expect(await runBootstrap(clone.root, ['cli', 'migrate', 'new', 'motto'])).toMatchObject({ code: 0 });
    await waitUntilTold(
      /The database is migrated\n✓ prisma\/migrations\/\d+_motto\/migration\.sql: in service/,
    );
    edit(CATEGORY, 'rank: Int!', 'motto: String\n  rank: Int!');
    await until(
      'the new column',
      async () => (await ask('{ categories(first: 1) { motto } }'))?.data !== undefined,
    );
  });
});
