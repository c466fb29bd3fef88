import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export const REQUEST_ID_HEADER = 'x-request-id';

// Bounded in length and alphabet: the id is echoed in a header and stands in every log line.
const ACCEPTED = /^[A-Za-z0-9._:-]{1,64}$/;

/** The id that the caller gave the request, where it is a sound one, else a new one. */
export function readRequestId(request: IncomingMessage): string {
  const given = request.headers[REQUEST_ID_HEADER];
  return typeof given === 'string' && ACCEPTED.test(given) ? given : randomUUID();
}
