import { findProductPage } from './pages.mjs';
import { scalars, toLabel } from './schema.mjs';

/** Resolvers over Prisma, every relation through a DataLoader. Context: `{ prisma, loaders }`. */
export const loadingResolvers = {
  ...scalars,
  Query: {
    products: (_, { first }, { prisma }) => prisma.product.findMany({ orderBy: { id: 'asc' }, take: first }),
    product: (_, { id }, { loaders }) => loaders.product.load(id),
    category: (_, { id }, { loaders }) => loaders.category.load(id),
    productPage: (_, page, { prisma }) => findProductPage(prisma, page),
    reviews: (_, { first }, { prisma }) => prisma.review.findMany({ orderBy: { id: 'asc' }, take: first }),
  },
  Category: {
    // Shelves hold any number of products: of these, only what is asked for is read, shelf by shelf.
    products: ({ id }, { first }, { prisma }) =>
      prisma.product.findMany({ where: { categoryId: id }, orderBy: { id: 'asc' }, take: first }),
  },
  Product: {
    category: ({ categoryId }, _, { loaders }) => loaders.category.load(categoryId),
    reviews: ({ id }, { first }, { loaders }) => loaders.reviewsOfProduct(first).load(id),
    label: toLabel,
  },
  Review: {
    author: ({ userId }, _, { loaders }) => loaders.user.load(userId),
    product: ({ productId }, _, { loaders }) => loaders.product.load(productId),
  },
  User: {
    reviews: ({ id }, { first }, { loaders }) => loaders.reviewsOfUser(first).load(id),
  },
};
