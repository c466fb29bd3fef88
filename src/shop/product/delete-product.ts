import type { PrismaClient } from '../../generated/prisma/client.js';
import { SluiceError } from '../../index.js';
import { runTransaction } from '../database/run-transaction.js';
import { productNotFound } from './product-faults.js';

/**
 * Deletes a product and all that goes with it.
 *
 * @throws `NOT_FOUND` without such a product; `CONFLICT` where it has been ordered.
 */
export async function deleteProduct(prisma: PrismaClient, id: number): Promise<void> {
  await runTransaction(
    prisma,
    async (transaction) => {
      const { count } = await transaction.product.deleteMany({ where: { id } });
      if (count === 0) throw productNotFound(['input', 'id']);
    },
    {
      order_items_product_id_fkey: () =>
        new SluiceError(
          'CONFLICT',
          'This product has been ordered, and orders are kept: unpublish it instead.',
          {
            inputPath: ['input', 'id'],
          },
        ),
    },
  );
}
