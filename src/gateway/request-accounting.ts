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
  const wasAnswered = reply.raw.headersSent;
  accountRequest(
    {
      id: request.id,
      method: KNOWN_METHODS.has(request.method) ? request.method : 'OTHER',
      // The pattern, not the path: clients can think of endless paths.
      route: request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown'),
      status: wasAnswered ? reply.statusCode : CLIENT_CLOSED_REQUEST,
      durationMs: reply.elapsedTime,
      activity: request.activity,
      isAborted: !reply.raw.writableFinished,
      isQuiet: request.routeOptions.config?.quiet === true,
    },
    log,
    metrics,
  );
}

/** A request that is over, as it is counted and logged. */
export interface AccountedRequest {
  readonly id: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
  readonly activity: RequestActivity;
  /** The client went away before the answer's end. */
  readonly isAborted: boolean;
  readonly isQuiet: boolean;
}

/** Counts a request and writes its line. */
function accountRequest(request: AccountedRequest, log: Logger, metrics: Metrics): void {
  const { method, route, status } = request;
  metrics.httpRequests.inc({ method, route, status });
  timeRequest(request, metrics);
  logRequest(request, log);
}

export function timeRequest({ method, route, durationMs }: AccountedRequest, metrics: Metrics): void {
  metrics.httpDurationSeconds.observe({ method, route }, durationMs / 1000);
}

export function logRequest(request: AccountedRequest, log: Logger): void {
  const { id, method, route, status, durationMs, activity } = request;
  // Field by field: what is spread is made twice, at each request.
  const line: Record<string, unknown> = { requestId: id, method, route, status };
  line.durationMs = Math.round(durationMs * 10) / 10;
  if (activity.operationType !== null) {
    line.operation = activity.operationName;
    line.operationType = activity.operationType;
    line.statements = activity.statements;
  }
  if (activity.cache !== null) line.cache = activity.cache;
  if (activity.errorCodes.size > 0) line.errorCodes = [...activity.errorCodes];
  if (request.isAborted) line.aborted = true;
  if (status >= 500) log.error(line, 'request');
  else if (request.isQuiet) log.debug(line, 'request');
  else log.info(line, 'request');
}
