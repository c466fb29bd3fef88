import type { MutationResolvers } from '../../generated/graphql.js';
import { requireUserId } from '../viewer/acting-user.js';
import { placeOrder } from './place-order.js';

const Mutation: MutationResolvers = {
  checkout: async (_parent, { input }, { prisma, viewer }) => {
    const userId = requireUserId(viewer);
    const { orderId, cartId } = await placeOrder(prisma, { userId, cartId: input.cartId ?? null });
    return { order: { id: orderId }, cart: { id: cartId } };
  },
};

export const orderResolvers = { Mutation };
