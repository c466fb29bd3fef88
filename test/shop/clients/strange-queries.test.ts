import { type Answer, type LiveShop, OPEN_TIMEOUT_MS, openBeside, openLiveShop } from './live-shop.js';

let base: LiveShop;
beforeAll(async () => {
  base = await openLiveShop();
}, OPEN_TIMEOUT_MS);
afterAll(() => base.close());

/** What answers: each way must give the same. */
const ENGINES: [string, Record<string, string>][] = [
  ['compiled code', {}],
  ['plans', { SLUICE_EXECUTION_COMPILED: 'off' }],
  ['loaders', { SLUICE_EXECUTION_COMPILED: 'off', SLUICE_READS_PLAN: 'off' }],
  ['Prisma Client', { SLUICE_READS_DRIVER: 'prisma' }],
];

interface Strange {
  readonly query: string;
  readonly variables?: (shop: LiveShop) => object;
  readonly operationName?: string;
  /** What the answer must say; `data` is loosely typed on purpose. */
  readonly check: (data: any, shop: LiveShop) => void;
}

const SHELF = 'filter: { category: { is: { slug: { eq: "clients-lamps" } } } }';

/** Nobody of sound mind asks so, but every one of these is valid, and tools have sent the like. */
const STRANGE: Record<string, Strange> = {
  'one field under several aliases, each with arguments of its own': {
    query: `{
      dear: products(${SHELF}, first: 1, orderBy: { field: PRICE, direction: DESC }) { nodes { name } }
      cheap: products(${SHELF}, first: 1, orderBy: [{ field: PRICE }]) { nodes { name } }
      products(${SHELF}, last: 1) { nodes { name } }
    }`,
    check: (data) =>
      expect(data).toEqual({
        dear: { nodes: [{ name: 'Lamp 25' }] },
        cheap: { nodes: [{ name: 'Lamp 01' }] },
        products: { nodes: [{ name: 'Lamp 01' }] },
      }),
  },
  'aliases that swap the names of fields': {
    query: `{ name: product(slug: "clients-lamp-02") {
      id: name name: slug price: stock stock: price __typename: viewCount createdAt: __typename } }`,
    check: (data) =>
      expect(data.name).toEqual({
        id: 'Lamp 02',
        name: 'clients-lamp-02',
        price: 10,
        stock: '2.10',
        __typename: 0,
        createdAt: 'Product',
      }),
  },
  'one connection asked in pieces that must be put together': {
    query: `{
      product(slug: "clients-lamp-01") { reviews(first: 2) { nodes { title } } }
      product(slug: "clients-lamp-01") { ...A reviews(first: 2) { totalCount } }
    }
    fragment A on Product { reviews(first: 2) { edges { node { rating } } } ...B }
    fragment B on Node { ... on Product { reviews(first: 2) { pageInfo { hasNextPage } } } }`,
    check: (data) =>
      expect(data.product.reviews).toEqual({
        nodes: [{ title: 'Opinion 7' }, { title: 'Opinion 6' }],
        edges: [{ node: { rating: 2 } }, { node: { rating: 1 } }],
        totalCount: 7,
        pageInfo: { hasNextPage: true },
      }),
  },
  'rows in several places, where one name means another thing in each': {
    query: `{ category(slug: "clients-lamps") { products(first: 1, orderBy: { field: CREATED_AT }) {
      nodes { a: name b: reviews(first: 1) { totalCount nodes { title } } c: category { x: name } d: reviewsAggregate { count } }
      again: nodes { a: price b: reviewsCount }
      edges { node { a: slug b: reviews(last: 1) { nodes { rating } edges { node { title } } }
        c: category { x: slug y: productsCount } d: reviewsAggregate { max { rating } count } } cursor }
      more: edges { n: node { a: stock } }
    } } }`,
    check: ({ category: { products } }) => {
      expect(products.nodes).toEqual([
        {
          a: 'Lamp 01',
          b: { totalCount: 7, nodes: [{ title: 'Opinion 7' }] },
          c: { x: 'Lamps 💡' },
          d: { count: 7 },
        },
      ]);
      expect(products.again).toEqual([{ a: '1.10', b: 7 }]);
      expect(products.edges[0].node).toEqual({
        a: 'clients-lamp-01',
        b: { nodes: [{ rating: 1 }], edges: [{ node: { title: 'Opinion 1' } }] },
        c: { x: 'clients-lamps', y: 25 },
        d: { max: { rating: 5 }, count: 7 },
      });
      expect(products.more).toEqual([{ n: { a: 10 } }]);
    },
  },
  'connections within connections, from both ends under aliases': {
    query: `{ category(slug: "clients-lamps") {
      old: products(first: 1, orderBy: { field: CREATED_AT }) { nodes { name
        best: reviews(first: 1, orderBy: [{ field: RATING, direction: DESC }]) { nodes { rating title } }
        worst: reviews(last: 1, orderBy: [{ field: RATING, direction: DESC }]) { nodes { rating title } }
        some: reviews(first: 3, filter: { rating: { gte: 2, lt: 4 } }) { totalCount nodes { rating } }
      } }
      new: products(last: 1, orderBy: { field: CREATED_AT }) { nodes { name reviews { totalCount nodes { id } } } }
    } }`,
    check: ({ category }) => {
      const [lamp] = category.old.nodes;
      expect(lamp.best.nodes[0].rating).toBe(5);
      expect(lamp.worst.nodes[0].rating).toBe(1);
      expect(lamp.some.totalCount).toBe(3);
      expect(category.new.nodes).toEqual([{ name: 'Lamp 25', reviews: { totalCount: 0, nodes: [] } }]);
    },
  },
  'fragments on an interface, at an object, and without a type at all': {
    query: `query ($id: ID!) {
      node(id: $id) { ...N ... { __typename ... on Node { ... on Category { slug } ... on Product { price } } } }
      product(id: $id) { ...N ... on Node { id } ... { name } }
    }
    fragment N on Node { nodeId: id __typename ...P }
    fragment P on Product { category { ...N2 } }
    fragment N2 on Node { ... on Category { name } }`,
    variables: ({ shelf }) => ({ id: shelf.productIds[0] }),
    check: (data, { shelf }) => {
      const [id] = shelf.productIds;
      const common = { nodeId: id, __typename: 'Product', category: { name: 'Lamps 💡' } };
      expect(data.node).toEqual({ ...common, price: '1.10' });
      expect(data.product).toEqual({ ...common, id, name: 'Lamp 01' });
    },
  },
  'nodes of several types, twice the same, and one that never was': {
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id
      ... on Product { name category { name } } ... on Category { name productsCount } ... on User { name } } }`,
    variables: ({ shelf }) => ({
      ids: [shelf.productIds[1], shelf.categoryId, globalId('Product', 2_000_000_000), shelf.productIds[1]],
    }),
    check: ({ nodes }, { shelf }) => {
      expect(nodes.map((node: any) => node?.name)).toEqual(['Lamp 02', 'Lamps 💡', undefined, 'Lamp 02']);
      expect(nodes[2]).toBeNull();
      expect(nodes[1]).toEqual({
        __typename: 'Category',
        id: shelf.categoryId,
        name: 'Lamps 💡',
        productsCount: 25,
      });
    },
  },
  'a single id where a list is taken': {
    query: 'query ($id: ID!) { nodes(ids: [$id]) { id } one: nodes(ids: "UHJvZHVjdDoyMDAwMDAwMDAw") { id } }',
    variables: ({ shelf }) => ({ id: shelf.categoryId }),
    check: (data, { shelf }) => expect(data).toEqual({ nodes: [{ id: shelf.categoryId }], one: [null] }),
  },
  'nothing of a list of nodes': {
    query: '{ nodes(ids: []) { id } }',
    check: (data) => expect(data).toEqual({ nodes: [] }),
  },
  'fields and fragments switched on and off by variables': {
    query: `query ($yes: Boolean!, $no: Boolean = false) {
      product(slug: "clients-lamp-01") {
        name @include(if: $yes) @skip(if: $no)
        slug @include(if: $no)
        reviews(first: 1) @skip(if: $yes) { totalCount }
        ...Deep @include(if: $yes)
        ... @skip(if: $no) { category { name @skip(if: $yes) slug } }
        ... on Product @include(if: $no) { images { id } }
      }
      categories @skip(if: $yes) { id }
    }
    fragment Deep on Product { stock price @skip(if: $yes) }`,
    variables: () => ({ yes: true }),
    check: (data) =>
      expect(data).toEqual({
        product: { name: 'Lamp 01', stock: 10, category: { slug: 'clients-lamps' } },
      }),
  },
  'an operation of which nothing is left': {
    query: 'query ($no: Boolean!) { categories @include(if: $no) { id } }',
    variables: () => ({ no: false }),
    check: (data) => expect(data).toEqual({}),
  },
  'objects of which nothing is left': {
    query: `query ($no: Boolean!) { product(slug: "clients-lamp-01") {
      reviews(first: 2) { nodes { id @include(if: $no) } } category { id @include(if: $no) } } }`,
    variables: () => ({ no: false }),
    check: (data) => expect(data.product).toEqual({ reviews: { nodes: [{}, {}] }, category: {} }),
  },
  'a filter that is absent, and one that is null, which lifts the default': {
    query: `query ($absent: ProductFilter, $null: ProductFilter) {
      absent: products(filter: $absent, first: 1) { totalCount }
      null: products(filter: $null, first: 1) { totalCount }
      literal: products(filter: null, first: 1) { totalCount }
      empty: products(filter: {}, first: 1) { totalCount }
    }`,
    variables: () => ({ null: null }),
    check: (data) => {
      expect(data.null).toEqual(data.literal);
      expect(data.null).toEqual(data.empty);
      expect(data.absent.totalCount).toBeLessThanOrEqual(data.null.totalCount);
      expect(data.absent.totalCount).toBeGreaterThanOrEqual(25);
    },
  },
  'page arguments that are all null': {
    query: '{ products(first: null, after: null, last: null, before: null, orderBy: null) { nodes { id } } }',
    check: (data) => expect(data.products.nodes).toHaveLength(20),
  },
  'variables that the operation does not declare, and some that it never uses': {
    query: 'query ($slug: String!) { category(slug: $slug) { name } }',
    variables: () => ({ slug: 'clients-lamps', unheardOf: { of: ['anything', null] } }),
    check: (data) => expect(data.category.name).toBe('Lamps 💡'),
  },
  'parts of inputs as variables, one of them absent': {
    query: `query ($slug: String, $absent: Int, $direction: OrderDirection! = DESC) {
      products(
        first: 2
        filter: { category: { is: { slug: { eq: $slug } } }, and: [{ stock: { gte: $absent } }] }
        orderBy: [{ field: PRICE, direction: $direction }]
      ) { nodes { name } }
    }`,
    variables: () => ({ slug: 'clients-lamps' }),
    check: (data) =>
      expect(data.products.nodes.map((node: any) => node.name)).toEqual(['Lamp 25', 'Lamp 24']),
  },
  '__typename at every level': {
    query: `{ __typename products(first: 1) { __typename edges { __typename node { __typename
      reviewsAggregate { __typename avg { __typename rating } min { __typename } }
      category { __typename } images { __typename } } } pageInfo { __typename } nodes { __typename } } }`,
    check: (data) => {
      expect(data.__typename).toBe('Query');
      expect(data.products).toMatchObject({
        __typename: 'ProductConnection',
        edges: [{ __typename: 'ProductEdge', node: { __typename: 'Product' } }],
        pageInfo: { __typename: 'PageInfo' },
      });
    },
  },
  '__typename and nothing else': {
    query:
      '{ __typename product(slug: "clients-lamp-01") { __typename reviews { __typename } } cart { __typename } }',
    check: (data) =>
      expect(data).toEqual({
        __typename: 'Query',
        product: { __typename: 'Product', reviews: { __typename: 'ReviewConnection' } },
        cart: null,
      }),
  },
  'only a count, only cursors, only whether there is more': {
    query: `{
      count: products(${SHELF}) { totalCount }
      cursors: products(${SHELF}, first: 2) { edges { cursor } }
      more: products(${SHELF}, first: 25) { pageInfo { hasNextPage hasPreviousPage } }
    }`,
    check: (data) => {
      expect(data.count).toEqual({ totalCount: 25 });
      expect(new Set(data.cursors.edges.map((edge: any) => edge.cursor)).size).toBe(2);
      expect(data.more.pageInfo).toEqual({ hasNextPage: false, hasPreviousPage: false });
    },
  },
  'twenty-odd levels of fields': {
    query: `{ product(slug: "clients-lamp-01") ${nest(7, '{ category { products(first: 1) { nodes', '{ name }', '} } }')} }`,
    check: (data) => expect(JSON.stringify(data)).toContain('{"name":"Lamp 25"}'),
  },
  'the tree of categories, up and down again': {
    query:
      '{ categories(first: 3, filter: { parent: { is: {} } }) { name parent { name children(first: 2) { name parent { name children { id children { id } } } } } } }',
    check: ({ categories }) => {
      expect(categories).toHaveLength(3);
      for (const { parent } of categories) expect(parent.children[0].parent.name).toBe(parent.name);
    },
  },
  'thousands of values in one filter': {
    query: 'query ($ids: [ID!]!) { products(filter: { id: { in: $ids } }, first: 100) { totalCount } }',
    variables: ({ shelf }) => ({
      ids: [
        ...shelf.productIds,
        ...Array.from({ length: 9_000 }, (_, index) => globalId('Product', 1e6 + index)),
      ],
    }),
    check: (data) => expect(data.products.totalCount).toBe(25),
  },
  'conditions that hold always or never': {
    query: `{
      ins: products(filter: { id: { in: [] } }) { totalCount }
      ors: products(filter: { or: [] }) { totalCount }
      nots: products(filter: { not: {} }) { totalCount }
      notIn: products(filter: { id: { notIn: [] } }) { totalCount }
      and: products(filter: { and: [] }) { totalCount }
      not: products(filter: { not: { or: [] } }) { totalCount }
      empty: products(filter: { name: {}, category: {}, reviews: {} }) { totalCount }
    }`,
    check: ({ ins, ors, nots, ...all }) => {
      expect([ins, ors, nots].map((page) => page.totalCount)).toEqual([0, 0, 0]);
      expect(new Set(Object.values(all).map((page: any) => page.totalCount)).size).toBe(1);
      expect(all.and.totalCount).toBeGreaterThanOrEqual(25);
    },
  },
  'conditions on relations of relations': {
    query: `{
      read: products(filter: { reviews: { some: { rating: { gte: 5 }, author: { is: { id: { isNull: false } } } } },
        category: { is: { slug: { startsWith: "clients-" } } } }) { nodes { name } }
      unread: products(filter: { reviews: { none: {} }, category: { is: { slug: { eq: "clients-lamps" } } } }) { totalCount }
      roots: categories(filter: { parent: { is: null }, products: { none: {} }, not: { name: { eq: "" } } }, first: 5) { parent { id } }
    }`,
    check: (data) => {
      expect(data.read.nodes).toEqual([{ name: 'Lamp 01' }]);
      expect(data.unread.totalCount).toBe(24);
      for (const root of data.roots) expect(root.parent).toBeNull();
    },
  },
  'text with emoji, escapes and wildcards that stand for themselves': {
    query: String.raw`query ($text: String!) {
      emoji: categories(filter: { name: { contains: $text } }) { name }
      escaped: categories(filter: { name: { eq: "Lamps \u{1F4A1}" } }) { name }
      pair: categories(filter: { name: { eq: "Lamps \uD83D\uDCA1" } }) { name }
      block: categories(filter: { name: { eq: """
        Lamps 💡
      """ } }) { name }
      percent: categories(filter: { name: { contains: "%" } }) { name }
      underscore: categories(filter: { slug: { startsWith: "clients_" } }) { name }
      backslash: categories(filter: { name: { contains: "\\" } }) { name }
      quotes: categories(filter: { name: { in: ["'; DROP TABLE products; --", "\"", "$1", "\t\n"] } }) { name }
      family: categories(filter: { name: { contains: "👩‍👩‍👧‍👦" } }) { name }
    }`,
    variables: () => ({ text: '💡' }),
    check: ({ emoji, escaped, pair, block, ...none }) => {
      for (const found of [emoji, escaped, pair, block]) expect(found).toEqual([{ name: 'Lamps 💡' }]);
      expect(Object.values(none).flat()).toEqual([]);
    },
  },
  'a search for nothing': {
    query: `{ empty: searchProducts(text: "") { totalCount nodes { id } pageInfo { startCursor endCursor hasNextPage } }
      blank: searchProducts(text: " \\t\\n ") { totalCount } stop: searchProducts(text: "the of and") { totalCount } }`,
    check: (data) => {
      expect(data.empty).toEqual({
        totalCount: 0,
        nodes: [],
        pageInfo: { startCursor: null, endCursor: null, hasNextPage: false },
      });
      expect([data.blank.totalCount, data.stop.totalCount]).toEqual([0, 0]);
    },
  },
  'searches that look like syntax': {
    query: `{
      quoted: searchProducts(text: "\\"unclosed") { totalCount }
      minus: searchProducts(text: "- -- ---") { totalCount }
      or: searchProducts(text: "or or or") { totalCount }
      operators: searchProducts(text: "a & b | !c <-> (d:*)") { totalCount }
      quote: searchProducts(text: "'") { totalCount }
      emoji: searchProducts(text: "💡🌞✨") { totalCount }
      backslash: searchProducts(text: "\\\\") { totalCount }
      found: searchProducts(text: "zyzzyvalights -number", first: 1) { totalCount }
      all: searchProducts(text: "ZYZZYVALIGHT", first: 2) { totalCount nodes { name } }
    }`,
    check: (data) => {
      expect(data.found.totalCount).toBe(0);
      expect(data.all).toEqual({ totalCount: 25, nodes: [{ name: 'Lamp 25' }, { name: 'Lamp 24' }] });
    },
  },
  'numbers and moments in every form that their types take': {
    query: `query ($number: Decimal!, $text: Decimal!) {
      a: products(filter: { price: { in: [1.10, "2.1", 31e-1, "04.100"] }, slug: { startsWith: "clients-" } }) { totalCount }
      b: products(filter: { price: { gte: $number, lte: $text }, slug: { startsWith: "clients-" } }) { totalCount }
      c: products(filter: { createdAt: { eq: "2026-01-01T01:30:00.000000+01:30" }, slug: { startsWith: "clients-" } }) { nodes { name createdAt } }
      d: products(filter: { stock: { in: [2147483647, -2147483648, -0] } }) { totalCount }
      e: products(filter: { price: { lt: "NaN", gt: "-Infinity" }, slug: { startsWith: "clients-" } }) { totalCount }
      f: products(filter: { price: { lt: 1e1000 }, slug: { startsWith: "clients-" } }) { totalCount }
    }`,
    variables: () => ({ number: 5, text: '7.10' }),
    check: (data) => {
      expect(data.a.totalCount).toBe(4);
      expect(data.b.totalCount).toBe(3);
      expect(data.c.nodes).toEqual([{ name: 'Lamp 01', createdAt: '2026-01-01T00:00:00.000Z' }]);
      expect([data.e.totalCount, data.f.totalCount]).toEqual([25, 25]);
    },
  },
  'numbers about nothing': {
    query: `{ product(slug: "clients-lamp-25") { averageRating ratingCount
      reviewsAggregate { count avg { rating } min { rating createdAt } max { rating } }
      five: reviewsAggregate(filter: { rating: { eq: 5 } }) { count } reviewsCount(filter: { or: [] }) } }`,
    check: (data) =>
      expect(data.product).toEqual({
        averageRating: null,
        ratingCount: 0,
        reviewsAggregate: {
          count: 0,
          avg: { rating: null },
          min: { rating: null, createdAt: null },
          max: { rating: null },
        },
        five: { count: 0 },
        reviewsCount: 0,
      }),
  },
  'numbers about many, under aliases': {
    query: `{ products(${SHELF}, orderBy: { field: CREATED_AT }, first: 2) { nodes {
      all: reviewsAggregate { count avg { rating } max { rating createdAt } }
      good: reviewsAggregate(filter: { rating: { gte: 4 } }) { count min { rating } }
      n: reviewsCount m: reviewsCount(filter: { rating: { lt: 3 } }) averageRating } } }`,
    check: ({ products }) =>
      expect(products.nodes[0]).toEqual({
        all: {
          count: 7,
          avg: { rating: expect.closeTo(18 / 7) },
          max: { rating: 5, createdAt: '2026-01-07T00:00:00.000Z' },
        },
        good: { count: 2, min: { rating: 4 } },
        n: 7,
        m: 4,
        averageRating: expect.closeTo(18 / 7),
      }),
  },
  'comments, commas and a byte order mark': {
    query: '\uFEFF# 💬 {\n{,,,categories(,first:1,,),{#\n,id,}#}\r\n,}',
    check: (data) => expect(data.categories).toHaveLength(1),
  },
  'one operation of many': {
    query: `query A { categories(first: 1) { id } } query B { categories(first: 2) { id } }
      mutation C { addToCart(input: { productId: "never" }) { cart { id } } }`,
    operationName: 'B',
    check: (data) => expect(data.categories).toHaveLength(2),
  },
  'the schema and data in one operation': {
    query:
      '{ __schema { queryType { name } } __type(name: "Product") { kind } categories(first: 1) { __typename } }',
    check: (data) => expect(data.__type).toEqual({ kind: 'OBJECT' }),
  },
  'several writes in one mutation, done in order': {
    query: `mutation ($id: ID!, $other: ID!) {
      first: addToCart(input: { productId: $id, quantity: 2 }) { cart { ...C } }
      second: addToCart(input: { productId: $id }) { cart { ...C } }
      third: addToCart(input: { productId: $other, cartId: null }) { cart { ...C } }
      fourth: setCartQuantity(input: { productId: $id, quantity: 0 }) { cart { ...C } }
    }
    fragment C on Cart { itemsCount items { quantity product { name reviews(first: 1) { totalCount } } } }`,
    variables: ({ shelf }) => ({ id: shelf.productIds[0], other: shelf.productIds[1] }),
    check: ({ first, second, third, fourth }) => {
      expect(first.cart.items[0].quantity).toBe(2);
      expect(second.cart.items[0].quantity).toBe(3);
      expect(third.cart.itemsCount).toBe(2);
      expect(fourth.cart).toMatchObject({ itemsCount: 1, items: [{ product: { name: 'Lamp 02' } }] });
    },
  },
};

describe.each(ENGINES)("a stranger's queries, by way of %s", (engine, env) => {
  let shop: LiveShop;
  beforeAll(async () => {
    shop = await openBeside(base, env);
  });
  afterAll(() => shop.close());
  afterEach(() => {
    // Nothing that a client sends is a defect of ours: the log tells more than a masked answer would.
    expect(shop.failures.splice(0)).toEqual([]);
  });

  it.each(Object.entries(STRANGE))('finds %s', async (_name, { query, variables, operationName, check }) => {
    // One who has no cart yet.
    const userId = shop.shelf.reviewerKeys[ENGINES.findIndex(([name]) => name === engine)]!;
    const token = await shop.signIn({ userId });
    const answer: Answer = await shop.ask(query, { variables: variables?.(shop), operationName, token });
    expect(answer.errors).toBeUndefined();
    expect(answer.status).toBe(200);
    check(answer.data, shop);
  });
});

function globalId(typeName: string, key: number): string {
  return Buffer.from(`${typeName}:${key}`).toString('base64url');
}

function nest(times: number, open: string, core: string, close: string): string {
  return times === 0 ? core : `${open} ${nest(times - 1, open, core, close)} ${close}`;
}
