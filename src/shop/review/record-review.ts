import type { PrismaClient } from '../../generated/prisma/client.js';
import { SluiceError } from '../../index.js';
import { runTransaction } from '../database/run-transaction.js';
import { productNotFound } from '../product/product-faults.js';
import { unknownUser } from '../viewer/acting-user.js';
import { addToRatingTally } from './rating-tally.js';
import { parseBody, parseRating, parseTitle } from './review-input.js';

export interface NewReview {
  readonly userId: number;
  readonly productId: number;
  readonly rating: number;
  readonly title: string;
  readonly body: string;
}

/**
 * Writes a review and counts its rating in.
 *
 * @throws `BAD_USER_INPUT`; `NOT_FOUND` without such a product; `CONFLICT` where the user has reviewed it already.
 */
export async function recordReview(prisma: PrismaClient, review: NewReview): Promise<{ id: number }> {
  const data = {
    userId: review.userId,
    productId: review.productId,
    rating: parseRating(['input', 'rating'], review.rating),
    title: parseTitle(['input', 'title'], review.title),
    body: parseBody(['input', 'body'], review.body),
  };
  return runTransaction(
    prisma,
    async (transaction) => {
      const written = await transaction.review.create({ data, select: { id: true } });
      await addToRatingTally(transaction, data.productId, { sum: data.rating, count: 1 });
      return written;
    },
    {
      reviews_product_id_fkey: () => productNotFound(['input', 'productId']),
      reviews_user_id_fkey: unknownUser,
      reviews_user_id_product_id_key: () =>
        new SluiceError('CONFLICT', 'You have reviewed this product already: change that review instead.', {
          inputPath: ['input', 'productId'],
        }),
    },
  );
}
