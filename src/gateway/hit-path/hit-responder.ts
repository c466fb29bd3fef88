import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { Clock } from '../../kernel/clock.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import { TurnCounter } from '../../telemetry/turn-counter.js';
import {
  CACHE_STATUS_HEADER,
  findAgeSeconds,
  type StatusDetail,
  writeFreshHit,
} from '../caching/cache-headers.js';
import { isKnownToClient } from '../caching/conditional-request.js';
import { tellBudgets } from '../limits/limit-headers.js';
import type { OperationLimits } from '../limits/operation-limits.js';
import { logRequest, timeRequest } from '../request-accounting.js';
import { createRequestActivity } from '../request-activity.js';
import { REQUEST_ID_HEADER, readRequestId } from '../request-id.js';
import type { ResponseMediaType } from '../response-media-type.js';
import type { CompressedBodies, SentBody } from './compressed-bodies.js';
import type { KnownRequest } from './known-requests.js';

export interface HitResponderParts {
  readonly route: string;
  /** Those that all answers have, by their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the route says its answers depend on. */
  readonly vary: string;
  readonly bodies: CompressedBodies;
  readonly statusDetail: StatusDetail;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Whom a kept answer is for. */
export interface Recipient {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly mediaType: ResponseMediaType;
  readonly known: Pick<KnownRequest, 'operationName'>;
  /** When the request came, by `performance.now()`. */
  readonly beganAtMs: number;
}

/** Sends kept answers with all the headers that the route would give them, and accounts for them as it does. */
export class HitResponder {
  readonly #parts: HitResponderParts;
  readonly #common: readonly string[];
  readonly #operations: TurnCounter<'type' | 'outcome'>;
  readonly #hits: TurnCounter<'outcome'>;
  /** By method and status. */
  readonly #requests = new Map<string, TurnCounter<'method' | 'route' | 'status'>>();

  constructor(parts: HitResponderParts) {
    this.#parts = parts;
    // A browser may keep the answer, and asks each time whether it still holds.
    this.#common = [...Object.entries(parts.headers).flat(), 'cache-control', 'private, no-cache'];
    this.#operations = new TurnCounter(parts.metrics.operations, { type: 'query', outcome: 'ok' });
    this.#hits = new TurnCounter(parts.metrics.cache.responses, { outcome: 'hit' });
  }

  /** Of someone who may have it, at this moment. `limits`: charged; null: nobody is held to limits. */
  send(recipient: Recipient, entry: CacheEntry, limits: OperationLimits | null): void {
    const { request, response } = recipient;
    const id = readRequestId(request);
    const isKnown = isKnownToClient(request, entry.etag);
    const body = isKnown ? null : this.#parts.bodies.find(entry, header(request, 'accept-encoding'));
    const status = body === null ? 304 : 200;
    response.writeHead(status, this.#listHeaders(recipient, { entry, limits, id, body }));
    if (body === null) response.end();
    else response.end(body.bytes);
    this.#account(recipient, id, status);
  }

  #listHeaders(
    { mediaType }: Recipient,
    {
      entry,
      limits,
      id,
      body,
    }: { entry: CacheEntry; limits: OperationLimits | null; id: string; body: SentBody | null },
  ): string[] {
    const { vary, statusDetail, clock } = this.#parts;
    const nowMs = clock.nowMs();
    const headers = [
      REQUEST_ID_HEADER,
      id,
      'etag',
      entry.etag,
      'age',
      String(findAgeSeconds(entry, nowMs)),
      'vary',
    ];
    if (body === null) headers.push(vary);
    else {
      headers.push(
        body.encoding === null ? vary : `${vary}, accept-encoding`,
        'content-type',
        `${mediaType}; charset=utf-8`,
        'content-length',
        String(body.bytes.length),
      );
      if (body.encoding !== null) headers.push('content-encoding', body.encoding);
    }
    if (statusDetail !== 'off') headers.push(CACHE_STATUS_HEADER, writeFreshHit(entry, nowMs));
    const decision = limits?.decision ?? null;
    if (decision !== null) {
      tellBudgets({ headers: { set: (name: string, value: string) => headers.push(name, value) } }, decision);
    }
    return this.#common.concat(headers);
  }

  #account({ request, response, known, beganAtMs }: Recipient, id: string, status: number): void {
    const { metrics, log, route } = this.#parts;
    const activity = createRequestActivity();
    activity.operationName = known.operationName;
    activity.operationType = 'query';
    activity.cache = 'hit';
    const method = request.method ?? 'POST';
    const durationMs = performance.now() - beganAtMs;
    const isAborted = response.destroyed;
    const accounted = { id, method, route, status, durationMs, activity, isAborted, isQuiet: false };
    this.#operations.inc();
    this.#hits.inc();
    this.#countRequest(method, status);
    timeRequest(accounted, metrics);
    logRequest(accounted, log);
  }

  #countRequest(method: string, status: number): void {
    const name = `${method} ${status}`;
    let counter = this.#requests.get(name);
    if (counter === undefined) {
      const { metrics, route } = this.#parts;
      counter = new TurnCounter(metrics.httpRequests, { method, route, status });
      this.#requests.set(name, counter);
    }
    counter.inc();
  }
}

function header({ headers }: IncomingMessage, name: 'accept-encoding'): string | undefined {
  const value: string | string[] | undefined = headers[name];
  return Array.isArray(value) ? value.join() : value;
}
