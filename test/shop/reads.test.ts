import {
  type GraphQLObjectType,
  getNamedType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { examples } from '../../src/shop/examples.js';
import { EVERYTHING } from './everything.js';
import {
  createCart,
  createCategory,
  createProduct,
  createUser,
  createUsers,
  uniqueName,
} from './fixtures.js';
import { globalId, openShop, type ShopWorld, STAFF } from './shop-world.js';

const DAY = '2026-03-01T12:00:00.000Z';
const NEXT_DAY = '2026-03-02T12:00:00.000Z';

let shop: ShopWorld;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const ANALYTICS = [
  ...[
    'salesReport',
    'categoryRevenue',
    'topProducts',
    'customerCohorts',
    'productTrends',
    'conversionFunnel',
  ],
];

/** Fields of the job that a field gives, and of what it computes. */
function listBelow(field: string): readonly string[] {
  const job = getNamedType(shop.schema.getQueryType()!.getFields()[field]!.type) as GraphQLObjectType;
  const types = new Set<string>();
  const visitType = (type: GraphQLObjectType): readonly string[] => {
    // What stands for a model is read by itself, too.
    if (types.has(type.name) || 'Product Category'.includes(type.name)) return [];
    types.add(type.name);
    return Object.values(type.getFields()).flatMap((below) => {
      const named = getNamedType(below.type);
      return [`${type.name}.${below.name}`, ...(isObjectType(named) ? visitType(named) : [])];
    });
  };
  return visitType(job);
}

/** One row of everything, all of it known. */
async function fillShop() {
  const { prisma } = shop;
  const parent = await createCategory(prisma, { slug: uniqueName('parent') });
  const category = await createCategory(prisma, {
    slug: uniqueName('middle'),
    parentId: parent,
    sortOrder: 3,
    isFeatured: true,
  });
  const child = await createCategory(prisma, { slug: uniqueName('child'), parentId: category });
  const slug = uniqueName('everything');
  const product = await createProduct(prisma, {
    categoryId: category,
    slug,
    name: 'Everythingish',
    price: '10.50',
    stock: 4,
    viewCount: 9,
    ratingSum: 7,
    ratingCount: 2,
    createdAt: DAY,
  });
  await createProduct(prisma, { categoryId: category, isPublished: false });
  const image = await prisma.productImage.create({
    data: { productId: product, url: '/images/x.jpg', alt: 'X', position: 0 },
  });
  const [user, other] = await createUsers(prisma, 2);
  const text = { title: 'Fine', body: 'Solid.', productId: product };
  const review = await prisma.review.create({
    data: { ...text, userId: user!, rating: 5, createdAt: NEXT_DAY },
  });
  await prisma.review.create({ data: { ...text, userId: other!, rating: 2, createdAt: DAY } });
  const order = await prisma.order.create({
    data: {
      userId: user!,
      status: 'SHIPPED',
      placedAt: DAY,
      total: '21.00',
      items: { create: [{ productId: product, quantity: 2, unitPrice: '10.50' }] },
    },
  });
  const cart = await createCart(prisma, new Map([[product, 3]]));
  const slugOf = async (id: number) => (await prisma.category.findUniqueOrThrow({ where: { id } })).slug;
  return {
    keys: { product, category, other: other! },
    slugs: {
      parent: await slugOf(parent),
      category: await slugOf(category),
      child: await slugOf(child),
      product: slug,
    },
    imageId: globalId('ProductImage', image.id),
    variables: {
      slug,
      cartId: cart,
      categoryId: globalId('Category', category),
      productId: globalId('Product', product),
      userId: globalId('User', user!),
      orderId: globalId('Order', order.id),
      reviewId: globalId('Review', review.id),
    },
  };
}

const ONE_PAGE = {
  hasNextPage: false,
  hasPreviousPage: false,
  startCursor: expect.any(String),
  endCursor: expect.any(String),
};
const onePage = (node: object) => ({
  totalCount: 1,
  nodes: [node],
  edges: [{ cursor: expect.any(String), node }],
  pageInfo: ONE_PAGE,
});

describe('everything that can be read', () => {
  it('is as it was written', async () => {
    const { variables, slugs, imageId } = await fillShop();
    const { productId, userId, categoryId, orderId, reviewId, cartId } = variables;
    const { data, faults } = await shop.ask(EVERYTHING, {
      variables,
      // Whoever placed the order sees it; staff sees everybody's.
      viewer: STAFF,
      cdnUrl: 'https://cdn.example',
    });
    expect(faults).toEqual([]);
    const review = {
      id: reviewId,
      rating: 5,
      title: 'Fine',
      body: 'Solid.',
      createdAt: NEXT_DAY,
      product: { id: productId },
      author: { id: userId, name: 'User 0' },
    };
    expect(data).toEqual({
      node: { __typename: 'Review', ...review },
      nodes: [
        { __typename: 'Product', id: productId },
        { __typename: 'User', id: userId },
      ],
      category: {
        id: categoryId,
        slug: slugs.category,
        name: 'Desks',
        description: 'To work at.',
        sortOrder: 3,
        isFeatured: true,
        parent: { slug: slugs.parent },
        children: [{ slug: slugs.child, parent: { slug: slugs.category } }],
        products: onePage({ slug: slugs.product }),
        productsCount: 1,
      },
      categories: [{ id: categoryId }],
      product: {
        id: productId,
        slug: slugs.product,
        name: 'Everythingish',
        description: 'Solid.',
        price: '10.50',
        stock: 4,
        isPublished: true,
        viewCount: 9,
        ratingCount: 2,
        averageRating: 3.5,
        createdAt: DAY,
        category: { id: categoryId },
        images: [{ id: imageId, url: 'https://cdn.example/images/x.jpg', alt: 'X', position: 0 }],
        reviews: { ...onePage(review), totalCount: 2, pageInfo: { ...ONE_PAGE, hasNextPage: true } },
        reviewsCount: 2,
        reviewsAggregate: {
          count: 2,
          avg: { rating: 3.5 },
          min: { rating: 2, createdAt: DAY },
          max: { rating: 5, createdAt: NEXT_DAY },
        },
      },
      products: onePage({ id: productId }),
      searchProducts: { totalCount: 1, nodes: [{ id: productId }] },
      user: {
        id: userId,
        name: 'User 0',
        createdAt: expect.any(String),
        reviews: { totalCount: 1, nodes: [{ id: reviewId }] },
        reviewsCount: 1,
        orders: onePage({ id: orderId }),
      },
      order: {
        id: orderId,
        status: 'SHIPPED',
        placedAt: DAY,
        total: '21.00',
        customer: { id: userId },
        items: [{ quantity: 2, unitPrice: '10.50', product: { id: productId } }],
      },
      cart: {
        id: cartId,
        createdAt: expect.any(String),
        itemsCount: 1,
        items: [{ quantity: 3, addedAt: expect.any(String), product: { id: productId } }],
      },
    });
  });

  it('is asked above: each field of each type', () => {
    const asked = new Set<string>();
    const info = new TypeInfo(shop.schema);
    const note = { Field: () => void asked.add(`${info.getParentType()!.name}.${info.getFieldDef()!.name}`) };
    visit(parse(EVERYTHING), visitWithTypeInfo(info, note));
    const all = Object.values(shop.schema.getTypeMap()).flatMap((type) => {
      const isWrite = type.name === 'Mutation' || type.name.endsWith('Payload');
      if (!isObjectType(type) || isWrite || type.name.startsWith('__')) return [];
      return Object.keys(type.getFields()).map((field) => `${type.name}.${field}`);
    });
    // The engine's own, which every app has: those are read in its tests.
    const engine =
      /^(Viewer|RateLimit\w*|CacheStatistics|CacheWarming\w*|Job\w*|BackgroundJob)\.|^Query\.(viewer|rateLimit\w*|caches|jobs?|jobQueues)$/;
    // What workers compute is asked for in test/shop/analytics.
    const offloaded = new Set<string>(ANALYTICS.flatMap((field) => [`Query.${field}`, ...listBelow(field)]));
    const isElsewhere = (coordinate: string) => engine.test(coordinate) || offloaded.has(coordinate);
    expect(all.filter((coordinate) => !asked.has(coordinate) && !isElsewhere(coordinate))).toEqual([
      'Subscription.jobUpdated',
    ]);
  });

  it('has a description, down to the last argument', () => {
    const undescribed = Object.values(shop.schema.getTypeMap()).flatMap((type) => {
      if (type.name.startsWith('__')) return [];
      const fields = 'getFields' in type ? Object.values(type.getFields()) : [];
      const parts = fields.flatMap((field) => [field, ...('args' in field ? field.args : [])]);
      return [type, ...parts].filter((part) => !part.description).map((part) => `${type.name} ${part.name}`);
    });
    expect(undescribed).toEqual([]);
  });
});

describe('what does not exist', () => {
  it('is null, each in its place', async () => {
    const id = (typeName: string) => globalId(typeName, 2_147_483_647);
    const { productId } = (await fillShop()).variables;
    const { data, faults } = await shop.ask(
      `query ($p: ID!, $c: ID!, $u: ID!, $o: ID!, $here: ID!) {
        product(id: $p) { id } category(slug: "nowhere") { id } user(id: $u) { id } order(id: $o) { id }
        node(id: $c) { id } nodes(ids: [$p, $here, $u, $here]) { id }
        cart(id: "00000000-0000-4000-8000-000000000000") { id } }`,
      { variables: { p: id('Product'), c: id('Category'), u: id('User'), o: id('Order'), here: productId } },
    );
    expect(faults).toEqual([]);
    expect(data).toEqual({
      product: null,
      category: null,
      user: null,
      order: null,
      node: null,
      nodes: [null, { id: productId }, null, { id: productId }],
      cart: null,
    });
  });

  it.each([
    ['{ product { id } }', []],
    ['{ product(id: "x") { id } }', ['id']],
    ['{ category { id } }', []],
    [`{ user(id: "${globalId('Product', 1)}") { id } }`, ['id']],
    ['{ node(id: "") { id } }', ['id']],
    [`{ node(id: "${globalId('Cart', 1)}") { id } }`, ['id']],
    [`{ nodes(ids: ["${globalId('Product', 1)}", "x"]) { id } }`, ['ids', 1]],
    ['{ products(first: 1, last: 1) { totalCount } }', ['first']],
  ])('and is no id either, is a fault: %s', async (document, inputPath) => {
    const { faults } = await shop.ask(document);
    expect(faults).toMatchObject([{ code: 'BAD_USER_INPUT' }]);
    if (inputPath.length > 0) expect(faults[0]!.inputPath?.slice(0, inputPath.length)).toEqual(inputPath);
  });
});

describe('defaults', () => {
  it('show published products, newest first, and drafts to whoever asks', async () => {
    const categoryId = await createCategory(shop.prisma);
    const make = (name: string, createdAt: string, isPublished = true) =>
      createProduct(shop.prisma, { categoryId, name, createdAt, isPublished });
    await make('Old', DAY);
    await make('Draft', DAY, false);
    await make('New', NEXT_DAY);
    const { data } = await shop.ask(
      `query ($id: ID!) { category(id: $id) {
        productsCount all: productsCount(filter: {})
        products { nodes { name } }
        drafts: products(filter: { isPublished: { eq: false } }) { nodes { name } }
        none: products(filter: null, orderBy: [{ field: CREATED_AT }]) { nodes { name } } } }`,
      { variables: { id: globalId('Category', categoryId) } },
    );
    expect(data.category).toEqual({
      productsCount: 2,
      all: 3,
      products: { nodes: [{ name: 'New' }, { name: 'Old' }] },
      drafts: { nodes: [{ name: 'Draft' }] },
      none: { nodes: [{ name: 'Old' }, { name: 'Draft' }, { name: 'New' }] },
    });
  });

  it('leave pictures as they are without a content delivery network, and unrated products without a mean', async () => {
    const key = await createProduct(shop.prisma);
    await shop.prisma.productImage.createMany({
      data: [2, 0, 1].map((position) => ({ productId: key, url: `/${position}.jpg`, alt: '', position })),
    });
    const { data } = await shop.ask(
      'query ($id: ID!) { product(id: $id) { averageRating images { url } } }',
      {
        variables: { id: globalId('Product', key) },
      },
    );
    expect(data.product).toEqual({
      averageRating: null,
      images: [{ url: '/0.jpg' }, { url: '/1.jpg' }, { url: '/2.jpg' }],
    });
  });
});

describe('pages', () => {
  it.each(['CREATED_AT', 'PRICE', 'VIEW_COUNT'])(
    'of products by %s lead through all of them, forwards and backwards, each way',
    async (field) => {
      for (const direction of ['ASC', 'DESC']) {
        const order = `orderBy: [{ field: ${field}, direction: ${direction} }]`;
        const whole = await shop.ask(`{ products(${order}, first: 100) { totalCount nodes { id } } }`);
        const ids = whole.data.products.nodes.map((node: { id: string }) => node.id);
        expect(ids).toHaveLength(whole.data.products.totalCount);
        expect(await walk(`products`, order, 'forward')).toEqual(ids);
        expect(await walk(`products`, order, 'backward')).toEqual(ids);
      }
    },
  );

  it('of reviews and of orders lead through all of them as well', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const products = await Promise.all(Array.from({ length: 7 }, () => createProduct(prisma)));
    await prisma.review.createMany({
      data: products.map((productId, index) => ({
        productId,
        userId,
        rating: (index % 2) + 1,
        title: 'A',
        body: 'B',
        createdAt: DAY,
      })),
    });
    await prisma.order.createMany({ data: products.map(() => ({ userId, total: 1, placedAt: DAY })) });
    for (const field of ['reviews', 'orders']) {
      const parent = `user(id: "${globalId('User', userId)}")`;
      const forward = await walk(field, '', 'forward', parent);
      expect(new Set(forward).size).toBe(7);
      expect(await walk(field, '', 'backward', parent)).toEqual(forward);
    }
  });

  async function walk(
    field: string,
    order: string,
    way: 'forward' | 'backward',
    parent?: string,
  ): Promise<string[]> {
    const [count, bound, end, more] =
      way === 'forward'
        ? ['first', 'after', 'endCursor', 'hasNextPage']
        : ['last', 'before', 'startCursor', 'hasPreviousPage'];
    const page = `page: ${field}(${order} ${count}: 3, ${bound}: $cursor) { nodes { id } pageInfo { ${end} ${more} } }`;
    const document = `query ($cursor: String) { ${parent === undefined ? page : `parent: ${parent} { ${page} }`} }`;
    const walked: string[] = [];
    let cursor: string | null = null;
    do {
      const { data, faults } = await shop.ask(document, { variables: { cursor }, viewer: STAFF });
      expect(faults).toEqual([]);
      const { nodes, pageInfo } = (data.parent ?? data).page;
      const ids = nodes.map((node: { id: string }) => node.id);
      if (way === 'forward') walked.push(...ids);
      else walked.unshift(...ids);
      cursor = pageInfo[more!] ? pageInfo[end!] : null;
    } while (cursor !== null);
    return walked;
  }
});

