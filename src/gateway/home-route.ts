import type { FastifyInstance } from 'fastify';
import { GRAPHIQL_PATH } from './graphiql/graphiql-routes.js';
import { GRAPHQL_PATH } from './graphql-route.js';
import { prefersHtml } from './response-media-type.js';

/** `/`: people are led to GraphiQL, programs get a list of what there is. */
export function registerHomeRoute(server: FastifyInstance, options: { readonly hasGraphiql: boolean }): void {
  server.get('/', async (request, reply) => {
    void reply.header('cache-control', 'no-cache').header('vary', 'Accept');
    if (options.hasGraphiql && prefersHtml(request.headers.accept)) return reply.redirect(GRAPHIQL_PATH);
    return {
      name: 'Sluice',
      links: {
        graphql: GRAPHQL_PATH,
        ...(options.hasGraphiql && { graphiql: GRAPHIQL_PATH }),
        live: '/livez',
        ready: '/readyz',
        metrics: '/metrics',
      },
    };
  });
}
