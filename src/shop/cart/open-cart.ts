import { SluiceError } from '../../index.js';
import type { Transaction } from '../database/run-transaction.js';

/** Which cart is meant, and by whom. */
export interface CartAddress {
  /** Null: the user's own. */
  readonly cartId: string | null;
  /** Null: a guest, who opens a guest's cart by its id alone. */
  readonly userId: number | null;
}

/**
 * Locks a cart until the transaction ends, so that nobody fills or buys it meanwhile, and returns its id.
 *
 * @throws `NOT_FOUND` where there is none, or it is another user's, which must look the same.
 */
export async function lockCart(transaction: Transaction, address: CartAddress): Promise<string> {
  const { cartId, userId } = address;
  const rows =
    cartId === null
      ? await transaction.$queryRaw<
          { id: string }[]
        >`SELECT id FROM carts WHERE user_id = ${userId} FOR UPDATE`
      : await transaction.$queryRaw<{ id: string }[]>`
          SELECT id FROM carts WHERE id = ${cartId}::uuid AND (user_id IS NULL OR user_id = ${userId}) FOR UPDATE`;
  const [cart] = rows;
  if (cart !== undefined) return cart.id;
  throw cartId === null
    ? new SluiceError(
        'NOT_FOUND',
        'You have no cart yet: name one in input.cartId, or put something into yours first.',
      )
    : new SluiceError('NOT_FOUND', 'There is no cart with the id in input.cartId.', {
        inputPath: ['input', 'cartId'],
      });
}

/** As `lockCart`, but where no cart is named takes the user's own or a new one. */
export async function openCart(transaction: Transaction, address: CartAddress): Promise<string> {
  const { cartId, userId } = address;
  if (cartId !== null) return lockCart(transaction, address);
  if (userId === null) return (await transaction.cart.create({ data: {}, select: { id: true } })).id;
  // Two first additions at a time: the second one's insert finds the first one's cart and does nothing.
  await transaction.cart.createMany({ data: [{ userId }], skipDuplicates: true });
  return lockCart(transaction, address);
}
