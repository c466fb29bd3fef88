import type { IncomingMessage } from 'node:http';
import type { Bindings } from '../../binding/bindings.js';
import { ResponseCache } from '../../cache/responses/response-cache.js';
import type { AskedOperations } from '../../cache/warming/asked-operations.js';
import type { Changes } from '../../changes/changes.js';
import { includes } from '../../changes/position.js';
import type { PositionTokens } from '../../changes/position-tokens.js';
import { type Caller, Callers } from '../../identity/caller.js';
import type { ViewerReader } from '../../identity/viewer-reader.js';
import { systemClock } from '../../kernel/clock.js';
import type { Config } from '../../kernel/config/config.js';
import { createRequestLineLogger, type Logger } from '../../telemetry/logger.js';
import type { Metrics } from '../../telemetry/metrics.js';
import type { Admission } from '../admission/admission.js';
import type { CheckSampler } from '../caching/check-sampler.js';
import type { Variations } from '../caching/variations.js';
import { ViewerParts } from '../caching/viewer-part.js';
import { POSITION_HEADER } from '../changes/position-header.js';
import { createAddressReader } from '../client-address.js';
import { securityOptions } from '../create-http-server.js';
import { EXPOSED_HEADERS } from '../cross-origin.js';
import { HostCheck } from '../host-check.js';
import type { GatewayLimits } from '../limits/open-limits.js';
import { askHelmet } from '../security-headers.js';
import { CompressedBodies } from './compressed-bodies.js';
import { HitPath } from './hit-path.js';
import { HitResponder } from './hit-responder.js';
import { KnownRequests } from './known-requests.js';

export interface OpenHitPathParts {
  readonly path: string;
  readonly config: Config;
  readonly bindings: Bindings | null;
  readonly changes: Changes;
  readonly tokens: PositionTokens;
  readonly viewers: ViewerReader;
  readonly admission: Admission;
  readonly limits: GatewayLimits;
  readonly variations: Variations;
  readonly sampler: CheckSampler;
  readonly asked: AskedOperations | null;
  readonly log: Logger;
  readonly metrics: Metrics;
  isDraining(): boolean;
  isDistrusted(key: string): boolean;
}

/** The way of kept answers, and what it knows of requests. */
export function openHitPath(parts: OpenHitPathParts): {
  readonly hits: HitPath;
  readonly known: KnownRequests;
} {
  const { path, config, changes, tokens, log, metrics, limits } = parts;
  const known = new KnownRequests();
  const hosts = new HostCheck();
  const responder = new HitResponder({
    route: path,
    headers: {
      ...askHelmet(securityOptions(config)),
      // What the route says to those who name no origin.
      'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
    },
    vary: ['Origin', 'Accept', ...parts.variations.headers].join(', '),
    bodies: new CompressedBodies(config.http.compressAboveBytes),
    statusDetail: config.cache.statusDetail,
    clock: systemClock,
    log: createRequestLineLogger(log),
    metrics,
  });
  const hits = new HitPath({
    path,
    known,
    responses: new ResponseCache(changes, systemClock),
    viewers: new ViewerParts(parts.bindings),
    variations: parts.variations,
    sampler: parts.sampler,
    asked: parts.asked,
    admission: parts.admission,
    denials: limits.denials,
    responder,
    isDraining: parts.isDraining,
    isDistrusted: parts.isDistrusted,
    isSoundHost: (host) => hosts.isSound(host),
    findCaller: createCallerFinder(parts.viewers, config.http.trustedProxies),
    isInSight: ({ headers: { [POSITION_HEADER]: token } }) => {
      if (token === undefined) return true;
      const wanted = typeof token === 'string' ? tokens.read(token) : null;
      return wanted !== null && includes(changes.position, wanted);
    },
    createLimits: limits.createLimits,
  });
  return { hits, known };
}

/** Null where somebody has to be asked who it is. @throws SluiceError for credentials that don't hold */
function createCallerFinder(
  viewers: ViewerReader,
  trustedProxies: readonly string[],
): (request: IncomingMessage) => Caller | null {
  const callers = new Callers();
  const addressOf = createAddressReader(trustedProxies);
  return (request) => {
    const viewer = viewers.readViewer(request.headers);
    if ('then' in viewer) {
      // Whoever the request is passed on to waits for the same check, and tells of its failure.
      viewer.catch(() => undefined);
      return null;
    }
    return callers.find(viewer, { ip: addressOf(request), socket: request.socket });
  };
}
