import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../telemetry/logger.js';
import type { Metrics } from '../telemetry/metrics.js';
import { createRequestActivity, type RequestActivity } from './request-activity.js';
import { REQUEST_ID_HEADER } from './request-id.js';

declare module 'fastify' {
  interface FastifyRequest {
    activity: RequestActivity;
  }
  interface FastifyContextConfig {
    /** Polled or fetched by the dozen: logged at debug only. */
    quiet?: boolean;
  }
}

const KNOWN_METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
]);

/** nginx's number for a client that went away before there was an answer. */
const CLIENT_CLOSED_REQUEST = 499;

/** Echoes the request's id, counts and times every request, and logs one line for each. */
export function registerRequestAccounting(
  server: FastifyInstance,
  { log, metrics }: { readonly log: Logger; readonly metrics: Metrics },
): void {
  server.decorateRequest('activity');
  server.addHook('onRequest', (request, reply, done) => {
    request.activity = createRequestActivity();
    void reply.header(REQUEST_ID_HEADER, request.id);
    metrics.httpInFlight.inc();
    // "close" and not Fastify's onResponse: it comes for clients that went away as well.
    reply.raw.once('close', () => {
      metrics.httpInFlight.dec();
      account(request, reply, log, metrics);
    });
    done();
  });
}

function account(request: FastifyRequest, reply: FastifyReply, log: Logger, metrics: Metrics): void {
  const method = KNOWN_METHODS.has(request.method) ? request.method : 'OTHER';
  // The pattern, not the path: clients can think of endless paths.
  const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
  const wasAnswered = reply.raw.headersSent;
  const status = wasAnswered ? reply.statusCode : CLIENT_CLOSED_REQUEST;
  const durationMs = reply.elapsedTime;
  metrics.httpRequests.inc({ method, route, status });
  metrics.httpDurationSeconds.observe({ method, route }, durationMs / 1000);

  const { activity } = request;
  const line = {
    requestId: request.id,
    method,
    route,
    status,
    durationMs: Math.round(durationMs * 10) / 10,
    ...(activity.operationType !== null && {
      operation: activity.operationName,
      operationType: activity.operationType,
      statements: activity.statements,
    }),
    ...(activity.errorCodes.size > 0 && { errorCodes: [...activity.errorCodes] }),
    ...(!reply.raw.writableFinished && { aborted: true }),
  };
  if (status >= 500) log.error(line, 'request');
  else if (request.routeOptions.config?.quiet === true) log.debug(line, 'request');
  else log.info(line, 'request');
}
