import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Callers } from '../../identity/caller.js';
import { createAbsentSignIn } from '../../identity/sign-in.js';
import type { Viewer } from '../../identity/viewer.js';
import { API_KEY_HEADER, type ViewerReader } from '../../identity/viewer-reader.js';
import type { Config } from '../../kernel/config/config.js';
import type { Logger } from '../../telemetry/logger.js';
import { RequestCaching } from '../caching/request-caching.js';
import type { Variations } from '../caching/variations.js';
import { createAddressReader } from '../client-address.js';
import type { GatewayContext } from '../gateway-context.js';
import type { GatewayContexts } from '../gateway-contexts.js';
import { createViewerHook, GRAPHQL_PATH } from '../graphql-route.js';
import { HostCheck } from '../host-check.js';
import type { RequestViewers } from '../identity/request-viewers.js';
import { createRequestActivity } from '../request-activity.js';
import { registerEventStreams } from './event-streams.js';
import { Subscriptions, type SubscriptionsParts } from './subscriptions.js';
import { type Credentials, WebSockets } from './web-sockets.js';

export const EVENT_STREAM_PATH = `${GRAPHQL_PATH}/stream`;

export interface OpenSubscriptionsParts extends SubscriptionsParts {
  readonly config: Config;
  readonly viewers: ViewerReader;
  readonly readViewer: RequestViewers;
  readonly contexts: GatewayContexts;
  readonly variations: Variations;
  readonly log: Logger;
}

/** What tells subscribers as it happens. */
export interface OpenedSubscriptions {
  /** Ends all subscriptions, tells their clients, and cuts those that don't go. */
  close(): Promise<void>;
}

/** How long a client may take to say goodbye. */
const GOODBYE_MS = 1_000;

/** Subscriptions by WebSocket at `/graphql`, and by server-sent events at `/graphql/stream`. */
export function openSubscriptions(
  server: FastifyInstance,
  parts: OpenSubscriptionsParts,
): OpenedSubscriptions {
  const { config, contexts, variations, viewers, readViewer, log } = parts;
  const subscriptions = new Subscriptions(parts);
  const callers = new Callers();
  const hosts = new HostCheck();
  const addressOf = createAddressReader(config.http.trustedProxies);
  const session = createAbsentSignIn('a subscription signs nobody in');

  function createContext(
    viewer: Viewer,
    request: IncomingMessage,
    { id, ip }: { readonly id: string; readonly ip: string | undefined },
  ): GatewayContext {
    return contexts.create(
      {
        viewer,
        caller: callers.find(viewer, { ip, socket: request.socket }),
        requestId: id,
        activity: createRequestActivity(),
        session,
        caching: new RequestCaching('subscriptions are not cached'),
        variation: variations.of(request.headers),
        precharged: null,
      },
      null,
    );
  }

  const sockets = new WebSockets({
    path: GRAPHQL_PATH,
    subscriptions,
    schema: parts.schema,
    http: config.http,
    settings: config.subscriptions,
    log,
    isSoundHost: (host) => hosts.isSound(host),
    createSubscriber: (request: IncomingMessage, said: Credentials) => ({
      async createContext() {
        const { headers } = request;
        // No cookies: any site may open a WebSocket, and a browser would send them along.
        const stated = {
          authorization: said.authorization ?? headers.authorization,
          [API_KEY_HEADER]: said[API_KEY_HEADER] ?? headers[API_KEY_HEADER],
        };
        const viewer = await viewers.readViewer(stated);
        return createContext(viewer, request, { id: 'subscription', ip: addressOf(request) });
      },
    }),
  });
  sockets.attach(server.server);
  registerEventStreams(server, {
    path: EVENT_STREAM_PATH,
    subscriptions,
    onRequest: [createViewerHook(readViewer)],
    createSubscriber: (request: FastifyRequest, reply: FastifyReply) => ({
      async createContext() {
        const { raw, id, ip } = request;
        return createContext(await readViewer(request, reply), raw, { id, ip });
      },
    }),
  });
  return {
    async close() {
      await subscriptions.close();
      await sockets.close(GOODBYE_MS);
    },
  };
}
