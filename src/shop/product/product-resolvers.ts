import type { MutationResolvers, ProductImageResolvers, ProductResolvers } from '../../generated/graphql.js';
import { parseKey } from '../input/global-id.js';
import { findUserId } from '../viewer/acting-user.js';
import { changeProduct } from './change-product.js';
import { createProduct } from './create-product.js';
import { deleteProduct } from './delete-product.js';
import { recordProductView } from './record-product-view.js';

const Product: ProductResolvers = {
  averageRating: ({ ratingSum, ratingCount }) => (ratingCount === 0 ? null : ratingSum / ratingCount),
};

const ProductImage: ProductImageResolvers = {
  url: ({ url }, _args, { cdnUrl }) => `${cdnUrl ?? ''}${url}`,
};

const Mutation: MutationResolvers = {
  createProduct: async (_parent, { input }, { prisma }) => {
    const categoryId = parseKey(['input', 'categoryId'], input.categoryId, 'Category');
    return { product: await createProduct(prisma, { ...input, categoryId }) };
  },

  updateProduct: async (_parent, { input }, { prisma }) => {
    const { id, categoryId, ...changes } = input;
    const key = parseKey(['input', 'id'], id, 'Product');
    const category =
      typeof categoryId === 'string' ? parseKey(['input', 'categoryId'], categoryId, 'Category') : categoryId;
    return { product: await changeProduct(prisma, key, { ...changes, categoryId: category }) };
  },

  deleteProduct: async (_parent, { input }, { prisma }) => {
    await deleteProduct(prisma, parseKey(['input', 'id'], input.id, 'Product'));
    return { deletedProductId: input.id };
  },

  recordProductView: async (_parent, { input }, context) => {
    const productId = parseKey(['input', 'productId'], input.productId, 'Product');
    await recordProductView(context, { productId, userId: findUserId(context.viewer) });
    return { product: { id: productId } };
  },
};

export const productResolvers = { Product, ProductImage, Mutation };
