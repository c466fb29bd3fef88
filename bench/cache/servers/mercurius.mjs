// Mercurius with its JIT, and mercurius-cache on Redis for the fields at the top and the relations.
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import mercurius from 'mercurius';
import cache from 'mercurius-cache';
import { announce } from '../../servers/announce.mjs';
import { createPrisma } from '../../servers/prisma/client.mjs';
import { createLoaders } from '../../servers/prisma/loaders.mjs';
import { loadingResolvers } from '../../servers/prisma/loading-resolvers.mjs';
import { typeDefs } from '../../servers/prisma/schema.mjs';

const [port, databaseUrl, , settings] = process.argv.slice(2);
const prisma = createPrisma(databaseUrl);
const app = Fastify();
await app.register(mercurius, {
  schema: typeDefs,
  jit: 1,
  resolvers: loadingResolvers,
  context: () => ({ prisma, loaders: createLoaders(prisma) }),
});
await app.register(cache, {
  ttl: 3_600,
  storage: { type: 'redis', options: { client: new Redis(JSON.parse(settings).redisUrl) } },
  policy: {
    Query: { products: true, product: true },
    Product: { category: true, reviews: true },
    Review: { author: true },
  },
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
announce();
