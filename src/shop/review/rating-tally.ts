import type { Transaction } from '../database/run-transaction.js';

/**
 * Adds to a product's sum and number of ratings. The product's row is locked from here on: as every change of a review
 * passes through it, sum and number are right whatever happens at the same time.
 */
export async function addToRatingTally(
  transaction: Transaction,
  productId: number,
  change: { readonly sum: number; readonly count: number },
): Promise<void> {
  await transaction.product.update({
    where: { id: productId },
    data: { ratingSum: { increment: change.sum }, ratingCount: { increment: change.count } },
    select: { id: true },
  });
}
