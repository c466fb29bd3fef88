import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERROR_CODES, type ErrorCode } from '../../kernel/error-codes.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { createRequestActivity } from '../request-activity.js';
import { chooseResponseMediaType } from '../response-media-type.js';

/** What Fastify's own refusals are called here, by status. */
const CODE_BY_STATUS: { readonly [status: number]: ErrorCode } = {
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
};

/**
 * Answers whatever fails outside of GraphQL's execution in the form of a GraphQL response, so that a client
 * of any kind can read it: `{"errors":[{"message":…,"extensions":{"code":…}}]}`.
 */
export function registerErrorHandlers(server: FastifyInstance, maxBodyBytes: number): void {
  server.setErrorHandler<FastifyError | SluiceError>((error, request, reply) => {
    const refusal = explainError(error, maxBodyBytes);
    if (refusal !== null) return sendRefusal(request, reply, refusal);
    const errorId = randomUUID();
    request.log.error({ requestId: request.id, err: error, errorId }, 'A request met an internal error');
    return sendError(request, reply, 500, 'Internal server error', {
      code: 'INTERNAL_SERVER_ERROR',
      errorId,
    });
  });
  server.setNotFoundHandler((request, reply) =>
    sendRefusal(request, reply, new SluiceError('NOT_FOUND', `There is nothing at ${request.method} here`)),
  );
}

/** For Fastify's `frameworkErrors`: it meets these before there are hooks or anything else of ours. */
export function refuseMalformedUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  request.activity = createRequestActivity();
  void sendRefusal(request, reply, new SluiceError('BAD_REQUEST', error.message));
}

/** Answers with a foreseen error; its code decides the status. */
export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  { code, message }: SluiceError,
): FastifyReply {
  if (code === 'UNAUTHENTICATED') void reply.header('www-authenticate', createChallenge(request, message));
  return sendError(request, reply, ERROR_CODES[code], message, { code });
}

/** RFC 6750, 3: `error` is for those who tried a token. */
function createChallenge({ headers }: FastifyRequest, message: string): string {
  const realm = 'Bearer realm="sluice"';
  if (headers.authorization?.slice(0, 7).toLowerCase() !== 'bearer ') return realm;
  // What a description may hold; some of a message comes from the token.
  const description = message.replaceAll('"', "'").replaceAll(/[^\x20-\x7E]|\\/g, '?');
  return `${realm}, error="invalid_token", error_description="${description}"`;
}

function sendError(
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  message: string,
  extensions: { readonly code: ErrorCode; readonly errorId?: string },
): FastifyReply {
  request.activity.errorCodes.add(extensions.code);
  const mediaType = chooseResponseMediaType(request.headers.accept) ?? 'application/json';
  return reply
    .code(status)
    .header('content-type', `${mediaType}; charset=utf-8`)
    .send(JSON.stringify({ errors: [{ message, extensions }] }));
}

function explainError(error: FastifyError | SluiceError, maxBodyBytes: number): SluiceError | null {
  if (error instanceof SluiceError) return error;
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return null;
  const code = CODE_BY_STATUS[status] ?? 'BAD_REQUEST';
  switch (code) {
    case 'PAYLOAD_TOO_LARGE':
      return new SluiceError(code, `The request's body is larger than ${maxBodyBytes} bytes`);
    case 'UNSUPPORTED_MEDIA_TYPE':
      return new SluiceError(code, 'The request needs the header "content-type: application/json"');
    default:
      return new SluiceError(code, error.message);
  }
}
