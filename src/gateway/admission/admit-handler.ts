import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Admission, Entrant, Leave } from './admission.js';
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
    const operations = Array.isArray(request.body) ? request.body.length : 1;
    const entrant = { ...identify(request), operations };
    // Who needn't wait needn't be watched either, and costs no promise.
    const entered = tryEnter(admission, entrant, reply) ?? waitToEnter(admission, entrant, reply);
    const leave = typeof entered === 'function' ? entered : await entered;
    try {
      return await handler(request, reply);
    } finally {
      leave();
    }
  };
}

function tryEnter(admission: Admission, entrant: Entrant, reply: FastifyReply): Leave | null {
  try {
    return admission.tryEnter(entrant);
  } catch (error) {
    throw tellRetry(error, reply);
  }
}

async function waitToEnter(admission: Admission, entrant: Entrant, reply: FastifyReply): Promise<Leave> {
  const gone = new AbortController();
  const giveUp = () => gone.abort();
  reply.raw.once('close', giveUp);
  try {
    return await admission.enter({ ...entrant, signal: gone.signal });
  } catch (error) {
    throw tellRetry(error, reply);
  } finally {
    reply.raw.off('close', giveUp);
  }
}

function tellRetry(error: unknown, reply: FastifyReply): unknown {
  if (error instanceof OverloadedError) void reply.header('retry-after', String(error.retryAfterSeconds));
  return error;
}
