// GraphQL Yoga 5 with its response cache on Redis.
import { createServer } from 'node:http';
import { createRedisCache } from '@envelop/response-cache-redis';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { createSchema, createYoga } from 'graphql-yoga';
import { Redis } from 'ioredis';
import { announce } from '../../servers/announce.mjs';
import { createPrisma } from '../../servers/prisma/client.mjs';
import { createLoaders } from '../../servers/prisma/loaders.mjs';
import { loadingResolvers } from '../../servers/prisma/loading-resolvers.mjs';
import { typeDefs } from '../../servers/prisma/schema.mjs';

const [port, databaseUrl, , settings] = process.argv.slice(2);
const prisma = createPrisma(databaseUrl);
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers: loadingResolvers }),
  context: () => ({ prisma, loaders: createLoaders(prisma) }),
  plugins: [
    useResponseCache({
      session: () => null,
      ttl: 3_600_000,
      cache: createRedisCache({ redis: new Redis(JSON.parse(settings).redisUrl) }),
    }),
  ],
  graphiql: false,
  landingPage: false,
});
createServer(yoga).listen(Number(port), '127.0.0.1', announce);
