import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { ResponseCache } from '../../cache/responses/response-cache.js';
import type { Caller } from '../../identity/caller.js';
import type { Admission, Leave } from '../admission/admission.js';
import type { CheckSampler } from '../caching/check-sampler.js';
import type { Variations } from '../caching/variations.js';
import type { ViewerParts } from '../caching/viewer-part.js';
import type { OperationLimits } from '../limits/operation-limits.js';
import type { RecentDenials } from '../limits/recent-denials.js';
import { chooseResponseMediaType, type ResponseMediaType } from '../response-media-type.js';
import { isEligible } from './eligible-request.js';
import type { HitResponder } from './hit-responder.js';
import type { KnownRequest, KnownRequests } from './known-requests.js';
import { prereadBody } from './preread-body.js';

export interface HitPathParts {
  readonly path: string;
  readonly known: KnownRequests;
  readonly responses: ResponseCache;
  readonly viewers: ViewerParts;
  readonly variations: Variations;
  readonly sampler: CheckSampler;
  readonly admission: Admission;
  /** Null: nobody is held to limits. */
  readonly denials: RecentDenials | null;
  readonly responder: HitResponder;
  isDraining(): boolean;
  /** Whether a check found what was kept under the key to differ from what was computed. */
  isDistrusted(key: string): boolean;
  isSoundHost(host: string): boolean;
  /** Null: it takes more than a look at the headers. @throws SluiceError */
  findCaller(request: IncomingMessage): Caller | null;
  /** Whether this node has come to where the request says that its client is. */
  isInSight(request: IncomingMessage): boolean;
  /** Null: nobody is held to limits. */
  createLimits(caller: Caller): OperationLimits | null;
}

type PassOn = () => void;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** By `performance.now()`. */
  readonly beganAtMs: number;
}

/** A request that is known, of a caller who is. */
interface Hit extends Exchange {
  readonly known: KnownRequest;
  readonly key: string;
  readonly caller: Caller;
  readonly mediaType: ResponseMediaType;
}

const charged = new WeakMap<IncomingMessage, OperationLimits>();

/** What was charged for a request before it was passed on: it is not charged twice. */
export function findCharged(request: IncomingMessage): OperationLimits | null {
  return charged.get(request) ?? null;
}

/**
 * Answers what is kept in memory, ahead of the router: viewer, blocks, admission, charge, validity, bytes. It refuses
 * nobody. Whatever isn't plain, and whoever is to be refused, is passed on to those who know how to say it.
 */
export class HitPath {
  readonly #parts: HitPathParts;

  constructor(parts: HitPathParts) {
    this.#parts = parts;
  }

  handle(request: IncomingMessage, response: ServerResponse, passOn: PassOn): void {
    const isPlain =
      isEligible(request, this.#parts.path) && this.#parts.isSoundHost(request.headers.host ?? '');
    if (!isPlain || this.#parts.isDraining()) {
      passOn();
      return;
    }
    const beganAtMs = performance.now();
    if (request.method === 'GET') {
      this.#answer({ request, response, beganAtMs }, request.url ?? '', passOn);
      return;
    }
    // Who is refused needs not send the body.
    if (this.#findCaller(request) === null) {
      passOn();
      return;
    }
    prereadBody(request, (body) =>
      this.#answer({ request, response, beganAtMs }, body.toString('latin1'), passOn),
    );
  }

  #answer(exchange: Exchange, text: string, passOn: PassOn): void {
    const asked = this.#findAsked(exchange, text);
    if (asked === null) {
      passOn();
      return;
    }
    if (this.#isKept(asked)) {
      this.#enter(asked, passOn);
      return;
    }
    // What another node has kept comes to memory by being looked for.
    if (!asked.known.cache.isShared || this.#parts.isDistrusted(asked.key)) passOn();
    else
      void this.#parts.responses
        .lookUp(asked.known.cache, asked.key, asked.known.group)
        .then(() => (this.#isKept(asked) ? this.#enter(asked, passOn) : passOn()), passOn);
  }

  #enter(hit: Hit, passOn: PassOn): void {
    let leave: Leave | null;
    try {
      const { caller } = hit;
      leave = this.#parts.admission.tryEnter({ caller: caller.key, tier: caller.viewer.tier });
    } catch {
      // Overloaded, which is for the others to tell.
      leave = null;
    }
    if (leave === null) passOn();
    else void this.#charge(hit, passOn).finally(leave);
  }

  #isKept({ known, key }: Hit): boolean {
    return this.#findEntry(known, key) !== null && !this.#parts.sampler.isDue();
  }

  /** Who asks what; null: that isn't known, or isn't plain. */
  #findAsked(exchange: Exchange, text: string): Hit | null {
    const { request } = exchange;
    const known = this.#parts.known.find(text);
    if (known === null) return null;
    const caller = this.#findCaller(request);
    const mediaType = chooseResponseMediaType(request.headers.accept);
    if (caller === null || mediaType === null) return null;
    const forWhom = this.#findForWhom(request, caller, known);
    if (forWhom === null || !this.#parts.isInSight(request)) return null;
    return { ...exchange, known, key: known.key + forWhom, caller, mediaType };
  }

  #findForWhom({ headers }: IncomingMessage, { viewer }: Caller, { policy }: KnownRequest): string | null {
    const { viewers, variations } = this.#parts;
    try {
      return viewers.find(viewer, policy, variations.of(headers));
    } catch {
      // What the app registered can't be read, which is for the others to tell.
      return null;
    }
  }

  async #charge(hit: Hit, passOn: PassOn): Promise<void> {
    const { request, known, caller } = hit;
    const limits = known.cost === null ? null : this.#parts.createLimits(caller);
    if (limits !== null) {
      charged.set(request, limits);
      try {
        await limits.charge(known.cost);
      } catch {
        // What was decided stands in `limits`, for those who word it.
        passOn();
        return;
      }
    }
    // Once more, after the wait.
    const entry = this.#findEntry(known, hit.key);
    if (entry === null) passOn();
    else this.#parts.responder.send({ ...hit, entry, limits, operationName: known.operationName });
  }

  /** What may be served as it is. What is past its time is for those who compute it again. */
  #findEntry({ cache }: KnownRequest, key: string): CacheEntry | null {
    const found = this.#parts.responses.find(cache, key);
    return found === null || found.isStale ? null : found.entry;
  }

  #findCaller(request: IncomingMessage): Caller | null {
    try {
      const caller = this.#parts.findCaller(request);
      if (caller === null || this.#parts.denials?.find(caller)) return null;
      return caller;
    } catch {
      // Credentials that don't hold, which is for the others to tell.
      return null;
    }
  }
}
