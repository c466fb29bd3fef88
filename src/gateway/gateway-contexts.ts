import { createAbsentSignIn, type SignIn } from '../identity/sign-in.js';
import type { Viewer } from '../identity/viewer.js';
import type { StaffBlocks } from '../limits/blocks/staff-blocks.js';
import type { RequestReads } from '../reads/request-reads.js';
import type { Logger } from '../telemetry/logger.js';
import { RequestCaching } from './caching/request-caching.js';
import { RequestChanges, type RequestChangesParts } from './changes/request-changes.js';
import { GatewayContext, type GatewayContextParts } from './gateway-context.js';
import { createRequestActivity, type RequestActivity } from './request-activity.js';

export interface GatewayContextsParts {
  readonly changes: RequestChangesParts;
  readonly staffBlocks: StaffBlocks | null;
  readonly cdnUrl: string | null;
  readonly log: Logger;
  createReads(activity: RequestActivity, viewer: Viewer): RequestReads;
}

/** What a request brings along for its context. */
export type AskedContext = Pick<
  GatewayContextParts,
  'viewer' | 'caller' | 'requestId' | 'activity' | 'variation' | 'caching' | 'precharged'
> & { readonly session: SignIn; readonly position: ConstructorParameters<typeof RequestChanges>[1] };

/** Makes the contexts of operations. */
export class GatewayContexts {
  readonly #parts: GatewayContextsParts;

  constructor(parts: GatewayContextsParts) {
    this.#parts = parts;
  }

  create({ position, ...asked }: AskedContext): GatewayContext {
    const { changes, staffBlocks, cdnUrl, log, createReads } = this.#parts;
    const reads = createReads(asked.activity, asked.viewer);
    return new GatewayContext({
      ...asked,
      reads,
      staffBlocks,
      cdnUrl,
      baseLog: log,
      changes: new RequestChanges(changes, position, () => reads.clear()),
    });
  }

  /** For a viewer whose answer is computed again, while they have been given the one that was kept. */
  createBackground(context: GatewayContext, mode: 'refresh' | 'check'): GatewayContext {
    return this.#fork(context, createRequestActivity(), new RequestCaching(null, { mode }));
  }

  /** For a piece of an operation, which is recorded by itself. */
  createPiece(context: GatewayContext): GatewayContext {
    const { explains } = context.caching;
    const own = this.#fork(context, context.activity, new RequestCaching(null, { explains }));
    own.limits = context.limits;
    return own;
  }

  #fork(
    { viewer, caller, variation, requestId }: GatewayContext,
    activity: RequestActivity,
    caching: RequestCaching,
  ): GatewayContext {
    const session = createAbsentSignIn('what is kept for others signs nobody in');
    const own = { viewer, caller, variation, requestId, activity, caching, session };
    return this.create({ ...own, precharged: null, position: null });
  }
}
