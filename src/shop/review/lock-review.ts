import { SluiceError } from '../../index.js';
import type { Transaction } from '../database/run-transaction.js';
import { lockProducts } from '../product/lock-products.js';

/** Who may touch a review: everyone of the staff, else its author. */
export interface Reviser {
  readonly userId: number | null;
  readonly isStaff: boolean;
}

export interface LockedReview {
  readonly id: number;
  readonly productId: number;
  readonly rating: number;
}

/**
 * The review, safe from others until the transaction ends.
 *
 * @throws `NOT_FOUND`, or `FORBIDDEN` where it is somebody else's.
 */
export async function lockReview(
  transaction: Transaction,
  id: number,
  reviser: Reviser,
): Promise<LockedReview> {
  const found = await transaction.review.findUnique({
    where: { id },
    select: { productId: true, userId: true },
  });
  if (found === null) throw reviewNotFound();
  if (!reviser.isStaff && found.userId !== reviser.userId) {
    throw new SluiceError('FORBIDDEN', "This review is somebody else's.", { inputPath: ['input', 'id'] });
  }
  // Whoever writes reviews of a product takes its row first, so its rating is read again only under that lock.
  await lockProducts(transaction, [found.productId]);
  const review = await transaction.review.findUnique({
    where: { id },
    select: { id: true, productId: true, rating: true },
  });
  if (review === null) throw reviewNotFound();
  return review;
}

function reviewNotFound(): SluiceError {
  return new SluiceError('NOT_FOUND', 'There is no review with the id in input.id.', {
    inputPath: ['input', 'id'],
  });
}
