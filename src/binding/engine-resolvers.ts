import { GraphQLScalarType, type GraphQLSchema, isObjectType } from 'graphql';
import type { Purge } from '../cache/purging/purge.js';
import type { CacheStatistics } from '../cache/stores/tiered-cache.js';
import { badUserInput, SluiceError } from '../kernel/sluice-error.js';
import type { BlockRecord } from '../limits/blocks/blocks.js';
import type { StaffBlocks } from '../limits/blocks/staff-blocks.js';
import type { AskedWarming, StaffCache } from './caching/staff-cache.js';
import { findJobs } from './offload/bind-offload.js';
import type { ListedJobs } from './offload/job-desk.js';
import type { RequestContext } from './request-context.js';
import type { FieldResolver, Resolvers, SubscriptionResolver } from './resolvers.js';
import type { EngineRoot } from './sdl/engine-fields.js';
import type { RootFields } from './sdl/engine-sdl.js';

/** Blocks that one query lists, at most. */
const MAX_BLOCKS = 1_000;

/** Resolvers of the fields that the engine's SDL adds to an app's roots, by field. */
const ROOT_RESOLVERS: {
  readonly [Root in EngineRoot]: { readonly [fieldName: string]: FieldResolver | SubscriptionResolver };
} = {
  Query: {
    viewer: (_parent, _args, { viewer }) => viewer,
    rateLimit: (_parent, _args, { rateLimit = null }) => rateLimit,
    caches: (_parent, _args, { staffCache = null }) => staffCache?.list().map(showCache) ?? null,
    rateLimitBlocks: async (_parent, { first }: { readonly first: number }, context) => {
      if (first < 1 || first > MAX_BLOCKS)
        throw badUserInput(['first'], `must lie between 1 and ${MAX_BLOCKS}`);
      return (await findBlocks(context).list(context.viewer, first)).map(showBlock);
    },
    job: (_parent, { id }: { readonly id: string }, context) => findJobs(context).find(id),
    jobs: (_parent, asked: Partial<ListedJobs> & Pick<ListedJobs, 'first'>, context) =>
      findJobs(context).list({ queue: null, states: null, ...asked }),
    jobQueues: (_parent, _args, context) => findJobs(context).listQueues(),
  },
  Mutation: {
    purgeCache: (_parent, asked: Purge, context) => findCache(context).purge(asked),
    warmCache: (_parent, { operations, recorded }: WarmArguments, context) =>
      findCache(context).warm(operations, recorded),
    liftRateLimitBlock: (_parent, { subject }: { readonly subject: string }, context) =>
      findBlocks(context).lift(context.viewer, subject),
    cancelJob: (_parent, { id }: { readonly id: string }, context) => findJobs(context).cancel(id),
    retryJob: (_parent, { id }: { readonly id: string }, context) => findJobs(context).retry(id),
  },
  Subscription: {
    jobUpdated: {
      subscribe: (_parent, { id }: { readonly id: string }, context) => findJobs(context).watch(id),
      resolve: (job) => job,
    },
  },
};

interface WarmArguments {
  readonly operations: readonly AskedWarming[];
  readonly recorded: number;
}

/** The app's resolvers, and the engine's for those of its fields that the schema has. */
export function withEngineResolvers(
  schema: GraphQLSchema,
  resolvers: Resolvers,
  engineFields: RootFields,
): Resolvers {
  const roots = {
    Query: schema.getQueryType(),
    Mutation: schema.getMutationType(),
    Subscription: schema.getSubscriptionType(),
  };
  const added: Record<string, Resolvers[string]> = {};
  for (const [root, type] of Object.entries(roots) as [EngineRoot, unknown][]) {
    if (!isObjectType(type)) continue;
    const written = resolvers[type.name];
    // A scalar in the place of an object's resolvers is a fault that is told elsewhere.
    if (written instanceof GraphQLScalarType) continue;
    const own = Object.entries(ROOT_RESOLVERS[root]).filter(([name]) => engineFields[root].has(name));
    if (own.length > 0) added[type.name] = { ...Object.fromEntries(own), ...written };
  }
  return { ...resolvers, ...added };
}

function findCache({ staffCache = null }: RequestContext): StaffCache {
  if (staffCache === null)
    throw new SluiceError(
      'NOT_FOUND',
      'Nothing is kept here, so there is nothing to purge or to fill (SLUICE_CACHE)',
    );
  return staffCache;
}

function showCache({ maxAgeSeconds, ...cache }: CacheStatistics): object {
  return { ...cache, maxAge: maxAgeSeconds };
}

function findBlocks({ staffBlocks = null }: RequestContext): StaffBlocks {
  if (staffBlocks === null)
    throw new SluiceError(
      'NOT_FOUND',
      'Nobody is held to limits here (SLUICE_LIMITS=off), so nobody is blocked',
    );
  return staffBlocks;
}

function showBlock({ subject, blockedAtMs, untilMs, rules, lifted }: BlockRecord): object {
  return {
    subject,
    rules,
    blockedAt: new Date(blockedAtMs).toISOString(),
    until: new Date(untilMs).toISOString(),
    liftedAt: lifted === null ? null : new Date(lifted.atMs).toISOString(),
    liftedBy: lifted?.by ?? null,
  };
}
