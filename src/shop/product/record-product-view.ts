import type { PrismaClient } from '../../generated/prisma/client.js';
import { runTransaction } from '../database/run-transaction.js';
import { unknownUser } from '../viewer/acting-user.js';
import { productNotFound } from './product-faults.js';

/**
 * Notes that a product's page was opened; `userId` null: by a guest.
 *
 * @throws `NOT_FOUND` without such a product.
 */
export async function recordProductView(
  prisma: PrismaClient,
  view: { readonly productId: number; readonly userId: number | null },
): Promise<void> {
  await runTransaction(
    prisma,
    async (transaction) => {
      await transaction.productView.create({ data: view, select: { id: true } });
      await transaction.product.update({
        where: { id: view.productId },
        data: { viewCount: { increment: 1 } },
        select: { id: true },
      });
    },
    {
      product_views_product_id_fkey: () => productNotFound(['input', 'productId']),
      product_views_user_id_fkey: unknownUser,
    },
  );
}
