// Apollo Server 5 and Prisma, each field asking for what it needs, without DataLoader. (Prisma itself joins findUnique
// calls of one tick.)
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { announce } from './announce.mjs';
import { createPrisma } from './prisma/client.mjs';
import { findProductPage } from './prisma/pages.mjs';
import { NEWEST_FIRST, scalars, toLabel, typeDefs } from './prisma/schema.mjs';

const [port, databaseUrl] = process.argv.slice(2);
const prisma = createPrisma(databaseUrl);
const inKeyOrder = { orderBy: { id: 'asc' } };
const resolvers = {
  ...scalars,
  Query: {
    products: (_, { first }) => prisma.product.findMany({ ...inKeyOrder, take: first }),
    product: (_, { id }) => prisma.product.findUnique({ where: { id } }),
    category: (_, { id }) => prisma.category.findUnique({ where: { id } }),
    productPage: (_, page) => findProductPage(prisma, page),
    reviews: (_, { first }) => prisma.review.findMany({ ...inKeyOrder, take: first }),
  },
  Category: {
    products: ({ id }, { first }) =>
      prisma.product.findMany({ where: { categoryId: id }, ...inKeyOrder, take: first }),
  },
  Product: {
    category: ({ categoryId }) => prisma.category.findUnique({ where: { id: categoryId } }),
    reviews: ({ id }, { first }) =>
      prisma.review.findMany({ where: { productId: id }, orderBy: NEWEST_FIRST, take: first }),
    label: toLabel,
  },
  Review: {
    author: ({ userId }) => prisma.user.findUnique({ where: { id: userId } }),
    product: ({ productId }) => prisma.product.findUnique({ where: { id: productId } }),
  },
  User: {
    reviews: ({ id }, { first }) =>
      prisma.review.findMany({ where: { userId: id }, orderBy: NEWEST_FIRST, take: first }),
  },
};
await startStandaloneServer(new ApolloServer({ typeDefs, resolvers }), {
  listen: { port: Number(port), host: '127.0.0.1' },
});
announce();
