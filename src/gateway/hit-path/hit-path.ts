import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CacheEntry } from '../../cache/entries/cache-entry.js';
import type { ResponseCache } from '../../cache/responses/response-cache.js';
import type { AskedOperations } from '../../cache/warming/asked-operations.js';
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
import { notePreread, prereadBody } from './preread-body.js';

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
  /** Who remembers what is asked; null: nobody. */
  readonly asked: Pick<AskedOperations, 'count'> | null;
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
  readonly caller: Caller;
  readonly mediaType: ResponseMediaType;
  /** By `performance.now()`. */
  readonly beganAtMs: number;
}

/** A request that is known, of a caller who is. */
interface Asked extends Exchange {
  readonly known: KnownRequest;
  readonly key: string;
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
    const exchange = this.#findExchange(request, response);
    // Who is refused needs not send the body.
    if (exchange === null) passOn();
    else if (request.method === 'GET') this.#answer(exchange, request.url ?? '', passOn);
    else {
      prereadBody(request, (body) =>
        this.#answer(exchange, body.toString('latin1'), () => {
          notePreread(request, body);
          passOn();
        }),
      );
    }
  }

  /** Null: it isn't plain, or it isn't plain who asks. */
  #findExchange(request: IncomingMessage, response: ServerResponse): Exchange | null {
    const parts = this.#parts;
    if (!isEligible(request, parts.path) || !parts.isSoundHost(request.headers.host ?? '')) return null;
    if (parts.isDraining()) return null;
    const beganAtMs = performance.now();
    const caller = this.#findCaller(request);
    const mediaType = chooseResponseMediaType(request.headers.accept);
    if (caller === null || mediaType === null) return null;
    return { request, response, caller, mediaType, beganAtMs };
  }

  #answer(exchange: Exchange, text: string, passOn: PassOn): void {
    const asked = this.#findAsked(exchange, text);
    if (asked === null) {
      passOn();
      return;
    }
    const entry = this.#findEntry(asked);
    const { known, key } = asked;
    if (entry !== null) this.#enter(asked, entry, passOn);
    else if (!known.cache.isShared || this.#parts.isDistrusted(key)) passOn();
    else {
      // What another node has kept comes to memory by being looked for.
      void this.#parts.responses
        .lookUp(known.cache, key, known.group)
        .then(
          (found) => this.#enter(asked, found.kind === 'hit' ? this.#recheck(found.entry) : null, passOn),
          passOn,
        );
    }
  }

  /** Who asks what; null: that isn't known. */
  #findAsked(exchange: Exchange, text: string): Asked | null {
    const { request, response, caller, mediaType, beganAtMs } = exchange;
    const known = this.#parts.known.find(text);
    if (known === null) return null;
    const forWhom = this.#findForWhom(request, caller, known);
    if (forWhom === null || !this.#parts.isInSight(request)) return null;
    return { request, response, caller, mediaType, beganAtMs, known, key: known.key + forWhom };
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

  /** May be served as it is, until something is waited for. What is past its time is for those who compute it again. */
  #findEntry({ known, key }: Asked): CacheEntry | null {
    const found = this.#parts.responses.find(known.cache, key);
    return found === null || found.isStale ? null : found.entry;
  }

  /** As `#findEntry`, of what was found before a wait; memory may have let go of it meanwhile. */
  #recheck(entry: CacheEntry): CacheEntry | null {
    return this.#parts.responses.isServable(entry) ? entry : null;
  }

  #enter(asked: Asked, entry: CacheEntry | null, passOn: PassOn): void {
    const { caller } = asked;
    if (entry === null || this.#parts.sampler.isDue()) {
      passOn();
      return;
    }
    let leave: Leave | null;
    try {
      leave = this.#parts.admission.tryEnter({ caller: caller.key, tier: caller.viewer.tier });
    } catch {
      // Overloaded, which is for the others to tell.
      leave = null;
    }
    if (leave === null) passOn();
    else this.#charge(asked, entry, { leave, passOn });
  }

  #charge(
    asked: Asked,
    entry: CacheEntry,
    { leave, passOn }: { readonly leave: Leave; readonly passOn: PassOn },
  ): void {
    const { request, known, caller } = asked;
    const limits = known.cost === null ? null : this.#parts.createLimits(caller);
    // What was decided stands in `limits`, for those who word it.
    const passOnCharged = () => {
      if (limits !== null) charged.set(request, limits);
      leave();
      passOn();
    };
    let charging: void | Promise<void>;
    try {
      charging = limits?.charge(known.cost);
    } catch {
      passOnCharged();
      return;
    }
    const send = (found: CacheEntry) => {
      try {
        this.#parts.responder.send(asked, found, limits);
        this.#parts.asked?.count(asked.key);
      } finally {
        leave();
      }
    };
    if (charging === undefined) send(entry);
    else {
      void charging.then(() => {
        const found = this.#recheck(entry);
        return found === null ? passOnCharged() : send(found);
      }, passOnCharged);
    }
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