describe('filters', () => {
  it('reach through relations both ways', async () => {
    const { variables, slugs, keys } = await fillShop();
    const names = async (field: string, filter: string) => {
      const selection = field === 'categories' ? '{ slug }' : '{ nodes { slug } }';
      const { data, faults } = await shop.ask(`{ found: ${field}(filter: ${filter}) ${selection} }`);
      expect(faults).toEqual([]);
      return (data.found.nodes ?? data.found).map((node: { slug: string }) => node.slug);
    };
    const inCategory = `category: { is: { slug: { eq: "${slugs.category}" } } }`;
    const author = globalId('User', keys.other);
    expect(await names('products', `{ ${inCategory}, isPublished: { eq: true } }`)).toEqual([slugs.product]);
    expect(
      await names(
        'products',
        `{ reviews: { some: { author: { is: { id: { eq: "${author}" } } }, rating: { lt: 3 } } } }`,
      ),
    ).toEqual([slugs.product]);
    expect(
      await names('products', `{ ${inCategory}, reviews: { none: { rating: { gte: 1 } } } }`),
    ).toHaveLength(1);
    expect(
      await names('products', `{ categoryId: { eq: "${variables.categoryId}" }, price: { eq: "10.5" } }`),
    ).toEqual([slugs.product]);
    expect(await names('categories', `{ products: { some: { slug: { eq: "${slugs.product}" } } } }`)).toEqual(
      [slugs.category],
    );
    expect(await names('categories', `{ parent: { is: { slug: { eq: "${slugs.parent}" } } } }`)).toEqual([
      slugs.category,
    ]);
    const { data } = await shop.ask(
      `query ($id: ID!) { user(id: $id) { orders(filter: { status: { in: [SHIPPED] }, total: { gte: 21 } }) { totalCount }
        none: orders(filter: { not: { status: { eq: SHIPPED } } }) { totalCount } } }`,
      { variables: { id: variables.userId }, viewer: STAFF },
    );
    expect(data.user).toEqual({ orders: { totalCount: 1 }, none: { totalCount: 0 } });
  });
});

