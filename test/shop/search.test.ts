import { createKeysetPage } from '../../src/index.js';
import { createCategory, createProduct } from './fixtures.js';
import { globalId, openShop, type ShopWorld } from './shop-world.js';

const SEARCH = `query ($text: String!, $first: Int, $after: String) { searchProducts(text: $text, first: $first, after: $after) {
  totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { id name } } nodes { name } } }`;

let shop: ShopWorld;
let categoryId: number;
beforeAll(async () => {
  shop = await openShop();
  categoryId = await createCategory(shop.prisma);
});
afterAll(() => shop.close());

const stock = (name: string, description: string, isPublished = true) =>
  createProduct(shop.prisma, { categoryId, name, description, isPublished });

async function find(text: string, page: { first?: number; after?: string } = {}) {
  const { data, faults } = await shop.ask(SEARCH, { variables: { text, ...page } });
  return { connection: data?.searchProducts, faults };
}

const namesOf = async (text: string) =>
  (await find(text)).connection.nodes.map((node: { name: string }) => node.name);

describe('searching products', () => {
  it('finds words by their stems, names before descriptions, published products only', async () => {
    await stock('A desk', 'For a zyzzyva.');
    await stock('Zyzzyvas', 'Two.');
    await stock('Hidden zyzzyva', 'None.', false);
    expect(await namesOf('ZYZZYVA')).toEqual(['Zyzzyvas', 'A desk']);
    expect((await find('zyzzyva')).connection.totalCount).toBe(2);
  });

  it('knows phrases, alternatives and exclusions', async () => {
    await stock('Blue quokka', 'Small.');
    await stock('Quokka, blue', 'Large.');
    await stock('Axolotl', 'Pink.');
    expect(await namesOf('"blue quokka"')).toEqual(['Blue quokka']);
    expect((await namesOf('quokka or axolotl')).sort()).toEqual(['Axolotl', 'Blue quokka', 'Quokka, blue']);
    expect(await namesOf('quokka -small')).toEqual(['Quokka, blue']);
  });

  it('walks all hits once, page by page, also among equal ranks', async () => {
    const ids = [];
    for (let index = 0; index < 23; index++) {
      ids.push(
        await stock(
          index % 3 === 0 ? `Okapi ${index}` : 'A horse',
          index % 2 === 0 ? 'An okapi.' : 'Okapi okapi.',
        ),
      );
    }
    const whole = (await find('okapi', { first: 100 })).connection;
    const walked: string[] = [];
    let after: string | undefined;
    for (let pages = 1; ; pages++) {
      const { edges, pageInfo, totalCount } = (await find('okapi', { first: 5, after })).connection;
      expect(totalCount).toBe(23);
      expect(pageInfo.hasPreviousPage).toBe(pages > 1);
      walked.push(...edges.map((edge: { node: { id: string } }) => edge.node.id));
      if (!pageInfo.hasNextPage) {
        expect(pages).toBe(5);
        break;
      }
      expect(edges).toHaveLength(5);
      after = pageInfo.endCursor;
    }
    expect(walked).toEqual(whole.edges.map((edge: { node: { id: string } }) => edge.node.id));
    expect([...walked].sort()).toEqual(ids.map((id) => globalId('Product', id)).sort());
  });

  it('goes on behind a product that is gone', async () => {
    for (const name of ['Pangolin one', 'Pangolin two', 'Pangolin three']) await stock(name, 'Scaly.');
    const first = (await find('pangolin', { first: 2 })).connection;
    const gone = await shop.prisma.product.findFirstOrThrow({ where: { name: first.nodes[1].name } });
    await shop.prisma.product.delete({ where: { id: gone.id } });
    const rest = await find('pangolin', { first: 2, after: first.pageInfo.endCursor });
    expect(rest.connection.nodes).toEqual([{ name: 'Pangolin one' }]);
  });

  it.each(['', '   ', 'the', '-', '""', '!!! &|', '%'])(
    'finds nothing without a word to look for: %j',
    async (text) => {
      expect((await find(text)).connection).toEqual({
        totalCount: 0,
        pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
        edges: [],
        nodes: [],
      });
    },
  );

  it.each([
    "'; DROP TABLE products; --",
    ':*&!()|<->',
    '"unclosed',
    '👩‍👩‍👧 太い',
    'x'.repeat(500),
    '\u202E',
  ])('takes any text: %j', async (text) => {
    expect((await find(text)).faults).toEqual([]);
  });

  it.each([
    ['text', 'x'.repeat(501), {}],
    ['text', 'a\0b', {}],
    ['text', '\uDC00', {}],
    ['first', 'lamp', { first: 0 }],
    ['first', 'lamp', { first: -1 }],
    ['first', 'lamp', { first: 101 }],
    ['after', 'lamp', { after: 'nonsense' }],
    ['after', 'lamp', { after: '' }],
  ])('names what is wrong: %s', async (argument, text, page) => {
    expect((await find(text, page)).faults).toMatchObject([
      { code: 'BAD_USER_INPUT', inputPath: [argument] },
    ]);
  });

  it('refuses the cursor of another search, of another list, and one that was made up', async () => {
    await stock('Narwhal', 'A big narwhal.');
    const { endCursor } = (await find('narwhal')).connection.pageInfo;
    const { data } = await shop.ask('{ products(first: 1) { pageInfo { endCursor } } }');
    const fault = [{ code: 'BAD_USER_INPUT', inputPath: ['after'] }];
    expect((await find('big', { after: endCursor })).faults).toMatchObject(fault);
    expect((await find('narwhal', { after: data.products.pageInfo.endCursor })).faults).toMatchObject(fault);
    for (const values of [
      ['0.5', 'x'],
      ["0'; --", 1],
      ['NaN', 1],
      [0.5, 1],
      ['0.5', 1.5],
      ['0.5', -1],
      ['0.5', 2_147_483_648],
      ['1e-99999', 1],
    ] as [string, number][]) {
      expect(
        (await find('narwhal', { after: await forgeCursor('searchProducts narwhal', values) })).faults,
      ).toMatchObject(fault);
    }
    const honest = await forgeCursor('searchProducts narwhal', ['1e-10', 1]);
    expect((await find('narwhal', { after: honest })).faults).toEqual([]);
  });
});

/** A cursor as the engine writes it, of values that no search has. */
async function forgeCursor(orderName: string, values: readonly (string | number)[]): Promise<string> {
  const page = await createKeysetPage({
    args: {},
    limits: { defaultPageRows: 1, maxPageRows: 1 },
    orderName,
    cursorLength: values.length,
    cursorValues: () => values,
    load: async () => [{}],
    totalCount: async () => 1,
  });
  return page.pageInfo.endCursor!;
}
