import type { MutationResolvers } from '../../generated/graphql.js';
import type { Viewer } from '../../index.js';
import { parseKey } from '../input/global-id.js';
import { findUserId, isStaff, requireUserId } from '../viewer/acting-user.js';
import type { Reviser } from './lock-review.js';
import { recordReview } from './record-review.js';
import { reviseReview } from './revise-review.js';
import { withdrawReview } from './withdraw-review.js';

const Mutation: MutationResolvers = {
  createReview: async (_parent, { input }, { prisma, viewer }) => {
    const userId = requireUserId(viewer);
    const productId = parseKey(['input', 'productId'], input.productId, 'Product');
    return { review: await recordReview(prisma, { ...input, userId, productId }) };
  },

  updateReview: async (_parent, { input }, { prisma, viewer }) => {
    const reviser = requireReviser(viewer);
    const { id, ...changes } = input;
    return {
      review: await reviseReview(prisma, parseKey(['input', 'id'], id, 'Review'), { changes, reviser }),
    };
  },

  deleteReview: async (_parent, { input }, { prisma, viewer }) => {
    const reviser = requireReviser(viewer);
    const { productId } = await withdrawReview(
      prisma,
      parseKey(['input', 'id'], input.id, 'Review'),
      reviser,
    );
    return { deletedReviewId: input.id, product: { id: productId } };
  },
};

/** @throws `UNAUTHENTICATED` where the viewer is nobody who could have written a review. */
function requireReviser(viewer: Viewer): Reviser {
  return isStaff(viewer)
    ? { userId: findUserId(viewer), isStaff: true }
    : { userId: requireUserId(viewer), isStaff: false };
}

export const reviewResolvers = { Mutation };
