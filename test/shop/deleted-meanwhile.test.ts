import pg from 'pg';
import { addToCart } from '../../src/shop/cart/fill-cart.js';
import { placeOrder } from '../../src/shop/order/place-order.js';
import { createCart, createProduct, createUser } from './fixtures.js';
import { openShop, type ShopWorld } from './shop-world.js';
import { waitForLockWait } from './wait-for-lock-wait.js';

let shop: ShopWorld;
let other: pg.Client;
beforeAll(async () => {
  shop = await openShop();
  other = new pg.Client({ connectionString: shop.url });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await shop.close();
});

/** Starts `work` when the product's deletion has begun, and ends the deletion when `work` waits for it. */
async function whileDeleting<Result>(productId: number, work: () => Promise<Result>): Promise<Result> {
  await other.query('BEGIN');
  await other.query('DELETE FROM products WHERE id = $1', [productId]);
  const [outcome] = await Promise.allSettled([
    work(),
    waitForLockWait(other).finally(() => other.query('COMMIT')),
  ]);
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

describe('a product that is deleted meanwhile', () => {
  it('is not put into a cart', async () => {
    const productId = await createProduct(shop.prisma);
    const cartId = await createCart(shop.prisma, new Map());
    const entry = { cartId, userId: null, productId, quantity: 1 };
    await expect(whileDeleting(productId, () => addToCart(shop.prisma, entry))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      inputPath: ['input', 'productId'],
    });
  });

  it('is not sold, nor is anything else with it', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const stays = await createProduct(prisma, { stock: 2 });
    const goes = await createProduct(prisma);
    const cartId = await createCart(
      prisma,
      new Map([
        [stays, 1],
        [goes, 1],
      ]),
    );
    await expect(whileDeleting(goes, () => placeOrder(prisma, { userId, cartId }))).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'A product in the cart no longer exists.',
    });
    expect((await prisma.product.findUniqueOrThrow({ where: { id: stays } })).stock).toBe(2);
    expect(await prisma.order.count({ where: { userId } })).toBe(0);
  });
});
