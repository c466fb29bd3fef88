import type { ShopContext } from '../context.js';
import { runTransaction } from '../database/run-transaction.js';
import { unknownUser } from '../viewer/acting-user.js';
import { productNotFound } from './product-faults.js';

/**
 * Notes that a product's page was opened; `userId` null: by a guest. The view is there at once, the product's count of them
 * a moment later: it is one row for all who look.
 *
 * @throws `NOT_FOUND` without such a product.
 */
export async function recordProductView(
  { prisma, counters }: Pick<ShopContext, 'prisma' | 'counters'>,
  view: { readonly productId: number; readonly userId: number | null },
): Promise<void> {
  await runTransaction(
    prisma,
    async (transaction) => {
      await transaction.productView.create({ data: view, select: { id: true } });
    },
    {
      product_views_product_id_fkey: () => productNotFound(['input', 'productId']),
      product_views_user_id_fkey: unknownUser,
    },
  );
  await counters.add('productViews', view.productId);
}
