import {
  type GraphQLRequestContextResponseForOperation,
  type GraphQLResponse,
  HeaderMap,
} from '@apollo/server';
import type { DocumentNode } from 'graphql';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { GatewayContext } from '../gateway-context.js';
import type { RequestListener } from '../request-listener.js';
import { putTogether } from './answer-pieces.js';
import { tellOutcome } from './cache-headers.js';
import type { CacheOutcome } from './cache-outcome.js';
import { EncodedData } from './encoded-data.js';
import { explainOperation } from './explanation.js';
import type { PieceAnswerer } from './piece-answerer.js';
import type { RequestCaching } from './request-caching.js';
import type { ResponseCaching } from './response-caching.js';

/**
 * Answers operations from what is kept, and keeps what is computed. Stands behind limits and positions, which hold for
 * kept answers as for others, and before whatever executes.
 */
export function createResponseCacheListener(
  caching: ResponseCaching,
  pieces: PieceAnswerer,
): RequestListener {
  return {
    async responseForOperation(state) {
      const entry = await caching.findOrBegin(state);
      if (entry !== null) return answerWith(entry);
      const { divisible, isUseless } = state.contextValue.caching;
      if (isUseless) return answerNothing();
      if (divisible !== null) await takeApart(state, divisible, pieces);
      return null;
    },
    willSendResponse({ contextValue, response, request, operationName, document, source }) {
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
      const whole = own.pieces === null ? null : putTogether(singleResult.data, own.pieces);
      if (whole !== null) singleResult.data = whole as never;
      const isSpecial = own.explains || hasExtensions(request.extensions);
      const { variables } = request;
      const noted = { query: source ?? '', variables, operationName: operationName ?? null };
      caching.note(contextValue, outcome, isSpecial ? null : noted);
      if (own.explains && own.outcome !== null && document !== undefined) {
        const lives = caching.listLives(asked(document, own), operationName ?? null, request.variables ?? {});
        const pieces = own.pieces?.explanations ?? {};
        const cache = explainOperation(own, outcome, { lives, pieces, nowMs: caching.nowMs() });
        singleResult.extensions = { ...singleResult.extensions, cache };
      }
      tellOutcome(response.http, outcome, { nowMs: caching.nowMs(), detail: caching.statusDetail });
    },
  };
}

/** The document as the client sent it, of which only the rest was executed. */
function asked(document: DocumentNode, { pieces }: RequestCaching): DocumentNode {
  return pieces?.whole ?? document;
}

/** Has those who execute compute only what no piece of the answer tells. */
async function takeApart(
  state: GraphQLRequestContextResponseForOperation<GatewayContext>,
  coerced: NonNullable<RequestCaching['divisible']>,
  pieces: PieceAnswerer,
): Promise<void> {
  const { document, operationName, request, contextValue: context } = state;
  const variables = request.variables ?? {};
  const found = await pieces.answer({ document, operationName, variables, coerced, context });
  if (found === null) return;
  const { caching } = context;
  const why = caching.outcome?.kind === 'bypass' ? caching.outcome.why : '';
  caching.outcome = { kind: 'partial', why, fields: found.outcomes };
  caching.pieces = found;
  // Apollo Server executes whatever document its state holds by then.
  (state as { document: DocumentNode }).document = found.rest;
}

/** Refused before it came to that, or introspection. */
const NOT_ASKED: CacheOutcome = { kind: 'bypass', why: 'not looked up' };

/** Whether a request asks for more than its data. */
function hasExtensions(extensions: object | undefined): boolean {
  return Object.keys(extensions ?? {}).some((name) => name !== 'persistedQuery');
}

function answerNothing(): GraphQLResponse {
  return {
    http: { status: undefined, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { data: null } },
  };
}

function answerWith({ body }: CacheEntry): GraphQLResponse {
  return {
    http: { status: undefined, headers: new HeaderMap() },
    body: { kind: 'single', singleResult: { data: new EncodedData(body.toString()) as never } },
  };
}
