// Apollo Server 5 with its own response-cache plugin, in memory or on Redis; keyed by the caller, as a server must that
// tells callers apart.
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { startStandaloneServer } from '@apollo/server/standalone';
import responseCachePlugin from '@apollo/server-plugin-response-cache';
import { KeyvAdapter } from '@apollo/utils.keyvadapter';
import KeyvRedis from '@keyv/redis';
import Keyv from 'keyv';
import { announce } from '../../servers/announce.mjs';
import { createPrisma } from '../../servers/prisma/client.mjs';
import { createLoaders } from '../../servers/prisma/loaders.mjs';
import { loadingResolvers } from '../../servers/prisma/loading-resolvers.mjs';
import { typeDefs } from '../../servers/prisma/schema.mjs';

const [port, databaseUrl, , settings] = process.argv.slice(2);
const { redisUrl = null } = JSON.parse(settings);
const prisma = createPrisma(databaseUrl);
const apollo = new ApolloServer({
  typeDefs,
  resolvers: loadingResolvers,
  cache: redisUrl === null ? undefined : new KeyvAdapter(new Keyv(new KeyvRedis(redisUrl))),
  plugins: [
    ApolloServerPluginCacheControl({ defaultMaxAge: 3_600 }),
    responseCachePlugin.default?.() ?? responseCachePlugin(),
  ],
});
await startStandaloneServer(apollo, {
  listen: { port: Number(port), host: '127.0.0.1' },
  context: async () => ({ prisma, loaders: createLoaders(prisma) }),
});
announce();
