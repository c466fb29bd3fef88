import type { FieldCache } from '../binding/caching/field-cache.js';
import type { StaffCache } from '../binding/caching/staff-cache.js';
import type { FieldLedger } from '../binding/cost/field-ledger.js';
import type { JobDesk } from '../binding/offload/job-desk.js';
import type { RequestContext } from '../binding/request-context.js';
import type { Counters } from '../counters/counters.js';
import type { Caller } from '../identity/caller.js';
import type { SignIn } from '../identity/sign-in.js';
import type { Viewer } from '../identity/viewer.js';
import type { StaffBlocks } from '../limits/blocks/staff-blocks.js';
import type { RateLimit } from '../limits/budgets.js';
import type { RequestReads } from '../reads/request-reads.js';
import type { ReadRecorder } from '../reads/tags/read-recorder.js';
import type { Logger } from '../telemetry/logger.js';
import type { CacheDesk } from './caching/cache-desk.js';
import type { RequestCaching } from './caching/request-caching.js';
import type { Variation } from './caching/variations.js';
import type { RequestChanges } from './changes/request-changes.js';
import type { JobDesks } from './jobs/gateway-jobs.js';
import type { OperationLimits } from './limits/operation-limits.js';
import type { RequestActivity } from './request-activity.js';

/** All of a context but what is derived from it. */
export type GatewayContextParts = Omit<
  GatewayContext,
  | 'prisma'
  | 'log'
  | 'limits'
  | 'fieldLedger'
  | 'rateLimit'
  | 'recorder'
  | 'record'
  | 'tag'
  | 'cacheHint'
  | 'fieldCache'
  | 'staffCache'
  | 'jobs'
  | 'vary'
  | 'end'
>;

/** What resolvers get, and beside it what the gateway keeps for itself. */
export class GatewayContext implements RequestContext {
  readonly viewer: Viewer;
  readonly caller: Caller;
  readonly session: SignIn;
  readonly reads: RequestReads;
  readonly counters: Counters;
  /** The process's log, without anything of the request. */
  readonly baseLog: Logger;
  readonly requestId: string;
  readonly cdnUrl: string | null;
  readonly activity: RequestActivity;
  readonly changes: RequestChanges;
  readonly staffBlocks: StaffBlocks | null;
  readonly caching: RequestCaching;
  readonly cacheDesk: CacheDesk | null;
  readonly jobDesks: JobDesks | null;
  readonly variation: Variation;
  /** What was charged on the way here; null: nothing was. */
  readonly precharged: OperationLimits | null;
  /** What this operation is held to; null before it is resolved, and where nobody is held to limits. */
  limits: OperationLimits | null = null;
  /** Where is noted what the operation depends on; null: nobody wants to know. */
  recorder: ReadRecorder | null = null;
  /** What is kept of single fields; null: nothing is. */
  fieldCache: FieldCache<RequestContext> | null = null;
  private ownLog: Logger | null = null;

  constructor(parts: GatewayContextParts) {
    this.viewer = parts.viewer;
    this.caller = parts.caller;
    this.session = parts.session;
    this.reads = parts.reads;
    this.counters = parts.counters;
    this.baseLog = parts.baseLog;
    this.requestId = parts.requestId;
    this.cdnUrl = parts.cdnUrl;
    this.activity = parts.activity;
    this.changes = parts.changes;
    this.staffBlocks = parts.staffBlocks;
    this.caching = parts.caching;
    this.cacheDesk = parts.cacheDesk;
    this.jobDesks = parts.jobDesks;
    this.variation = parts.variation;
    this.precharged = parts.precharged;
  }

  // Of the class, not of the object: Apollo Server copies the context, which would make a client for every request.
  get prisma(): unknown {
    return this.changes.client;
  }

  /** From now on it is noted what the operation reads. To be called before it reads anything. */
  record(recorder: ReadRecorder): void {
    this.recorder = recorder;
    this.reads.record(recorder);
    this.changes.record(recorder);
  }

  /** Where an operation is recorded, its fields have contexts of their own, which note it. */
  tag(): void {}

  cacheHint(): void {}

  vary(name: string): string {
    return this.variation.find(name);
  }

  /** Once the request is over, however it ended. */
  end(): void {
    this.caching.end();
  }

  get staffCache(): StaffCache | null {
    return this.cacheDesk?.for(this.viewer, this.changes) ?? null;
  }

  get jobs(): JobDesk | null {
    return this.jobDesks?.for(this) ?? null;
  }

  get fieldLedger(): FieldLedger | null {
    return this.limits?.ledger ?? null;
  }

  get rateLimit(): RateLimit | null {
    return this.limits?.rateLimit ?? null;
  }

  /** Names the request in each line. Made when first used, which few requests do. */
  get log(): Logger {
    this.ownLog ??= this.baseLog.child({ requestId: this.requestId });
    return this.ownLog;
  }
}
