import type { MutationResolvers, QueryResolvers } from '../../generated/graphql.js';
import { parseKey } from '../input/global-id.js';
import { findUserId } from '../viewer/acting-user.js';
import { addToCart, setCartQuantity } from './fill-cart.js';
import { findCart } from './find-cart.js';

const Query: QueryResolvers = {
  cart: async (_parent, args, { prisma, viewer }) => {
    const id = await findCart(prisma, { cartId: args.id ?? null, userId: findUserId(viewer) });
    return id === null ? null : { id };
  },
};

const Mutation: MutationResolvers = {
  addToCart: async (_parent, { input }, { prisma, viewer }) => {
    const { cartId } = await addToCart(prisma, {
      cartId: input.cartId ?? null,
      userId: findUserId(viewer),
      productId: parseKey(['input', 'productId'], input.productId, 'Product'),
      quantity: input.quantity,
    });
    return { cart: { id: cartId } };
  },

  setCartQuantity: async (_parent, { input }, { prisma, viewer }) => {
    const { cartId } = await setCartQuantity(prisma, {
      cartId: input.cartId ?? null,
      userId: findUserId(viewer),
      productId: parseKey(['input', 'productId'], input.productId, 'Product'),
      quantity: input.quantity,
    });
    return { cart: { id: cartId } };
  },
};

export const cartResolvers = { Query, Mutation };
