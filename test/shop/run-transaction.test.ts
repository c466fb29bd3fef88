import pg from 'pg';
import { runTransaction } from '../../src/shop/database/run-transaction.js';
import { lockProducts } from '../../src/shop/product/lock-products.js';
import { createProduct } from './fixtures.js';
import { openShop, type ShopWorld } from './shop-world.js';

let shop: ShopWorld;
let other: pg.Client;
beforeAll(async () => {
  shop = await openShop();
  other = new pg.Client({ connectionString: shop.url });
  await other.connect();
  // So that it is always the shop's transaction that PostgreSQL chooses to fail.
  await other.query(`SET deadlock_timeout = '60s'`);
});
afterAll(async () => {
  await other.end();
  await shop.close();
});

describe('a transaction', () => {
  it('that PostgreSQL gave up to end a deadlock runs again, as if it had never run', async () => {
    const { prisma } = shop;
    const [a, b] = [await createProduct(prisma, { stock: 0 }), await createProduct(prisma, { stock: 0 })];
    await other.query('BEGIN');
    await other.query('SELECT FROM products WHERE id = $1 FOR UPDATE', [b]);
    let attempts = 0;
    let meanwhile = Promise.resolve();
    await runTransaction(prisma, async (transaction) => {
      attempts++;
      await transaction.product.update({ where: { id: a }, data: { stock: { increment: 1 } } });
      if (attempts === 1) {
        meanwhile = other
          .query('SELECT FROM products WHERE id = $1 FOR UPDATE', [a])
          .then(() => other.query('COMMIT'))
          .then(() => undefined);
      }
      await lockProducts(transaction, [b]);
    });
    await meanwhile;
    expect(attempts).toBe(2);
    expect((await prisma.product.findUniqueOrThrow({ where: { id: a } })).stock).toBe(1);
  });

  it('that fails every time is reported as a conflict after three attempts', async () => {
    let attempts = 0;
    const work = runTransaction(shop.prisma, async (transaction) => {
      attempts++;
      await transaction.$executeRaw`DO $$ BEGIN RAISE serialization_failure; END $$`;
    });
    await expect(work).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('try again'),
    });
    expect(attempts).toBe(3);
  });

  it('that fails for another reason runs once', async () => {
    let attempts = 0;
    const work = runTransaction(shop.prisma, async () => {
      attempts++;
      throw new Error('a defect');
    });
    await expect(work).rejects.toThrow('a defect');
    expect(attempts).toBe(1);
  });
});
