import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** Helmet's options that are used here. */
export interface SecurityOptions {
  readonly contentSecurityPolicy?: {
    readonly useDefaults: false;
    readonly directives: { readonly [directive: string]: readonly string[] };
  };
  readonly hsts?: boolean;
  readonly crossOriginResourcePolicy?: { readonly policy: 'cross-origin' };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What differs from the security headers of all other routes. */
    security?: SecurityOptions;
  }
}

/**
 * Sets helmet's headers on every response. They are the same for all requests of a route, so helmet is asked once for
 * each set of options, not once for each request, where its fifteen middlewares cost more than reading a row.
 */
export function registerSecurityHeaders(server: FastifyInstance, options: SecurityOptions): void {
  const everywhere = askHelmet(options);
  const byOptions = new Map<SecurityOptions, Record<string, string>>();
  server.addHook('onRoute', ({ config }) => {
    const own = config?.security;
    if (own !== undefined) byOptions.set(own, askHelmet({ ...options, ...own }));
  });
  server.addHook('onRequest', (request, reply, done) => {
    const own = request.routeOptions.config?.security;
    void reply.headers((own === undefined ? undefined : byOptions.get(own)) ?? everywhere);
    done();
  });
}

type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

// Helmet's own type of its options is a union of 65,536: comparing one with it takes the compiler half a minute.
const createHelmet = helmet as unknown as (options: SecurityOptions) => Middleware;

/** The headers that helmet would set, by their names in lower case. */
export function askHelmet(options: SecurityOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => undefined,
  };
  createHelmet(options)({} as IncomingMessage, response as unknown as ServerResponse, (error) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
