import type { DynamicHint } from '../cache/policy/cache-policy.js';
import type { Counters } from '../counters/counters.js';
import type { SignIn } from '../identity/sign-in.js';
import type { Viewer } from '../identity/viewer.js';
import type { StaffBlocks } from '../limits/blocks/staff-blocks.js';
import type { RateLimit } from '../limits/budgets.js';
import type { RequestReads } from '../reads/request-reads.js';
import type { ReadRecorder } from '../reads/tags/read-recorder.js';
import type { Logger } from '../telemetry/logger.js';
import type { FieldCache } from './caching/field-cache.js';
import type { StaffCache } from './caching/staff-cache.js';
import type { FieldLedger } from './cost/field-ledger.js';
import type { JobDesk } from './offload/job-desk.js';

/** What every resolver gets as its third argument; made anew for each request. `Client` is the app's Prisma Client. */
export interface RequestContext<Client = unknown> {
  readonly viewer: Viewer;
  /** Signs the browser that asks in and out. */
  readonly session: SignIn;
  /** Notes what is written through it: loaders forget what they read, and everybody is told before the answer. */
  readonly prisma: Client;
  /** The request's own loaders: never shared, gone with the request. */
  readonly reads: RequestReads;
  readonly log: Logger;
  readonly requestId: string;
  /** `SLUICE_HTTP_CDN_URL` without a trailing slash, or null. */
  readonly cdnUrl: string | null;
  /** Counts columns up that many count at a time: see `AppDefinition.counters`. */
  readonly counters: Counters;
  /** What was decided of fields' own limits; null or left out: nobody is held to them. */
  readonly fieldLedger?: FieldLedger | null;
  /** What the operation was charged, and what its caller has left; null or left out: nobody is held to limits. */
  readonly rateLimit?: RateLimit | null;
  /** Who is shut out, for staff; null or left out: nobody is held to limits. */
  readonly staffBlocks?: StaffBlocks | null;
  /**
   * Declares what the answer depends on where Sluice can't see it, such as raw SQL or another service: tags as the change
   * log has them (`Animal:7`, `Animal+`, `Animal~`), or names of your own that you purge. Without it such an answer is
   * never kept.
   */
  tag(...tags: readonly string[]): void;
  /** Makes the answer's life in the cache shorter, or its scope narrower, than hints say; never the other way round. */
  cacheHint(hint: DynamicHint): void;
  /**
   * What the request says of something that the app registered for answers to differ by, such as its language.
   *
   * @throws TypeError for a name that isn't registered
   */
  vary(name: string): string;
  /** The caches, for staff; null or left out: nothing is kept. */
  readonly staffCache?: StaffCache | null;
  /** What is done in the background; null or left out: nothing is. */
  readonly jobs?: JobDesk | null;
  /** What is kept of single fields; null or left out: nothing is. */
  readonly fieldCache?: FieldCache<RequestContext> | null;
  /** Where is noted what the operation depends on; null or left out: nobody wants to know. */
  readonly recorder?: ReadRecorder | null;
}
