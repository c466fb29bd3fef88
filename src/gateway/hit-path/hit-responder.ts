import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { Clock } from '../../kernel/clock.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import {
  CACHE_STATUS_HEADER,
  findAgeSeconds,
  type StatusDetail,
  writeStatus,
} from '../caching/cache-headers.js';
import { isKnownToClient } from '../caching/conditional-request.js';
import { tellBudgets } from '../limits/limit-headers.js';
import type { OperationLimits } from '../limits/operation-limits.js';
import { accountRequest } from '../request-accounting.js';
import { createRequestActivity } from '../request-activity.js';
import { REQUEST_ID_HEADER, readRequestId } from '../request-id.js';
import type { ResponseMediaType } from '../response-media-type.js';
import type { CompressedBodies } from './compressed-bodies.js';

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

/** A kept answer for someone who may have it, at this moment. */
export interface SentHit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly entry: CacheEntry;
  readonly mediaType: ResponseMediaType;
  /** Charged; null: nobody is held to limits. */
  readonly limits: OperationLimits | null;
  readonly operationName: string | null;
  /** When the request came, by `performance.now()`. */
  readonly beganAtMs: number;
}

/** Sends kept answers with all the headers that the route would give them, and accounts for them as it does. */
export class HitResponder {
  readonly #parts: HitResponderParts;
  readonly #common: readonly string[];

  constructor(parts: HitResponderParts) {
    this.#parts = parts;
    this.#common = Object.entries(parts.headers).flat();
  }

  send(hit: SentHit): void {
    const { request, response, entry } = hit;
    const id = readRequestId(request);
    const headers = this.#listHeaders(hit, id);
    const { vary } = this.#parts;
    let status = 200;
    if (isKnownToClient(request, entry.etag)) {
      status = 304;
      headers.push('vary', vary);
      response.writeHead(status, headers).end();
    } else {
      const { bytes, encoding } = this.#parts.bodies.find(entry, header(request, 'accept-encoding'));
      headers.push('vary', encoding === null ? vary : `${vary}, accept-encoding`);
      headers.push('content-type', `${hit.mediaType}; charset=utf-8`, 'content-length', String(bytes.length));
      if (encoding !== null) headers.push('content-encoding', encoding);
      response.writeHead(status, headers).end(bytes);
    }
    this.#account(hit, id, status);
  }

  #listHeaders({ entry, limits }: SentHit, id: string): string[] {
    const nowMs = this.#parts.clock.nowMs();
    const headers = [
      ...this.#common,
      ...[REQUEST_ID_HEADER, id, 'cache-control', 'private, no-cache'],
      ...['etag', entry.etag, 'age', String(findAgeSeconds(entry, nowMs))],
    ];
    const { statusDetail } = this.#parts;
    if (statusDetail !== 'off') {
      const outcome = { kind: 'hit', entry, tier: 'memory', isStale: false } as const;
      headers.push(CACHE_STATUS_HEADER, writeStatus(outcome, nowMs, statusDetail));
    }
    const decision = limits?.decision ?? null;
    if (decision !== null) {
      tellBudgets({ headers: { set: (name: string, value: string) => headers.push(name, value) } }, decision);
    }
    return headers;
  }

  #account({ request, response, operationName, beganAtMs }: SentHit, id: string, status: number): void {
    const { metrics, log, route } = this.#parts;
    const activity = createRequestActivity();
    activity.operationName = operationName;
    activity.operationType = 'query';
    activity.cache = 'hit';
    metrics.operations.inc({ type: 'query', outcome: 'ok' });
    metrics.cache.responses.inc({ outcome: 'hit' });
    accountRequest(
      {
        id,
        method: request.method ?? 'POST',
        route,
        status,
        durationMs: performance.now() - beganAtMs,
        activity,
        isAborted: response.destroyed,
        isQuiet: false,
      },
      log,
      metrics,
    );
  }
}

function header({ headers }: IncomingMessage, name: 'accept-encoding'): string | undefined {
  const value: string | string[] | undefined = headers[name];
  return Array.isArray(value) ? value.join() : value;
}
