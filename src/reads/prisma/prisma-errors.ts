import { isNativeError } from 'node:util/types';
import { SluiceError } from '../../kernel/sluice-error.js';
import { toReadError as fromDriverError } from '../pg/pg-failure.js';

/** Prisma's names of what never reached the server, as Node calls it. */
const NODE_CODES: ReadonlyMap<string, string> = new Map([
  ['DatabaseNotReachable', 'ECONNREFUSED'],
  ['ConnectionClosed', 'ECONNRESET'],
  ['SocketTimeout', 'ETIMEDOUT'],
  ['TlsConnectionError', 'EPROTO'],
]);

/**
 * What a reader rejects with for an error of Prisma Client: a `SluiceError` where a caller or an operator can
 * mend it, else the error itself.
 */
export function toReadError(error: unknown): unknown {
  if (error instanceof SluiceError || !isNativeError(error)) return error;
  if (readProperty(error, 'code') === 'P2029') {
    return new SluiceError('LIST_TOO_LARGE', 'A filter holds more values than one statement takes.', {
      cause: error,
    });
  }
  const driverError = findDriverError(error);
  const read = fromDriverError(driverError ?? error);
  return read === driverError ? error : read;
}

/** The error as pg threw it, of which Prisma's adapter keeps code and message. */
function findDriverError(error: Error): Error | null {
  const cause = readProperty(readProperty(readProperty(error, 'meta'), 'driverAdapterError'), 'cause');
  const code = readProperty(cause, 'originalCode') ?? NODE_CODES.get(String(readProperty(cause, 'kind')));
  if (typeof code !== 'string') return null;
  return Object.assign(new Error(error.message, { cause: error }), { code });
}

function readProperty(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