describe('the examples', () => {
  it.each(examples.map((example) => [example.name, example] as const))('run: %s', async (_name, example) => {
    const { data, faults } = await shop.ask(example.query, {
      variables: example.variables as Record<string, unknown> | undefined,
    });
    expect(faults).toEqual([]);
    const [found] = Object.values(data) as (Record<string, unknown> | unknown[])[];
    // An example that shows an empty list shows nothing.
    const rows = Array.isArray(found) ? found : (found?.nodes ?? found?.edges ?? [found]);
    expect((rows as unknown[]).length).toBeGreaterThan(0);
  });
});

describe('statements', () => {
  const NESTED = `query ($id: ID!, $first: Int!) { category(id: $id) { name products(first: $first) { totalCount nodes {
    name price averageRating images { url } reviewsCount reviewsAggregate { avg { rating } }
    reviews(first: 2) { nodes { rating author { name } } } category { name } } } } }`;

  it('for a nested query are as many for 50 products as for 5', async () => {
    const categoryId = await createCategory(shop.prisma);
    const users = await createUsers(shop.prisma, 3);
    for (let index = 0; index < 50; index++) {
      const productId = await createProduct(shop.prisma, { categoryId });
      await shop.prisma.productImage.create({ data: { productId, url: '/a.jpg', alt: '' } });
      await shop.prisma.review.createMany({
        data: users.map((userId) => ({ userId, productId, rating: 4, title: 'A', body: 'B' })),
      });
    }
    const variables = { id: globalId('Category', categoryId) };
    const count = async (first: number) => {
      shop.statements.length = 0;
      const { data, faults } = await shop.ask(NESTED, { variables: { ...variables, first } });
      expect(faults).toEqual([]);
      expect(data.category.products.nodes).toHaveLength(first);
      expect(data.category.products.nodes.at(-1).reviews.nodes).toHaveLength(2);
      return shop.statements.length;
    };
    const few = await count(5);
    // Category, products, their count, images, reviews, their number, their mean, authors, categories.
    expect(few).toBeLessThanOrEqual(9);
    expect(await count(50)).toBe(few);
  });

  it('for the answer of a mutation are as many as its selection needs', async () => {
    const key = await createProduct(shop.prisma);
    shop.statements.length = 0;
    await shop.ask(
      'mutation ($id: ID!) { recordProductView(input: { productId: $id }) { product { name slug viewCount } } }',
      { variables: { id: globalId('Product', key) } },
    );
    expect(shop.statements).toHaveLength(1);
  });
});
