import type { PrismaClient } from '../../generated/prisma/client.js';
import { runTransaction } from '../database/run-transaction.js';
import { lockReview, type Reviser } from './lock-review.js';
import { addToRatingTally } from './rating-tally.js';

/**
 * Deletes a review and takes its rating out of the product's.
 *
 * @throws `NOT_FOUND`, or `FORBIDDEN` where it is somebody else's.
 */
export async function withdrawReview(
  prisma: PrismaClient,
  id: number,
  reviser: Reviser,
): Promise<{ productId: number }> {
  return runTransaction(prisma, async (transaction) => {
    const review = await lockReview(transaction, id, reviser);
    await transaction.review.delete({ where: { id }, select: { id: true } });
    await addToRatingTally(transaction, review.productId, { sum: -review.rating, count: -1 });
    return { productId: review.productId };
  });
}
