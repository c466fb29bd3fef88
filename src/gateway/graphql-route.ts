import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import type { Position } from '../changes/position.js';
import { type Caller, Callers } from '../identity/caller.js';
import type { Viewer } from '../identity/viewer.js';
import type { Config } from '../kernel/config/config.js';
import { SluiceError } from '../kernel/sluice-error.js';
import type { Admission } from './admission/admission.js';
import { admitHandler } from './admission/admit-handler.js';
import { createApolloHandler } from './apollo-handler.js';
import { TextGuard } from './bounds/text-guard.js';
import type { GatewayContext } from './gateway-context.js';
import { GRAPHIQL_PATH } from './graphiql/graphiql-routes.js';
import { streamOf } from './hit-path/preread-body.js';
import { HostCheck } from './host-check.js';
import type { RequestViewers } from './identity/request-viewers.js';
import type { RecentDenials } from './limits/recent-denials.js';
import { markTrustworthy } from './request-forgery.js';
import { chooseResponseMediaType, prefersHtml } from './response-media-type.js';

declare module 'fastify' {
  interface FastifyRequest {
    viewer: Viewer;
    /** The viewer, and where the request comes from. */
    caller: Caller;
    /** What the client wants to see. */
    position: Position | null;
  }
}

export const GRAPHQL_PATH = '/graphql';
const ALLOWED_METHODS = 'GET, POST, OPTIONS';

/** What the route needs beside Fastify. */
export interface GraphQLRouteParts {
  readonly admission: Admission;
  /** Null: nobody is held to limits. */
  readonly denials: RecentDenials | null;
  /** Started. */
  readonly apollo: ApolloServer<GatewayContext>;
  readonly readViewer: RequestViewers;
  readonly http: Config['http'];
  /** Request headers that answers depend on, beside `Accept`. */
  readonly vary: readonly string[];
  /** @throws SluiceError `POSITION_INVALID` */
  readPosition(headers: FastifyRequest['headers']): Position | null;
  createContext(request: FastifyRequest, reply: FastifyReply): GatewayContext;
}

/** `POST` and `GET /graphql`, as GraphQL over HTTP has them. */
export function registerGraphQLRoute(server: FastifyInstance, parts: GraphQLRouteParts): void {
  const hosts = new HostCheck();
  const vary = ['Accept', ...parts.vary].join(', ');
  const texts = new TextGuard(parts.http.maxQueryTokens);
  server.decorateRequest('viewer');
  server.decorateRequest('caller');
  server.decorateRequest('position', null);
  server.route({
    method: ['GET', 'POST'],
    url: GRAPHQL_PATH,
    exposeHeadRoute: false,
    // Before the body is read: who is refused needs not send it.
    onRequest: [
      (request, reply, done) => {
        if (parts.http.graphiql && isVisit(request)) {
          void reply.redirect(GRAPHIQL_PATH);
          return;
        }
        // Whatever is kept says otherwise.
        void reply.header('cache-control', 'no-store');
        addVary(reply, vary);
        runCheck(done, () => refuseMalformedHost(request, hosts));
      },
      createViewerHook(parts.readViewer),
      (request, reply, done) =>
        runCheck(done, () => {
          refuseDenied(request, reply, parts.denials);
          refuseUnreadableAnswer(request);
          request.position = parts.readPosition(request.headers);
        }),
    ],
    // A small body may have been read already, by those who look whether its answer is kept.
    preParsing: (request, _reply, payload, done) => done(null, streamOf(request.raw, payload)),
    preHandler: (request, _reply, done) =>
      runCheck(done, () => {
        markTrustworthy(request);
        refuseUnsoundBody(request, parts.http, texts);
      }),
    handler: admitHandler(
      parts.admission,
      ({ caller, viewer }) => ({ caller: caller.key, tier: viewer.tier }),
      createApolloHandler(parts.apollo, parts.createContext),
    ),
  });
  server.route({
    method: ['HEAD', 'PUT', 'PATCH', 'DELETE'],
    url: GRAPHQL_PATH,
    handler: refuseMethod,
  });
}

/** For hooks that wait for nothing: as promises they would cost more than they do. */
function runCheck(done: (error?: Error) => void, check: () => void): void {
  try {
    check();
  } catch (error) {
    done(error as Error);
    return;
  }
  done();
}

/** Finds out who asks; at once, and without a promise, where nothing has to be waited for. */
export function createViewerHook(readViewer: RequestViewers): onRequestHookHandler {
  const callers = new Callers();
  function accept(request: FastifyRequest, viewer: Viewer): void {
    request.viewer = viewer;
    request.caller = callers.find(viewer, request);
  }
  return (request, reply, done) => {
    let viewer: Viewer | Promise<Viewer>;
    try {
      viewer = readViewer(request, reply);
    } catch (error) {
      done(error as Error);
      return;
    }
    if ('then' in viewer) {
      viewer.then((known) => accept(request, known)).then(() => done(), done);
    } else {
      accept(request, viewer);
      done();
    }
  };
}

function refuseDenied(request: FastifyRequest, reply: FastifyReply, denials: RecentDenials | null): void {
  const denial = denials?.find(request.caller) ?? null;
  if (denial === null) return;
  for (const [name, value] of denial.headers) void reply.header(name, value);
  throw denial.error;
}

// Someone opened the address in a browser, and asks nothing.
function isVisit(request: FastifyRequest): boolean {
  return request.method === 'GET' && !request.raw.url?.includes('?') && prefersHtml(request.headers.accept);
}

// Cross-origin handling has its own say in this header.
function addVary(reply: FastifyReply, name: string): void {
  const present = reply.getHeader('vary');
  void reply.header('vary', present === undefined ? name : `${String(present)}, ${name}`);
}

function refuseMethod(request: FastifyRequest, reply: FastifyReply): never {
  void reply.header('allow', ALLOWED_METHODS);
  throw new SluiceError('METHOD_NOT_ALLOWED', `${request.method} is not a way to ask here; use GET or POST`);
}

/** Whoever names no host, or none that there could be, is not asking a web server. */
function refuseMalformedHost({ hostname }: FastifyRequest, hosts: HostCheck): void {
  if (!hosts.isSound(hostname)) {
    throw new SluiceError('BAD_REQUEST', 'The Host header is missing or names no host');
  }
}

// Before executing: a mutation whose answer the client can't read must not have happened.
function refuseUnreadableAnswer(request: FastifyRequest): void {
  if (chooseResponseMediaType(request.headers.accept) === null) {
    throw new SluiceError(
      'NOT_ACCEPTABLE',
      'Answers come as application/graphql-response+json or application/json; the Accept header takes neither',
    );
  }
}

function refuseUnsoundBody(request: FastifyRequest, http: Config['http'], texts: TextGuard): void {
  const { body } = request;
  if (Array.isArray(body)) {
    if (!http.batching) {
      throw new SluiceError(
        'BAD_REQUEST',
        'Batching is off: send one operation a request, as an object (SLUICE_HTTP_BATCHING=on allows arrays)',
      );
    }
    const most = http.maxBatchOperations;
    if (body.length > most) {
      throw new SluiceError(
        'BATCH_EXCEEDED',
        `The batch has ${body.length} operations; at most ${most} are allowed.`,
      );
    }
  }
  refuseUnsoundText(request.query, texts);
  if (Array.isArray(body)) for (const part of body) refuseUnsoundText(part, texts);
  else refuseUnsoundText(body, texts);
}

function refuseUnsoundText(part: unknown, texts: TextGuard): void {
  const query: unknown = (part as { query?: unknown } | null | undefined)?.query;
  if (typeof query === 'string') texts.refuseUnsound(query);
}
