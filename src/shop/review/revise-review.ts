import type { PrismaClient } from '../../generated/prisma/client.js';
import { runTransaction } from '../database/run-transaction.js';
import { parseChange } from '../input/changes.js';
import { lockReview, type Reviser } from './lock-review.js';
import { addToRatingTally } from './rating-tally.js';
import { parseBody, parseRating, parseTitle } from './review-input.js';

/** What to change; what is left out stays. */
export interface ReviewChanges {
  readonly rating?: number | null;
  readonly title?: string | null;
  readonly body?: string | null;
}

/**
 * Changes a review, and the product's ratings with it.
 *
 * @throws `BAD_USER_INPUT`, `NOT_FOUND`, or `FORBIDDEN` where it is somebody else's.
 */
export async function reviseReview(
  prisma: PrismaClient,
  id: number,
  revision: { readonly changes: ReviewChanges; readonly reviser: Reviser },
): Promise<{ id: number }> {
  const { changes, reviser } = revision;
  const data = {
    rating: parseChange(['input', 'rating'], changes.rating, parseRating),
    title: parseChange(['input', 'title'], changes.title, parseTitle),
    body: parseChange(['input', 'body'], changes.body, parseBody),
  };
  return runTransaction(prisma, async (transaction) => {
    const review = await lockReview(transaction, id, reviser);
    await transaction.review.update({ where: { id }, data, select: { id: true } });
    if (data.rating !== undefined && data.rating !== review.rating) {
      await addToRatingTally(transaction, review.productId, { sum: data.rating - review.rating, count: 0 });
    }
    return { id };
  });
}
