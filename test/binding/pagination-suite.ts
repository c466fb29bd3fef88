import fc from 'fast-check';
import { createZooApi, type Driver, type ZooApi } from './zoo-api.js';

interface Page {
  edges: { cursor: string; node: { rawId: string } }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
  totalCount: number;
}

const ANIMALS = `query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: [AnimalOrder!], $filter: AnimalFilter) {
  animals(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy, filter: $filter) {
    edges { cursor node { rawId } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
  }
}`;

/** Any order of the zoo's animals: up to three columns, both directions, nulls where they will. */
const anyOrder = fc
  .uniqueArray(fc.constantFrom('NAME', 'MOOD', 'WEIGHT_KG', 'BORN_AT', 'IS_ON_SHOW', 'VET', 'ID'), {
    maxLength: 3,
  })
  .chain((fields) =>
    fc.tuple(
      ...fields.map((field) =>
        fc.record({
          field: fc.constant(field),
          direction: fc.constantFrom('ASC', 'DESC'),
          nulls: fc.constantFrom('FIRST', 'LAST', null),
        }),
      ),
    ),
  );

/** The law of pages: walked in any order, either way, every row comes once, in that order. */
export function describePagination(driver: Driver, runs: number): void {
  let zoo: ZooApi;

  beforeAll(async () => {
    zoo = await createZooApi(driver);
  });

  afterAll(async () => {
    await zoo.close();
  });

  async function page(variables: Record<string, unknown>): Promise<Page> {
    return (await zoo.data(ANIMALS, variables)).animals;
  }

  async function faultOf(args: string): Promise<string | undefined> {
    const { errors } = await zoo.ask(`{ animals(${args}) { nodes { name } } }`);
    return errors?.map((error) => `${error.extensions?.code}: ${error.message}`).join('\n');
  }

  const ids = (found: Page) => found.edges.map((edge) => edge.node.rawId);

  it('gives every row once in any order, forwards and backwards, for any page size', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder, fc.integer({ min: 1, max: 6 }), async (orderBy, size) => {
        const whole = ids(await page({ first: 20, orderBy }));
        expect(new Set(whole).size).toBe(15);
        const forwards: string[] = [];
        for (let after: string | null = null, more = true; more; ) {
          const found: Page = await page({ first: size, after, orderBy });
          expect(found.pageInfo.hasPreviousPage).toBe(after !== null);
          forwards.push(...ids(found));
          after = found.pageInfo.endCursor;
          more = found.pageInfo.hasNextPage;
        }
        expect(forwards).toEqual(whole);
        const backwards: string[] = [];
        for (let before: string | null = null, more = true; more; ) {
          const found: Page = await page({ last: size, before, orderBy });
          expect(found.pageInfo.hasNextPage).toBe(before !== null);
          backwards.unshift(...ids(found));
          before = found.pageInfo.startCursor;
          more = found.pageInfo.hasPreviousPage;
        }
        expect(backwards).toEqual(whole);
      }),
      { numRuns: runs },
    );
  }, 60_000);

  it('lies between two cursors where both are given, from either end', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrder, fc.nat(14), fc.nat(14), fc.boolean(), async (orderBy, a, b, isBackward) => {
        const whole = await page({ first: 20, orderBy });
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const between = ids(whole).slice(low + 1, high);
        const [after, before] = [whole.edges[low]!.cursor, whole.edges[high]!.cursor];
        const found = await page({ [isBackward ? 'last' : 'first']: 4, after, before, orderBy });
        expect(ids(found)).toEqual(isBackward ? between.slice(-4) : between.slice(0, 4));
      }),
      { numRuns: runs },
    );
  }, 60_000);

  it('holds through inserts, and through the removal of the very row that a cursor names', async () => {
    const own = await createZooApi(driver);
    try {
      const first: Page = (await own.data(ANIMALS, { first: 5, orderBy: [{ field: 'NAME' }] })).animals;
      await own.sql(`DELETE FROM zoo.animals WHERE id = ${first.edges[4]!.node.rawId}`);
      await own.sql(
        `INSERT INTO zoo.animals (id, name, taxon_id, carer_id, is_on_show) VALUES (500, '', 1, 1, true), (501, 'zzz', 1, 1, true)`,
      );
      const now: Page = (await own.data(ANIMALS, { first: 20, orderBy: [{ field: 'NAME' }] })).animals;
      const rest: Page = (
        await own.data(ANIMALS, { first: 20, after: first.pageInfo.endCursor, orderBy: [{ field: 'NAME' }] })
      ).animals;
      const seen = new Set([...ids(first), '500']);
      expect(ids(rest)).toEqual(ids(now).filter((id) => !seen.has(id)));
      expect(ids(rest)).toContain('501');
    } finally {
      await own.close();
    }
  });

  it('counts what the filter lets through, whatever the page', async () => {
    const found = await page({ first: 1, filter: { mood: { eq: 'PLAYFUL' } } });
    expect(found.totalCount).toBe(3);
    expect(found.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  it('counts only when asked to', async () => {
    await zoo.data('{ animals(first: 2) { nodes { name } } }');
    expect(zoo.statements.join('\n')).not.toMatch(/count\(/i);
    await zoo.data('{ animals(first: 2) { nodes { name } totalCount } }');
    expect(zoo.statements.join('\n')).toMatch(/count\(/i);
  });

  it('uses the default page size, and ends at the last row', async () => {
    expect((await page({})).edges).toHaveLength(3);
    const last = await page({ last: 3 });
    expect(last.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const beyond = await page({ first: 3, after: last.pageInfo.endCursor });
    expect(beyond).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: true, startCursor: null, endCursor: null },
    });
  });

  it('follows a collation, and keys of text, uuid and both', async () => {
    const walk = async (root: string, node: string, args = '') => {
      const seen: string[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const data: Record<string, any> = await zoo.data(
          `query ($after: String) { ${root}(first: 2, after: $after ${args}) { edges { node { ${node} } } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
        seen.push(...data[root].edges.map((edge: any) => String(edge.node[node])));
        after = data[root].pageInfo.endCursor;
        more = data[root].pageInfo.hasNextPage;
      }
      return seen;
    };
    expect(await walk('foods', 'name')).toEqual([
      '100% bran',
      'Äpfel',
      'apple',
      'Banana',
      'cherry',
      'fish 🐟',
      'meat',
    ]);
    expect(await walk('shifts', 'startsAt', 'orderBy: [{ field: STARTS_AT, direction: DESC }]')).toEqual([
      '2026-02-28T23:30:00.000Z',
      '2026-01-31T06:00:00.000002Z',
      '2026-01-31T06:00:00.000001Z',
      '2024-02-28T11:00:00.000Z',
      '1969-12-31T23:59:59.999999Z',
    ]);
    expect((await walk('shifts', 'id')).length).toBe(5);
    for (const field of [
      'LABEL',
      'TOKEN',
      'FLAG',
      'SMALL',
      'BIG',
      'RATIO',
      'PRICE',
      'LOOSE',
      'SEEN_AT',
      'SEEN_EXACT',
      'SEEN_ZONED',
      'DAY',
      'CLOCK',
      'MOOD',
    ]) {
      for (const direction of ['ASC', 'DESC']) {
        const order = `orderBy: [{ field: ${field}, direction: ${direction}, nulls: FIRST }]`;
        expect([order, ...(await walk('specimens', 'id', order)).sort()]).toEqual([
          order,
          '1',
          '2',
          '3',
          '4',
          '5',
          '6',
          '7',
          '8',
        ]);
      }
    }
  });

  it('pages below every parent with cursors of its own', async () => {
    const query = `query ($after: String) { taxon(name: "Gentoo") { animals(first: 2, after: $after, orderBy: [{ field: BORN_AT }]) {
      nodes { name } pageInfo { endCursor hasNextPage } totalCount } } }`;
    const first = (await zoo.data(query)).taxon.animals;
    expect(first).toMatchObject({
      nodes: [{ name: 'Pingu' }, { name: 'Pinga' }],
      pageInfo: { hasNextPage: true },
      totalCount: 3,
    });
    const second = (await zoo.data(query, { after: first.pageInfo.endCursor })).taxon.animals;
    expect(second).toMatchObject({ nodes: [{ name: 'pingu' }], pageInfo: { hasNextPage: false } });
  });

  it.each([
    ['first: 1, last: 1', "first and last can't be given together: a page has one direction"],
    ['first: 0', 'first must be at least 1, not 0'],
    ['last: -3', 'last must be at least 1, not -3'],
    ['first: 21', 'first must be at most 20, not 21'],
    ['last: 1000000', 'last must be at most 20, not 1000000'],
    ['after: "nonsense"', 'after is not a cursor of this API'],
    ['after: ""', 'after is not a cursor of this API'],
    ['before: "%"', 'before is not a cursor of this API'],
  ])('refuses %s', async (args, message) => {
    expect(await faultOf(args)).toBe(`BAD_USER_INPUT: ${message}`);
  });

  it('refuses a cursor of another order, and one that was tampered with', async () => {
    const { pageInfo } = await page({ first: 1, orderBy: [{ field: 'BORN_AT' }] });
    expect(await faultOf(`after: "${pageInfo.endCursor}"`)).toBe(
      'BAD_USER_INPUT: after is a cursor of another order or connection: ask for the first page anew',
    );
    const parts = JSON.parse(Buffer.from(pageInfo.endCursor!, 'base64url').toString());
    for (const forged of [
      [parts[0], 7, '1'],
      [parts[0], '2020-01-01T00:00:00.000Z', 'one'],
      [parts[0], { a: 1 }, '1'],
      [parts[0], ['x'], '1'],
    ]) {
      const cursor = Buffer.from(JSON.stringify(forged)).toString('base64url');
      expect(await faultOf(`after: "${cursor}", orderBy: [{ field: BORN_AT }]`)).toBe(
        'BAD_USER_INPUT: after is not a cursor of this API',
      );
    }
    const nonsense = Buffer.from(JSON.stringify([parts[0], 'yesterday', '1'])).toString('base64url');
    expect(await faultOf(`after: "${nonsense}", orderBy: [{ field: BORN_AT }]`)).toMatch(/^BAD_USER_INPUT: /);
  });
}
