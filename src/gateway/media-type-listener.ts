import type { RequestListener } from './request-listener.js';
import { chooseResponseMediaType } from './response-media-type.js';

/** Faults of a GraphQL request inside of a sound HTTP request. */
const REQUEST_ERROR_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
]);

/**
 * Names the response's media type, and with `application/json` answers 200 to a request that GraphQL refuses,
 * as GraphQL over HTTP asks: a client that knows only the older type takes any other status for an
 * intermediary's. `application/graphql-response+json` says 400.
 */
export const mediaTypeListener: RequestListener = {
  willSendResponse({ request, response }) {
    const mediaType = chooseResponseMediaType(request.http?.headers.get('accept'));
    if (mediaType === null || response.body.kind !== 'single') return;
    response.http.headers.set('content-type', `${mediaType}; charset=utf-8`);
    const { errors, data } = response.body.singleResult;
    const isRefused = data === undefined && errors?.every(isRequestError) === true;
    if (isRefused && mediaType === 'application/json' && response.http.status === 400) {
      response.http.status = 200;
    }
  },
};

function isRequestError(error: { readonly extensions?: { readonly [key: string]: unknown } }): boolean {
  return REQUEST_ERROR_CODES.has(error.extensions?.code);
}
