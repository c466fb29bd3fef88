import type { RequestContext } from '../binding/request-context.js';
import type { Viewer } from '../identity/viewer.js';
import type { RequestReads } from '../reads/request-reads.js';
import type { Logger } from '../telemetry/logger.js';
import type { RequestChanges } from './changes/request-changes.js';
import type { RequestActivity } from './request-activity.js';

/** All of a context but what is derived from it. */
export type GatewayContextParts = Omit<GatewayContext, 'prisma'>;

/** What resolvers get, and beside it what the gateway keeps for itself. */
export class GatewayContext implements RequestContext {
  readonly viewer: Viewer;
  readonly reads: RequestReads;
  readonly log: Logger;
  readonly requestId: string;
  readonly cdnUrl: string | null;
  readonly activity: RequestActivity;
  readonly changes: RequestChanges;

  constructor(parts: GatewayContextParts) {
    this.viewer = parts.viewer;
    this.reads = parts.reads;
    this.log = parts.log;
    this.requestId = parts.requestId;
    this.cdnUrl = parts.cdnUrl;
    this.activity = parts.activity;
    this.changes = parts.changes;
  }

  // Of the class, not of the object: Apollo Server copies the context, which would make a client for every request.
  get prisma(): unknown {
    return this.changes.client;
  }
}
