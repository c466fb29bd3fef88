import type { Position } from '../changes/position.js';
import type { Counters } from '../counters/counters.js';
import { Callers } from '../identity/caller.js';
import { createAbsentSignIn, type SignIn } from '../identity/sign-in.js';
import type { Viewer } from '../identity/viewer.js';
import type { StaffBlocks } from '../limits/blocks/staff-blocks.js';
import type { RequestReads } from '../reads/request-reads.js';
import type { Logger } from '../telemetry/logger.js';
import type { CacheDesk } from './caching/cache-desk.js';
import { RequestCaching } from './caching/request-caching.js';
import type { Variation } from './caching/variations.js';
import { RequestChanges, type RequestChangesParts } from './changes/request-changes.js';
import { GatewayContext, type GatewayContextParts } from './gateway-context.js';
import type { JobDesks } from './jobs/gateway-jobs.js';
import { createRequestActivity, type RequestActivity } from './request-activity.js';

export interface GatewayContextsParts {
  readonly changes: RequestChangesParts;
  readonly staffBlocks: StaffBlocks | null;
  /** Null: nothing is kept. */
  readonly cacheDesk: CacheDesk | null;
  /** Null: nothing runs in the background. */
  readonly jobDesks: JobDesks | null;
  readonly counters: Counters;
  readonly cdnUrl: string | null;
  readonly log: Logger;
  createReads(activity: RequestActivity, viewer: Viewer): RequestReads;
}

/** What a request brings along for its context. */
export type AskedContext = Pick<
  GatewayContextParts,
  'viewer' | 'caller' | 'requestId' | 'activity' | 'variation' | 'caching' | 'precharged'
> & { readonly session: SignIn };

/** Makes the contexts of operations. */
export class GatewayContexts {
  readonly #parts: GatewayContextsParts;
  readonly #callers = new Callers();

  constructor(parts: GatewayContextsParts) {
    this.#parts = parts;
  }

  /** `position`: what the client wants to see; null: it doesn't say. */
  create(asked: AskedContext, position: Position | null): GatewayContext {
    return this.#create(asked, (onWrite) => new RequestChanges(this.#parts.changes, position, onWrite));
  }

  #create(asked: AskedContext, createChanges: (onWrite: () => void) => RequestChanges): GatewayContext {
    const { staffBlocks, cacheDesk, jobDesks, counters, cdnUrl, log, createReads } = this.#parts;
    const reads = createReads(asked.activity, asked.viewer);
    const changes = createChanges(() => reads.clear());
    return new GatewayContext({
      ...{ ...asked, reads, counters, staffBlocks, cacheDesk, jobDesks, cdnUrl, changes },
      baseLog: log,
    });
  }

  /** For a viewer whose answer is computed again, while they have been given the one that was kept. */
  createBackground(context: GatewayContext, mode: 'refresh' | 'check'): GatewayContext {
    const own = fork(context, createRequestActivity(), new RequestCaching(null, { mode }));
    return this.create(own, null);
  }

  /** For a viewer who hasn't asked anything. */
  createUnasked(viewer: Viewer, variation: Variation): GatewayContext {
    const caller = this.#callers.find(viewer, { ip: undefined, socket: {} });
    const origin = { viewer, caller, variation, requestId: 'warming' };
    return this.create(
      fork(origin, createRequestActivity(), new RequestCaching(null, { mode: 'warm' })),
      null,
    );
  }

  /** For a piece of an operation, which is recorded by itself. What it writes, the operation has written. */
  createPiece(context: GatewayContext): GatewayContext {
    const { explains } = context.caching;
    const asked = fork(context, context.activity, new RequestCaching(null, { explains }));
    const own = this.#create(asked, (onWrite) => context.changes.fork(onWrite));
    own.limits = context.limits;
    return own;
  }
}

function fork(
  {
    viewer,
    caller,
    variation,
    requestId,
  }: Pick<GatewayContext, 'viewer' | 'caller' | 'variation' | 'requestId'>,
  activity: RequestActivity,
  caching: RequestCaching,
): AskedContext {
  const session = createAbsentSignIn('what is kept for others signs nobody in');
  return { viewer, caller, variation, requestId, activity, caching, session, precharged: null };
}
