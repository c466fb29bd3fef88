import { Prisma, type PrismaClient } from '../../generated/prisma/client.js';
import { SluiceError } from '../../index.js';
import { lockCart } from '../cart/open-cart.js';
import { runTransaction, type Transaction } from '../database/run-transaction.js';
import { type LockedProduct, lockProducts } from '../product/lock-products.js';
import { unknownUser } from '../viewer/acting-user.js';

/** The first total that numeric(12,2) can't hold. */
const TOTAL_LIMIT = 10_000_000_000;

interface OrderLine {
  readonly productId: number;
  readonly quantity: number;
  readonly unitPrice: Prisma.Decimal;
}

/**
 * Turns a cart into an order, in one transaction: the stock is checked and taken, the order written at the prices of
 * this moment, the cart emptied. Whatever happens at the same time, no piece is sold twice and no cart bought twice.
 *
 * @throws `NOT_FOUND` without such a cart; `CONFLICT` where it is empty or something in it can't be sold.
 */
export async function placeOrder(
  prisma: PrismaClient,
  order: { readonly userId: number; readonly cartId: string | null },
): Promise<{ orderId: number; cartId: string }> {
  return runTransaction(
    prisma,
    async (transaction) => {
      const cartId = await lockCart(transaction, order);
      const lines = await takeStock(transaction, cartId);
      const total = lines.reduce(
        (sum, line) => sum.plus(line.unitPrice.times(line.quantity)),
        new Prisma.Decimal(0),
      );
      if (total.greaterThanOrEqualTo(TOTAL_LIMIT)) {
        throw new SluiceError('CONFLICT', `An order's total must be below ${TOTAL_LIMIT}: split it up.`);
      }
      const { id } = await transaction.order.create({
        data: { userId: order.userId, total, items: { createMany: { data: lines } } },
        select: { id: true },
      });
      await transaction.cartItem.deleteMany({ where: { cartId } });
      return { orderId: id, cartId };
    },
    { orders_user_id_fkey: unknownUser },
  );
}

/** Takes what lies in the locked cart out of the products' stock, or throws without having taken anything. */
async function takeStock(transaction: Transaction, cartId: string): Promise<OrderLine[]> {
  const items = await transaction.cartItem.findMany({
    where: { cartId },
    select: { productId: true, quantity: true },
    orderBy: { id: 'asc' },
  });
  if (items.length === 0) throw new SluiceError('CONFLICT', 'The cart is empty.');
  // Read under the lock, not before: stock and price are what they are when the order is written.
  const locked = await lockProducts(
    transaction,
    items.map((item) => item.productId),
  );
  const products = new Map(locked.map((product) => [product.id, product]));
  const problems: string[] = [];
  const lines = items.flatMap(({ productId, quantity }) => {
    const product = products.get(productId);
    const problem = findProblem(product, quantity);
    if (problem !== null) problems.push(problem);
    return product === undefined
      ? []
      : [{ productId, quantity, unitPrice: new Prisma.Decimal(product.price) }];
  });
  if (problems.length > 0) throw new SluiceError('CONFLICT', problems.join(' '));
  await transaction.$executeRaw`
    UPDATE products SET stock = stock - item.quantity
    FROM cart_items item WHERE item.cart_id = ${cartId}::uuid AND item.product_id = products.id`;
  return lines;
}

function findProblem(product: LockedProduct | undefined, quantity: number): string | null {
  if (product === undefined) return 'A product in the cart no longer exists.';
  if (!product.isPublished) return `"${product.name}" is no longer sold.`;
  if (product.stock === 0) return `"${product.name}" is sold out.`;
  if (product.stock < quantity)
    return `Of "${product.name}" only ${product.stock} are left, not ${quantity}.`;
  return null;
}
