// Mercurius on Fastify with its JIT and its own loaders, and Prisma.
import Fastify from 'fastify';
import mercurius from 'mercurius';
import { announce } from './announce.mjs';
import { createPrisma } from './prisma/client.mjs';
import { findNewestOfProducts, findNewestOfUsers } from './prisma/newest-reviews.mjs';
import { findProductPage } from './prisma/pages.mjs';
import { scalars, toLabel, typeDefs } from './prisma/schema.mjs';

const [port, databaseUrl] = process.argv.slice(2);
const prisma = createPrisma(databaseUrl);
// Mercurius batches by itself, with the arguments of each call.
const byId = (model, column) => async (queries) => {
  const rows = await model.findMany({
    where: { id: { in: [...new Set(queries.map(({ obj }) => obj[column]))] } },
  });
  const found = new Map(rows.map((row) => [row.id, row]));
  return queries.map(({ obj }) => found.get(obj[column]) ?? null);
};
const newestReviews = (find) => async (queries) => {
  const most = Math.max(...queries.map(({ params }) => params.first));
  const ids = [...new Set(queries.map(({ obj }) => obj.id))];
  const lists = new Map((await find(prisma, ids, most)).map((reviews, index) => [ids[index], reviews]));
  return queries.map(({ obj, params }) => lists.get(obj.id).slice(0, params.first));
};
const app = Fastify();
await app.register(mercurius, {
  schema: typeDefs,
  jit: 1,
  resolvers: {
    ...scalars,
    Query: {
      products: (_, { first }) => prisma.product.findMany({ orderBy: { id: 'asc' }, take: first }),
      product: (_, { id }) => prisma.product.findUnique({ where: { id } }),
      category: (_, { id }) => prisma.category.findUnique({ where: { id } }),
      productPage: (_, page) => findProductPage(prisma, page),
      reviews: (_, { first }) => prisma.review.findMany({ orderBy: { id: 'asc' }, take: first }),
    },
    Category: {
      products: ({ id }, { first }) =>
        prisma.product.findMany({ where: { categoryId: id }, orderBy: { id: 'asc' }, take: first }),
    },
    Product: { label: toLabel },
  },
  loaders: {
    Product: {
      category: byId(prisma.category, 'categoryId'),
      reviews: newestReviews(findNewestOfProducts),
    },
    Review: { author: byId(prisma.user, 'userId'), product: byId(prisma.product, 'productId') },
    User: { reviews: newestReviews(findNewestOfUsers) },
  },
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
announce();
