import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { ERROR_CODES } from '../../kernel/error-codes.js';
import type { SluiceError } from '../../kernel/sluice-error.js';

/**
 * The error that refuses a whole operation before it runs, with the status of its code. Thrown as it is, Apollo Server
 * would take it for its own defect.
 */
export function refuseOperation(error: SluiceError, retryAfterSeconds: number | null = null): GraphQLError {
  const headers = new HeaderMap();
  if (retryAfterSeconds !== null) headers.set('retry-after', String(retryAfterSeconds));
  return new GraphQLError(error.message, {
    extensions: { code: error.code, http: { status: ERROR_CODES[error.code], headers } },
  });
}
