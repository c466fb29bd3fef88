import { Readable } from 'node:stream';
import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isKnownToClient } from './caching/conditional-request.js';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/** A context that holds on to something until its request is over. */
interface EndingContext extends BaseContext {
  end(): void;
}

/** Hands a request to Apollo Server, and its answer back. The server must have been started. */
export function createApolloHandler<Context extends EndingContext>(
  apollo: ApolloServer<Context>,
  createContext: (request: FastifyRequest, reply: FastifyReply) => Context,
): Handler {
  return async (request, reply) => {
    const contextValue = createContext(request, reply);
    try {
      const { headers, body, status } = await apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: {
          method: request.method,
          headers: toHeaderMap(request.headers),
          search: findSearch(request.url),
          body: request.body,
        },
        context: async () => contextValue,
      });
      for (const [name, value] of headers) void reply.header(name, value);
      if (body.kind === 'complete' && isKnownToClient(request, headers.get('etag'))) {
        void reply.code(304).removeHeader('content-type');
        return reply.send();
      }
      void reply.code(status ?? 200);
      return body.kind === 'complete' ? body.string : Readable.from(body.asyncIterator);
    } finally {
      contextValue.end();
    }
  };
}

function toHeaderMap(headers: FastifyRequest['headers']): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}

/** From the question mark on; empty without one. */
function findSearch(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}
