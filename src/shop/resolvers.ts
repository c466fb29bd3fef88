import type { AppResolvers } from '../index.js';
import { accountResolvers } from './account/account-resolvers.js';
import { cartResolvers } from './cart/cart-resolvers.js';
import { orderResolvers } from './order/order-resolvers.js';
import { productResolvers } from './product/product-resolvers.js';
import { searchResolvers } from './product/search-resolvers.js';
import { reviewResolvers } from './review/review-resolvers.js';

/** All that the SDL asks for and no model answers by itself. */
export const resolvers: AppResolvers = {
  Query: { ...cartResolvers.Query, ...searchResolvers.Query },
  Mutation: {
    ...accountResolvers.Mutation,
    ...cartResolvers.Mutation,
    ...orderResolvers.Mutation,
    ...productResolvers.Mutation,
    ...reviewResolvers.Mutation,
  },
  Product: productResolvers.Product,
  ProductImage: productResolvers.ProductImage,
};
