import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import compress from '@fastify/compress';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Config } from '../kernel/config/config.js';
import { createRequestLineLogger, type Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { registerCrossOrigin } from './cross-origin.js';
import { type Draining, registerDraining } from './draining.js';
import { createClientErrorHandler } from './errors/client-errors.js';
import { refuseMalformedUrl, registerErrorHandlers } from './errors/http-errors.js';
import { registerRequestAccounting } from './request-accounting.js';
import { readRequestId } from './request-id.js';
import { registerSecurityHeaders, type SecurityOptions } from './security-headers.js';

/** How often slow clients are looked for, at least in a quarter of the time that they have. */
const SLOW_CLIENTS_INTERVAL_MS = 1_000;
/** Longer than the 60 s after which common load balancers give an idle connection up, so that they do it first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Sees each request before the router; whatever it doesn't answer it passes on. */
export type FrontDoor = (request: IncomingMessage, response: ServerResponse, passOn: () => void) => void;

/** Fastify with all that is the same for every route; routes are for the caller to add. */
export async function createHttpServer(options: {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** The headers of all answers, and who stands before the router; null: nobody does. */
  readonly frontDoor?: FrontDoor | null;
}): Promise<{ readonly server: FastifyInstance; readonly draining: Draining }> {
  const { config, log, metrics, frontDoor = null } = options;
  const { requestTimeoutMs, trustedProxies } = config.http;
  const server = fastify({
    loggerInstance: log as FastifyBaseLogger,
    // `registerRequestAccounting` writes the one line that there is to write.
    logController: new LogController({ disableRequestLogging: true }),
    // A child for each request is made by those who write a line, which few do.
    childLoggerFactory: (logger) => logger,
    genReqId: readRequestId,
    bodyLimit: config.http.maxBodyBytes,
    // Whose X-Forwarded-For says where a request comes from; anyone else's is what they say of themselves.
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    // Slower clients are cut, so that they can't hold connections.
    requestTimeout: requestTimeoutMs,
    serverFactory: (route) => {
      const settings = {
        requestTimeout: requestTimeoutMs,
        headersTimeout: requestTimeoutMs,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        connectionsCheckingInterval: Math.min(SLOW_CLIENTS_INTERVAL_MS, Math.ceil(requestTimeoutMs / 4)),
      };
      return createServer(settings, standBefore(route as RequestListener, frontDoor));
    },
    clientErrorHandler: createClientErrorHandler({ requestTimeoutMs }),
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    // `Draining` answers them, in the form of a GraphQL response.
    return503OnClosing: false,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: refuseMalformedUrl,
  });
  server.server.maxConnections = config.http.maxConnections;
  // Plain text is what a page on any site may post without asking; GraphQL comes as JSON.
  server.removeContentTypeParser('text/plain');

  registerErrorHandlers(server, config.http.maxBodyBytes);
  registerRequestAccounting(server, { log: createRequestLineLogger(log), metrics });
  registerSecurityHeaders(server, securityOptions(config));
  await registerCrossOrigin(server, config);
  // After those, so that its refusals have their headers, too.
  const draining = registerDraining(server);
  await server.register(compress, {
    encodings: ['br', 'gzip'],
    threshold: config.http.compressAboveBytes,
    // Bodies come plain: a compressed one could unfold to far more than the limit.
    globalDecompression: false,
  });
  return { server, draining };
}

/** What answers of all routes say to browsers. */
export function securityOptions(config: Config): SecurityOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // Meant for all hosts of a domain, so for those only who run in production, behind TLS.
    hsts: config.env === 'production',
    // Answers are for whom CORS allows; this header would keep out nobody else.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
  };
}

function standBefore(route: RequestListener, frontDoor: FrontDoor | null): RequestListener {
  if (frontDoor === null) return route;
  return (request, response) => frontDoor(request, response, () => route(request, response));
}
