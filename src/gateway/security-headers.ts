import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What differs from the security headers of all other routes. */
    security?: HelmetOptions;
  }
}

/**
 * Sets helmet's headers on every response. They are the same for all requests of a route, so helmet is asked once for
 * each set of options, not once for each request, where its fifteen middlewares cost more than reading a row.
 */
export function registerSecurityHeaders(server: FastifyInstance, options: HelmetOptions): void {
  const everywhere = askHelmet(options);
  const byOptions = new Map<HelmetOptions, Record<string, string>>();
  server.addHook('onRoute', ({ config }) => {
    const own = config?.security;
    if (own !== undefined) byOptions.set(own, askHelmet({ ...options, ...own } as HelmetOptions));
  });
  server.addHook('onRequest', (request, reply, done) => {
    const own = request.routeOptions.config?.security;
    void reply.headers((own === undefined ? undefined : byOptions.get(own)) ?? everywhere);
    done();
  });
}

/** The headers that helmet would set. */
function askHelmet(options: HelmetOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  helmet(options)({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
