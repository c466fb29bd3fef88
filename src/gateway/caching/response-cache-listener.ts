import { type GraphQLResponse, HeaderMap } from '@apollo/server';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { RequestListener } from '../request-listener.js';
import { tellOutcome } from './cache-headers.js';
import type { CacheOutcome } from './cache-outcome.js';
import { EncodedData } from './encoded-data.js';
import type { ResponseCaching } from './response-caching.js';

/**
 * Answers operations from what is kept, and keeps what is computed. Stands behind limits and positions, which hold for
 * kept answers as for others, and before whatever executes.
 */
export function createResponseCacheListener(caching: ResponseCaching): RequestListener {
  return {
    async responseForOperation(state) {
      const entry = await caching.findOrBegin(state);
      return entry === null ? null : answerWith(entry);
    },
    willSendResponse({ contextValue, response, request, operationName }) {
      const { caching: own } = contextValue;
      if (response.body.kind !== 'single') {
        own.end();
        return;
      }
      const { singleResult } = response.body;
      const kept = caching.finish(contextValue, singleResult);
      if (kept !== null) {
        singleResult.data = new EncodedData(kept.body) as never;
        if (kept.isSpare) {
          singleResult.errors = undefined;
          response.http.status = undefined;
        }
      }
      const outcome = own.outcome ?? NOT_ASKED;
      caching.note(contextValue, outcome, hasExtensions(request.extensions), operationName);
      tellOutcome(response.http, outcome, { nowMs: caching.nowMs(), detail: caching.statusDetail });
    },
  };
}

/** Refused before it came to that, or introspection. */
const NOT_ASKED: CacheOutcome = { kind: 'bypass', why: 'not looked up' };

/** Whether a request asks for more than its data. */
function hasExtensions(extensions: object | undefined): boolean {
  return Object.keys(extensions ?? {}).some((name) => name !== 'persistedQuery');
}

function answerWith({ body }: CacheEntry): GraphQLResponse {
  return {
    http: { status: undefined, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { data: new EncodedData(body.toString()) as never } },
  };
}
