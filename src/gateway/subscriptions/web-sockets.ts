import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type FormattedExecutionResult, GraphQLError, type GraphQLSchema } from 'graphql';
import { CloseCode, type Context, makeServer } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../../kernel/config/config.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { Logger } from '../../telemetry/logger.js';
import type { SubscriptionStream } from './subscription-stream.js';
import type { Subscriber, Subscriptions } from './subscriptions.js';

export interface WebSocketsParts {
  readonly path: string;
  readonly subscriptions: Subscriptions;
  readonly schema: GraphQLSchema;
  readonly http: Config['http'];
  readonly settings: Config['subscriptions'];
  readonly log: Logger;
  isSoundHost(host: string): boolean;
  /** Whoever opened a connection, by what they say in its first message, or in the request that opened it. */
  createSubscriber(request: IncomingMessage, said: Credentials): Subscriber;
}

/** What the first message of a connection says of its sender. */
export type Credentials = { readonly [name: string]: string };

interface Extra {
  readonly request: IncomingMessage;
  subscriber: Subscriber | null;
  [key: PropertyKey]: unknown;
}

type Connection = Context<Record<string, unknown>, Extra>;

const PROTOCOL = 'graphql-transport-ws';
const GOING_AWAY = 1001;
/** Whoever sends more than this in one piece sends no subscription. */
const MAX_MESSAGE_BYTES = 262_144;

/** Connections by the protocol `graphql-transport-ws`. */
export class WebSockets {
  readonly #parts: WebSocketsParts;
  readonly #sockets: WebSocketServer;
  readonly #server: ReturnType<typeof makeServer<Record<string, unknown>, Extra>>;

  constructor(parts: WebSocketsParts) {
    this.#parts = parts;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: Math.min(parts.http.maxBodyBytes, MAX_MESSAGE_BYTES),
      handleProtocols: (offered) => (offered.has(PROTOCOL) ? PROTOCOL : false),
    });
    this.#server = makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: parts.http.requestTimeoutMs,
      onConnect: (connection) => this.#admit(connection),
      onSubscribe: (connection, _id, payload) => this.#subscribe(connection, payload),
      subscribe: ({ rootValue }) => rootValue as SubscriptionStream as never,
      // Errors are written as they are told elsewhere, too.
      onNext: (_connection, _id, _payload, _args, result) => result as FormattedExecutionResult,
    });
  }

  /** Takes the connections of a server. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** Tells all that this server is going, and cuts those that don't go. */
  async close(timeoutMs: number): Promise<void> {
    const { clients } = this.#sockets;
    for (const client of clients) client.close(GOING_AWAY, 'This server is shutting down');
    const untilMs = performance.now() + timeoutMs;
    while (clients.size > 0 && performance.now() < untilMs)
      await new Promise((resolve) => setTimeout(resolve, 10));
    for (const client of clients) client.terminate();
    this.#sockets.close();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { path, settings, isSoundHost } = this.#parts;
    socket.on('error', () => socket.destroy());
    const fault = !isSoundHost(request.headers.host ?? '')
      ? '400 Bad Request'
      : request.url?.split('?', 1)[0] !== path
        ? '404 Not Found'
        : this.#sockets.clients.size >= settings.maxPerNode
          ? '503 Service Unavailable'
          : null;
    if (fault !== null) {
      socket.end(`HTTP/1.1 ${fault}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (client) => this.#open(client, request));
  }

  #open(client: WebSocket, request: IncomingMessage): void {
    const { log, settings } = this.#parts;
    client.on('error', (error) => log.debug({ err: error }, 'A WebSocket broke'));
    const stopPinging = keepAlive(client, settings.keepAliveMs);
    const closed = this.#server.opened(
      {
        protocol: client.protocol,
        // Awaited before the next event is taken: who reads slowly is sent less, not later.
        send: (text) =>
          new Promise((resolve, reject) => {
            if (client.readyState !== WebSocket.OPEN) resolve();
            else client.send(text, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => client.close(code, reason),
        onMessage: (handle) => {
          client.on('message', (data) => {
            handle(String(data)).catch((error: unknown) => {
              log.error({ err: error }, 'A message of a subscriber met an internal error');
              client.close(CloseCode.InternalServerError, 'Internal server error');
            });
          });
        },
      },
      { request, subscriber: null },
    );
    client.once('close', (code, reason) => {
      stopPinging();
      void closed(code, String(reason));
    });
  }

  /** False: its credentials don't hold, and the connection is closed (4403). */
  async #admit({ extra, connectionParams }: Connection): Promise<boolean> {
    const subscriber = this.#parts.createSubscriber(extra.request, readCredentials(connectionParams ?? {}));
    try {
      const context = await subscriber.createContext();
      context.end();
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'UNAUTHENTICATED') return false;
      throw error;
    }
    extra.subscriber = subscriber;
    return true;
  }

  async #subscribe({ extra }: Connection, payload: SubscribePayload) {
    const { subscriptions, schema } = this.#parts;
    // Nobody is listened to before they are admitted.
    if (extra.subscriber === null) return [new GraphQLError('Unauthorized')];
    const opened = await subscriptions.open(
      {
        query: payload.query,
        operationName: payload.operationName ?? null,
        variables: payload.variables ?? {},
      },
      extra.subscriber,
    );
    if ('errors' in opened)
      return opened.errors.map(({ message, extensions }) => new GraphQLError(message, { extensions }));
    // What `subscribe` gives is there already.
    const { document, stream } = opened;
    return { schema, document, operationName: payload.operationName, rootValue: stream };
  }
}

interface SubscribePayload {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** Names are those of headers, in any case. */
function readCredentials(params: Readonly<Record<string, unknown>>): Credentials {
  const said = Object.entries(params).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return Object.fromEntries(said.map(([name, value]) => [name.toLowerCase(), value]));
}

/** Whoever doesn't answer before the next ping is gone. */
function keepAlive(client: WebSocket, intervalMs: number): () => void {
  let isAlive = true;
  client.on('pong', () => {
    isAlive = true;
  });
  const timer = setInterval(() => {
    if (!isAlive) {
      client.terminate();
      return;
    }
    isAlive = false;
    client.ping();
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
