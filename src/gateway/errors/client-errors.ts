import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { ERROR_CODES } from '../../kernel/error-codes.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { findSystemCode } from '../../kernel/system-code.js';

/**
 * For Fastify's `clientErrorHandler`: answers what never became a request, in the form of every other refusal, and ends
 * the connection.
 */
export function createClientErrorHandler(options: {
  readonly requestTimeoutMs: number;
}): (error: Error, socket: Socket) => void {
  return (error, socket) => {
    const code = findSystemCode(error);
    // The client is gone, or the socket is: nobody would read an answer.
    if (code === 'ECONNRESET' || socket.destroyed) return;
    if (socket.writable) socket.write(renderRefusal(explain(code, options.requestTimeoutMs)));
    socket.destroy(error);
  };
}

function explain(code: string | null, requestTimeoutMs: number): SluiceError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new SluiceError('REQUEST_TIMEOUT', `The request did not arrive within ${requestTimeoutMs} ms`);
    case 'HPE_HEADER_OVERFLOW':
      return new SluiceError('HEADERS_TOO_LARGE', "The request's headers are larger than this server takes");
    default:
      return new SluiceError('BAD_REQUEST', 'What was sent is no HTTP request');
  }
}

function renderRefusal({ code, message }: SluiceError): string {
  const body = JSON.stringify({ errors: [{ message, extensions: { code } }] });
  const status = ERROR_CODES[code];
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
