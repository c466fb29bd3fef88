import type { PrismaClient } from '../../generated/prisma/client.js';
import type { CartAddress } from './open-cart.js';

/** The id of the cart that is meant, or null where there is none, or it is another user's. */
export async function findCart(
  prisma: PrismaClient,
  { cartId, userId }: CartAddress,
): Promise<string | null> {
  if (cartId === null && userId === null) return null;
  const cart = await prisma.cart.findFirst({
    where:
      cartId === null
        ? { userId }
        : { id: cartId, OR: [{ userId: null }, ...(userId === null ? [] : [{ userId }])] },
    select: { id: true },
  });
  return cart?.id ?? null;
}
