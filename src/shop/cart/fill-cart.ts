import type { PrismaClient } from '../../generated/prisma/client.js';
import { badUserInput } from '../../index.js';
import { runTransaction, type Transaction } from '../database/run-transaction.js';
import { parseIntWithin } from '../input/number-input.js';
import { productNotFound } from '../product/product-faults.js';
import { unknownUser } from '../viewer/acting-user.js';
import { type CartAddress, lockCart, openCart } from './open-cart.js';

/** How many pieces of one product a cart may hold. */
const MAX_QUANTITY = 999;
const CART_FAULTS = {
  carts_user_id_fkey: unknownUser,
  cart_items_product_id_fkey: () => productNotFound(['input', 'productId']),
};

/** Pieces of a product, and the cart that they are for. */
export interface CartEntry extends CartAddress {
  readonly productId: number;
  readonly quantity: number;
}

/**
 * Puts pieces into a cart on top of those already there, in a new cart if need be. Whether they are in stock is asked
 * at checkout.
 *
 * @throws `BAD_USER_INPUT`; `NOT_FOUND` without such a cart, or such a published product.
 */
export async function addToCart(prisma: PrismaClient, entry: CartEntry): Promise<{ cartId: string }> {
  const added = parseIntWithin(['input', 'quantity'], entry.quantity, [1, MAX_QUANTITY]);
  return runTransaction(
    prisma,
    async (transaction) => {
      const cartId = await openCart(transaction, entry);
      await requirePublishedProduct(transaction, entry.productId);
      // The cart is locked, so nobody else changes the quantity between reading and writing it.
      const item = await transaction.cartItem.findUnique({
        where: { cartId_productId: { cartId, productId: entry.productId } },
        select: { quantity: true },
      });
      const quantity = (item?.quantity ?? 0) + added;
      if (quantity > MAX_QUANTITY) {
        throw badUserInput(
          ['input', 'quantity'],
          `must not raise the quantity in the cart, now ${item?.quantity ?? 0}, above ${MAX_QUANTITY}`,
        );
      }
      await putQuantity(transaction, { cartId, productId: entry.productId, quantity });
      return { cartId };
    },
    CART_FAULTS,
  );
}

/**
 * Sets how many pieces lie in a cart; 0 takes the product out, whether or not it was in.
 *
 * @throws `BAD_USER_INPUT`; `NOT_FOUND` without such a cart, or such a published product.
 */
export async function setCartQuantity(prisma: PrismaClient, entry: CartEntry): Promise<{ cartId: string }> {
  const quantity = parseIntWithin(['input', 'quantity'], entry.quantity, [0, MAX_QUANTITY]);
  return runTransaction(
    prisma,
    async (transaction) => {
      const cartId = await lockCart(transaction, entry);
      const { productId } = entry;
      if (quantity === 0) {
        await transaction.cartItem.deleteMany({ where: { cartId, productId } });
      } else {
        await requirePublishedProduct(transaction, productId);
        await putQuantity(transaction, { cartId, productId, quantity });
      }
      return { cartId };
    },
    CART_FAULTS,
  );
}

async function requirePublishedProduct(transaction: Transaction, id: number): Promise<void> {
  const product = await transaction.product.findUnique({ where: { id }, select: { isPublished: true } });
  if (product?.isPublished !== true) throw productNotFound(['input', 'productId']);
}

async function putQuantity(
  transaction: Transaction,
  item: { readonly cartId: string; readonly productId: number; readonly quantity: number },
): Promise<void> {
  const { quantity, ...cartId_productId } = item;
  await transaction.cartItem.upsert({
    where: { cartId_productId },
    create: item,
    update: { quantity },
    select: { id: true },
  });
}
