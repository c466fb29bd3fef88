import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission, Entrant } from './admission.js';
import { OverloadedError } from './overloaded-error.js';

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * A handler that runs once its request is let in. The place is kept until the handler is done, also where the client has
 * gone: its operations still run. Who goes while waiting gives the place up.
 */
export function admitHandler(
  admission: Admission,
  identify: (request: FastifyRequest) => Pick<Entrant, 'caller' | 'tier'>,
  handler: Handler,
): Handler {
  return async (request, reply) => {
    const gone = new AbortController();
    const giveUp = () => gone.abort();
    reply.raw.once('close', giveUp);
    try {
      const operations = Array.isArray(request.body) ? request.body.length : 1;
      const leave = await admission.enter({ ...identify(request), operations, signal: gone.signal });
      try {
        return await handler(request, reply);
      } finally {
        leave();
      }
    } catch (error) {
      if (error instanceof OverloadedError) void reply.header('retry-after', String(error.retryAfterSeconds));
      throw error;
    } finally {
      reply.raw.off('close', giveUp);
    }
  };
}
