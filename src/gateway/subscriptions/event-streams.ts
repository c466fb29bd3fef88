import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify';
import { createHandler } from 'graphql-sse/lib/use/fastify';
import { SluiceError } from '../../kernel/sluice-error.js';
import { takesMediaType } from '../response-media-type.js';
import type { Subscriber, Subscriptions } from './subscriptions.js';

const EVENT_STREAM = 'text/event-stream';

export interface EventStreamsParts {
  readonly path: string;
  readonly subscriptions: Subscriptions;
  /** Finds out who asks. */
  readonly onRequest: readonly onRequestHookHandler[];
  createSubscriber(request: FastifyRequest, reply: FastifyReply): Subscriber;
}

/** `GET` and `POST` of server-sent events, as graphql-sse has them in its distinct connections mode. */
export function registerEventStreams(server: FastifyInstance, parts: EventStreamsParts): void {
  const handle = createHandler({
    // Each subscription is a request of its own.
    authenticate: () => null,
    async onSubscribe({ raw, context }, { query, operationName, variables }) {
      const opened = await parts.subscriptions.open(
        { query, operationName: operationName ?? null, variables: variables ?? {} },
        parts.createSubscriber(raw, context.reply),
      );
      // As an event, since a browser's EventSource tells of no other answer.
      return 'errors' in opened ? ({ data: null, ...opened } as object) : opened.stream;
    },
    onNext: (_ours, { context }) => untilThereIsRoom(context.reply.raw),
  });
  server.route({
    method: ['GET', 'POST'],
    url: parts.path,
    exposeHeadRoute: false,
    onRequest: [...parts.onRequest],
    handler: async (request, reply) => {
      if (!takesMediaType(request.headers.accept, EVENT_STREAM)) {
        throw new SluiceError(
          'NOT_ACCEPTABLE',
          `Subscriptions are sent as ${EVENT_STREAM} here, which the Accept header doesn't take`,
        );
      }
      // graphql-sse knows these very words, and nothing that means the same.
      request.headers.accept = EVENT_STREAM;
      // Proxies that gather what they pass on would hold events back.
      void reply.header('x-accel-buffering', 'no');
      await handle(request as never, reply as never);
    },
  });
}

/** graphql-sse would take events as fast as they come, and keep them for those who read slowly. */
async function untilThereIsRoom(response: ServerResponse): Promise<void> {
  // The event before has been written by then.
  await new Promise((resolve) => setImmediate(resolve));
  if (!response.writableNeedDrain) return;
  await new Promise<void>((resolve) => {
    const goOn = () => {
      response.off('drain', goOn).off('close', goOn);
      resolve();
    };
    response.on('drain', goOn).on('close', goOn);
  });
}
