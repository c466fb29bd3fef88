import { placeOrder } from '../../src/shop/order/place-order.js';
import { createCart, createProduct, createUser, createUsers } from './fixtures.js';
import { openShop, type ShopWorld } from './shop-world.js';

describe('placing an order', () => {
  let shop: ShopWorld;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.close());

  const stockOf = async (id: number) =>
    (await shop.prisma.product.findUniqueOrThrow({ where: { id } })).stock;

  it('takes the stock, writes the order at the prices of the moment, and empties the cart', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const desk = await createProduct(prisma, { price: '199.90', stock: 3 });
    const lamp = await createProduct(prisma, { price: '0.10', stock: 5, slug: `lamp-${userId}` });
    const cartId = await createCart(
      prisma,
      new Map([
        [desk, 3],
        [lamp, 2],
      ]),
      userId,
    );
    const { orderId, cartId: bought } = await placeOrder(prisma, { userId, cartId: null });
    expect(bought).toBe(cartId);
    const order = await prisma.order.findUniqueOrThrow({
      where: { id: orderId },
      include: { items: { orderBy: { id: 'asc' } } },
    });
    expect(order.total.toFixed(2)).toBe('599.90');
    expect(order.status).toBe('PENDING');
    expect(order.userId).toBe(userId);
    expect(order.items.map((item) => [item.productId, item.quantity, item.unitPrice.toFixed(2)])).toEqual([
      [desk, 3, '199.90'],
      [lamp, 2, '0.10'],
    ]);
    expect([await stockOf(desk), await stockOf(lamp)]).toEqual([0, 3]);
    expect(await prisma.cartItem.count({ where: { cartId } })).toBe(0);
  });

  it('never sells more than there is, however many buy at a time', async () => {
    const { prisma } = shop;
    const desk = await createProduct(prisma, { stock: 5 });
    const users = await createUsers(prisma, 20);
    await Promise.all(users.map((userId) => createCart(prisma, new Map([[desk, 1]]), userId)));
    const outcomes = await Promise.allSettled(
      users.map((userId) => placeOrder(prisma, { userId, cartId: null })),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(5);
    expect(refused.map((outcome) => outcome.reason.code)).toEqual(Array(15).fill('CONFLICT'));
    expect(await stockOf(desk)).toBe(0);
    expect(
      await prisma.orderItem.aggregate({ where: { productId: desk }, _sum: { quantity: true } }),
    ).toEqual({
      _sum: { quantity: 5 },
    });
    // Who got nothing still has everything in the cart.
    expect(await prisma.cartItem.count({ where: { productId: desk } })).toBe(15);
  });

  it('does not deadlock where carts hold the same products in opposite orders', async () => {
    const { prisma } = shop;
    const [a, b] = [await createProduct(prisma, { stock: 100 }), await createProduct(prisma, { stock: 100 })];
    const users = await createUsers(prisma, 20);
    await Promise.all(
      users.map((userId, index) => {
        const items: [number, number][] = [
          [a, 1],
          [b, 2],
        ];
        return createCart(prisma, new Map(index % 2 === 0 ? items : items.reverse()), userId);
      }),
    );
    const before = await countDeadlocks();
    await Promise.all(users.map((userId) => placeOrder(prisma, { userId, cartId: null })));
    expect([await stockOf(a), await stockOf(b)]).toEqual([80, 60]);
    expect(await countDeadlocks()).toBe(before);
  });

  it('buys a cart once, however often it is asked to at a time', async () => {
    const { prisma } = shop;
    const desk = await createProduct(prisma, { stock: 100 });
    const userId = await createUser(prisma);
    const cartId = await createCart(prisma, new Map([[desk, 2]]));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => placeOrder(prisma, { userId, cartId })),
    );
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ code: 'CONFLICT', message: 'The cart is empty.' });
    }
    expect(await stockOf(desk)).toBe(98);
    expect(await prisma.order.count({ where: { userId } })).toBe(1);
  });

  it('does nothing at all where one of many products is sold out, and names every one that is', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const fine = await createProduct(prisma, { stock: 10 });
    const few = await createProduct(prisma, { stock: 1, name: 'Few' });
    const none = await createProduct(prisma, { stock: 0, name: 'None' });
    const hidden = await createProduct(prisma, { isPublished: false, name: 'Hidden' });
    const cartId = await createCart(prisma, new Map([fine, few, none, hidden].map((id) => [id, 2])), userId);
    await expect(placeOrder(prisma, { userId, cartId })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Of "Few" only 1 are left, not 2. "None" is sold out. "Hidden" is no longer sold.',
    });
    expect([await stockOf(fine), await stockOf(few)]).toEqual([10, 1]);
    expect(await prisma.order.count({ where: { userId } })).toBe(0);
    expect(await prisma.cartItem.count({ where: { cartId } })).toBe(4);
  });

  it('leaves nothing behind where the last step fails', async () => {
    const { prisma } = shop;
    const desk = await createProduct(prisma, { stock: 5 });
    const cartId = await createCart(prisma, new Map([[desk, 1]]));
    // Nobody: the order's foreign key refuses, after the stock was taken.
    await expect(placeOrder(prisma, { userId: 2_147_483_647, cartId })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await stockOf(desk)).toBe(5);
    expect(await prisma.cartItem.count({ where: { cartId } })).toBe(1);
    expect(await prisma.orderItem.count({ where: { productId: desk } })).toBe(0);
  });

  it('refuses a total that the accounts can not hold', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const yacht = await createProduct(prisma, { price: '99999999.99', stock: 1_000 });
    const cartId = await createCart(prisma, new Map([[yacht, 999]]));
    await expect(placeOrder(prisma, { userId, cartId })).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await stockOf(yacht)).toBe(1_000);
  });

  it("opens a guest's cart and one's own, and nobody else's", async () => {
    const { prisma } = shop;
    const [me, other] = [await createUser(prisma), await createUser(prisma)];
    const desk = await createProduct(prisma);
    const mine = await createCart(prisma, new Map([[desk, 1]]), me);
    const guests = await createCart(prisma, new Map([[desk, 1]]));
    const theirs = await createCart(prisma, new Map([[desk, 1]]), other);
    await expect(placeOrder(prisma, { userId: me, cartId: theirs })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      inputPath: ['input', 'cartId'],
    });
    await expect(placeOrder(prisma, { userId: me, cartId: guests })).resolves.toMatchObject({
      cartId: guests,
    });
    await expect(placeOrder(prisma, { userId: me, cartId: mine })).resolves.toMatchObject({ cartId: mine });
    await expect(
      placeOrder(prisma, { userId: await createUser(prisma), cartId: null }),
    ).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('keeps the price that was paid when the product gets dearer', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const desk = await createProduct(prisma, { price: '10.00' });
    const cartId = await createCart(prisma, new Map([[desk, 1]]));
    const { orderId } = await placeOrder(prisma, { userId, cartId });
    await prisma.product.update({ where: { id: desk }, data: { price: '11.00' } });
    const [item] = await prisma.orderItem.findMany({ where: { orderId } });
    expect(item?.unitPrice.toFixed(2)).toBe('10.00');
  });

  async function countDeadlocks(): Promise<number> {
    const [row] = await shop.prisma.$queryRaw<{ deadlocks: number }[]>`
      SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`;
    return row?.deadlocks ?? -1;
  }
});
