import pg from 'pg';
import { runTransaction } from '../../src/shop/database/run-transaction.js';
import { lockProducts } from '../../src/shop/product/lock-products.js';
import { createCategory, createProduct } from './fixtures.js';
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

describe('locking products', () => {
  it('takes them by ascending key, whatever the order asked: who waits for one holds none behind it', async () => {
    const categoryId = await createCategory(shop.prisma);
    const ids: number[] = [];
    for (let index = 0; index < 8; index++) ids.push(await createProduct(shop.prisma, { categoryId }));
    // Written anew, so that the lowest key's row does not lie first in the table.
    await shop.prisma.product.update({ where: { id: ids[0]! }, data: { stock: 3 } });
    await other.query('BEGIN');
    await other.query('SELECT FROM products WHERE id = $1 FOR UPDATE', [ids[0]]);
    const locking = runTransaction(shop.prisma, (transaction) => lockProducts(transaction, ids.toReversed()));
    await waitForLockWait(other);
    const free = await other.query('SELECT FROM products WHERE id = ANY($1) FOR UPDATE SKIP LOCKED', [ids]);
    await other.query('COMMIT');
    expect(free.rowCount).toBe(ids.length);
    expect((await locking).map((product) => product.id)).toEqual(ids);
  });

  it('leaves out what does not exist, and reads what was committed last', async () => {
    const id = await createProduct(shop.prisma, { price: '12.50', stock: 1 });
    await other.query('BEGIN');
    await other.query('UPDATE products SET stock = 0, price = 13 WHERE id = $1', [id]);
    const locking = runTransaction(shop.prisma, (transaction) =>
      lockProducts(transaction, [2_147_483_647, id]),
    );
    await waitForLockWait(other);
    await other.query('COMMIT');
    expect(await locking).toMatchObject([{ id, stock: 0, price: '13.00' }]);
  });
});
