// GraphQL Yoga 5 on node:http, with DataLoader and Prisma.
import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { announce } from './announce.mjs';
import { createPrisma } from './prisma/client.mjs';
import { createLoaders } from './prisma/loaders.mjs';
import { loadingResolvers } from './prisma/loading-resolvers.mjs';
import { typeDefs } from './prisma/schema.mjs';

const [port, databaseUrl] = process.argv.slice(2);
const prisma = createPrisma(databaseUrl);
const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers: loadingResolvers }),
  context: () => ({ prisma, loaders: createLoaders(prisma) }),
  graphiql: false,
  landingPage: false,
});
createServer(yoga).listen(Number(port), '127.0.0.1', announce);
