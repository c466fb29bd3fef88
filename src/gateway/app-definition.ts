import type { CachePolicySettings } from '../binding/caching/policy-table.js';
import type { CacheDefinition } from '../cache/named-caches.js';
import type { VaryDefinition } from '../cache/policy/vary-definition.js';
import type { CounterDefinition } from '../counters/counter-definition.js';
import type { LoadedViewer } from '../identity/sessions/session-viewers.js';
import type { TierDefinition } from '../identity/tiers.js';
import type { JobDefinition } from '../jobs/job-definition.js';
import type { QueueName, QueueSettings } from '../jobs/queue-names.js';
import type { RollupDefinition } from '../jobs/rollups/rollup-definition.js';
import type { ScheduleDefinition } from '../jobs/schedule-definition.js';

/**
 * An app: what `src/<app>/app.ts` exports as its default. All of it is optional, as SDL that binds to models
 * needs no code.
 */
export interface AppDefinition {
  /** Resolvers of what is not bound: by type, then by field. */
  readonly resolvers?: AppResolvers;
  /** What callers may do and spend, from the least trusted, `anonymous`, to the most. Default: `DEFAULT_TIERS`. */
  readonly tiers?: readonly TierDefinition[];
  /**
   * What somebody may do who has signed in to a browser session; null where there is nobody of this id, or nobody who
   * may be signed in any more. Asked on each request, an answer being used for `SLUICE_IDENTITY_VIEWER_TTL_MS`; without
   * it there are no sessions. `prisma` is the app's Prisma Client.
   */
  readonly loadViewer?: LoadViewer;
  /** Caches that `@cachePolicy(cache:)` may name, beside `default`. */
  readonly caches?: readonly CacheDefinition[];
  /** What `@cachePolicy(vary:)` may name beside the viewer's `TIER` and `SCOPES`. */
  readonly vary?: readonly VaryDefinition[];
  /**
   * How long answers are kept, without touching SDL: by type, such as `Animal`, or by field, such as `Query.animals`. What
   * is said here counts more than what SDL says.
   */
  readonly cachePolicies?: CachePolicySettings;
  /** Columns that resolvers count up with `context.counters`, such as how often something was looked at. */
  readonly counters?: readonly CounterDefinition[];
  /** What runs in workers: the code of fields with `@offload`, by their names, and jobs with names of their own. */
  readonly jobs?: readonly JobDefinition[];
  /** Jobs that run at certain times. */
  readonly schedules?: readonly ScheduleDefinition[];
  /** Tables that sum others up, and are kept up as those change. */
  readonly rollups?: readonly RollupDefinition[];
  /** How queues are worked off, where that is not to be as usual. */
  readonly queues?: { readonly [Queue in QueueName]?: QueueSettings };
  /** Operations that are answered before a server listens, so that whoever asks first doesn't wait. At most 500. */
  readonly cacheWarming?: readonly WarmingQuery[];
  /** What `sluice demo` shows of the cache. */
  readonly cacheDemo?: CacheDemo;
  /** Fills a database that Sluice made itself; never called on any other. */
  readonly seed?: (options: SeedOptions) => Promise<void>;
  /** The first is shown when the server starts, and all are GraphiQL's tabs. */
  readonly examples?: readonly ExampleQuery[];
}

/** See `AppDefinition.loadViewer`. */
// biome-ignore lint/suspicious/noExplicitAny: the app names its own Prisma Client
export type LoadViewer = (id: string, prisma: any) => Promise<LoadedViewer | null>;

/** Resolver maps and scalars by type name. Codegen's `Resolvers` type fits. */
export type AppResolvers = { readonly [typeName: string]: object | undefined };

/** A query whose answer is kept, and how another program changes it. */
export interface CacheDemo {
  /** For anyone, without variables. */
  readonly query: string;
  /** SQL that changes the answer. */
  readonly change: string;
  /** SQL that changes it back. */
  readonly restore: string;
}

/** An operation that is worth answering before anybody asks. */
export interface WarmingQuery {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: { readonly [name: string]: unknown };
  /** Of those whom it is answered for. Default: `anonymous`. */
  readonly tier?: string;
  readonly scopes?: readonly string[];
}

/** What an app's seed is called with. */
export interface SeedOptions {
  readonly databaseUrl: string;
  /** How much: 1 is the default, 10 ten times as many rows. */
  readonly scale: number;
  /** In production nothing may be seeded that opens doors, such as passwords that anybody can look up. */
  readonly env: 'development' | 'production';
  onProgress(step: string, done: number, total: number): void;
}

/** A query worth trying first. */
export interface ExampleQuery {
  readonly name: string;
  readonly query: string;
  readonly variables?: object;
}

/** Gives an app's definition its type. */
export function defineApp(app: AppDefinition): AppDefinition {
  return app;
}
