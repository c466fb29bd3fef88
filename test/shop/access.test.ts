import { createProduct, createUser } from './fixtures.js';
import { globalId, openShop, type ShopWorld, STAFF, signedIn } from './shop-world.js';

let shop: ShopWorld;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const FOR_CUSTOMERS = {
  createReview: `createReview(input: { productId: "${globalId('Product', 1)}", rating: 5, title: "A", body: "B" }) { review { id } }`,
  updateReview: `updateReview(input: { id: "${globalId('Review', 1)}", rating: 1 }) { review { id } }`,
  deleteReview: `deleteReview(input: { id: "${globalId('Review', 1)}" }) { deletedReviewId }`,
  checkout: 'checkout(input: {}) { order { id } }',
};
const FOR_STAFF = {
  createProduct: `createProduct(input: { categoryId: "${globalId('Category', 1)}", slug: "a", name: "A", description: "", price: 1 }) { product { id } }`,
  updateProduct: `updateProduct(input: { id: "${globalId('Product', 1)}", stock: 0 }) { product { id } }`,
  deleteProduct: `deleteProduct(input: { id: "${globalId('Product', 1)}" }) { deletedProductId }`,
};
const FOR_ALL = ['addToCart', 'setCartQuantity', 'recordProductView', 'signIn', 'signOut'];

async function countRows(): Promise<unknown> {
  const { prisma } = shop;
  const [products, reviews, orders, stock] = await Promise.all([
    prisma.product.count(),
    prisma.review.aggregate({ _count: true, _sum: { rating: true } }),
    prisma.order.count(),
    prisma.product.aggregate({ _sum: { stock: true } }),
  ]);
  return { products, reviews, orders, stock };
}

describe('who may do what', () => {
  it('is tried for every mutation', () => {
    // The engine's own are tried in its tests.
    const names = Object.keys(shop.schema.getMutationType()!.getFields()).filter(
      (name) => !['liftRateLimitBlock', 'purgeCache', 'warmCache', 'cancelJob', 'retryJob'].includes(name),
    );
    expect(names.sort()).toEqual([...Object.keys({ ...FOR_CUSTOMERS, ...FOR_STAFF }), ...FOR_ALL].sort());
  });

  it.each(Object.entries({ ...FOR_CUSTOMERS, ...FOR_STAFF }))(
    'guests must sign in for %s',
    async (name, field) => {
      const before = await countRows();
      const { data, faults } = await shop.ask(`mutation { ${field} }`);
      expect(data).toEqual({ [name]: null });
      expect(faults).toMatchObject([
        { code: 'UNAUTHENTICATED', message: expect.stringContaining(`Mutation.${name} needs `) },
      ]);
      expect(await countRows()).toEqual(before);
    },
  );

  it.each(Object.entries(FOR_STAFF))('customers may not %s', async (name, field) => {
    const before = await countRows();
    const viewer = signedIn(await createUser(shop.prisma));
    for (const tier of ['standard', 'premium', 'free', 'STAFF', '']) {
      const { data, faults } = await shop.ask(`mutation { ${field} }`, { viewer: { ...viewer, tier } });
      expect(data).toEqual({ [name]: null });
      expect(faults).toMatchObject([{ code: 'FORBIDDEN' }]);
    }
    expect(await countRows()).toEqual(before);
  });

  it('a tier alone makes nobody staff: one must have signed in', async () => {
    const impostor = { id: null, tier: 'staff', scopes: [], isAuthenticated: false };
    for (const field of Object.values(FOR_STAFF)) {
      expect((await shop.ask(`mutation { ${field} }`, { viewer: impostor })).faults).toMatchObject([
        { code: 'UNAUTHENTICATED' },
      ]);
    }
  });

  it.each(['till-3', '0', '-1', '1.5', ' 1', '2147483648', '99999999999', ''])(
    "an id that is no customer's (%j) reviews and buys nothing",
    async (id) => {
      const viewer = { id, tier: 'standard', scopes: [], isAuthenticated: true };
      for (const field of [FOR_CUSTOMERS.createReview, FOR_CUSTOMERS.deleteReview, FOR_CUSTOMERS.checkout]) {
        expect((await shop.ask(`mutation { ${field} }`, { viewer })).faults).toMatchObject([
          { code: 'UNAUTHENTICATED', message: expect.stringContaining('no customer of this shop') },
        ]);
      }
    },
  );

  it('staff without an account fill carts as guests do, and have none of their own', async () => {
    const productId = globalId('Product', await createProduct(shop.prisma));
    const document = 'mutation ($id: ID!) { addToCart(input: { productId: $id }) { cart { itemsCount } } }';
    const { data } = await shop.ask(document, { variables: { id: productId }, viewer: STAFF });
    expect(data.addToCart.cart).toEqual({ itemsCount: 1 });
    expect((await shop.ask('{ cart { id } }', { viewer: STAFF })).data).toEqual({ cart: null });
  });
});

describe('whose orders are whose', () => {
  const SEEN = `query ($user: ID!, $order: ID!) {
    user(id: $user) { orders { totalCount nodes { id total customer { name } } } } order(id: $order) { status } node(id: $order) { id } }`;

  it('is known to who placed them and to the staff, and to nobody else', async () => {
    const { prisma } = shop;
    const [userId, otherId] = [await createUser(prisma), await createUser(prisma)];
    const { id } = await prisma.order.create({ data: { userId, total: 5, placedAt: new Date() } });
    await prisma.order.create({ data: { userId: otherId, total: 6, placedAt: new Date() } });
    const variables = { user: globalId('User', userId), order: globalId('Order', id) };
    const nothing = { user: { orders: { totalCount: 0, nodes: [] } }, order: null, node: null };
    for (const viewer of [
      undefined,
      signedIn(otherId),
      { ...STAFF, isAuthenticated: false },
      { ...signedIn(userId), id: `0${userId}` },
    ])
      expect(await shop.ask(SEEN, { variables, viewer })).toMatchObject({ data: nothing, faults: [] });
    for (const viewer of [signedIn(userId), STAFF]) {
      const { data, faults } = await shop.ask(SEEN, { variables, viewer });
      expect(faults).toEqual([]);
      expect(data.user.orders).toMatchObject({
        totalCount: 1,
        nodes: [{ id: variables.order, total: '5.00' }],
      });
      expect(data.order).toEqual({ status: 'PENDING' });
      expect(data.node).toEqual({ id: variables.order });
    }
  });

  it('is asked in the statement, for all orders at once', async () => {
    shop.statements.length = 0;
    await shop.ask('query ($id: ID!) { user(id: $id) { orders { nodes { id } } } }', {
      variables: { id: globalId('User', 1) },
      viewer: signedIn(1),
    });
    expect(shop.statements.filter((text) => text.includes('"orders"'))).toHaveLength(1);
  });
});
