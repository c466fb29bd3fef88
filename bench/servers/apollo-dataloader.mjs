// Apollo Server 5 as its documentation starts it, with DataLoader and Prisma.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { announce } from './announce.mjs';
import { createPrisma } from './prisma/client.mjs';
import { createLoaders } from './prisma/loaders.mjs';
import { loadingResolvers } from './prisma/loading-resolvers.mjs';
import { typeDefs } from './prisma/schema.mjs';

const [port, databaseUrl] = process.argv.slice(2);
const prisma = createPrisma(databaseUrl);
await startStandaloneServer(new ApolloServer({ typeDefs, resolvers: loadingResolvers }), {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: async () => ({ prisma, loaders: createLoaders(prisma) }),
});
announce();
