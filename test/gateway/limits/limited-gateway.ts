import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { bindApi } from '../../../src/binding/bind-schema.js';
import { signDevelopmentToken } from '../../../src/identity/development-token.js';
import { type TierDefinition, Tiers } from '../../../src/identity/tiers.js';
import { type Answer, type AskOptions, type SmallGateway, startSmallGateway } from '../small-gateway.js';

const SECRET = 'a secret of at least thirty-two characters';

const SDL = /* GraphQL */ `
  type Query {
    hello: String!
    dear: String! @cost(weight: "90")
    many(first: Int = 5): [Thing!]! @listSize(slicingArguments: ["first"])
    search(text: String!): String! @rateLimit(limit: 3, duration: 3600, tiers: [{ tier: "premium", limit: 5 }])
  }
  type Thing { name: String! }
  type Mutation { bump: Int! }
`;

/** Small enough to come to their ends, in windows that don't pass meanwhile. */
export const SMALL_TIERS: readonly TierDefinition[] = [
  {
    name: 'anonymous',
    windows: [
      { limit: 6, seconds: 3_600 },
      { limit: 5, seconds: 600 },
    ],
    costPerMinute: 150,
    maxOperationCost: 100,
  },
  {
    name: 'premium',
    windows: [{ limit: 20, seconds: 86_400 }],
    costPerMinute: 1_000,
    maxOperationCost: 500,
  },
  {
    name: 'staff',
    windows: [],
    costPerMinute: 10_000,
    maxOperationCost: 10_000,
    isStaff: true,
  },
];

export interface LimitedGateway extends SmallGateway {
  /** How many resolvers ran. */
  readonly runs: () => number;
  /** Asks from an address of one's own. */
  from(address: string, query: string, options?: AskOptions): Promise<Answer & { readonly extensions?: any }>;
  as(
    id: string,
    tier: string,
    query: string,
    options?: AskOptions,
  ): Promise<Answer & { readonly extensions?: any }>;
}

/** A gateway that enforces small limits. `redisUrl` null: in its own memory. */
export async function startLimitedGateway(
  env: Record<string, string> = {},
  {
    redisUrl = null,
    place = randomUUID(),
  }: { readonly redisUrl?: string | null; readonly place?: string } = {},
): Promise<LimitedGateway> {
  let runs = 0;
  const run =
    <Value>(value: Value) =>
    () => {
      runs += 1;
      return value;
    };
  const graph = { hash: '', models: new Map(), enums: new Map() };
  const { schema, bindings, costs, compiler } = bindApi({
    sdl: [{ path: 'limited.graphql', text: SDL }],
    graph,
    limits: { defaultPageRows: 10, maxPageRows: 100 },
    tiers: new Tiers(SMALL_TIERS),
    resolvers: {
      Query: { hello: run('hello'), dear: run('dear'), search: run('found'), many: run([{ name: 'thing' }]) },
      Mutation: { bump: run(1) },
    },
  });
  const redis = redisUrl === null ? null : new Redis(redisUrl);
  // One that isn't connected yet counts as lost.
  await redis?.ping();
  const gateway = await startSmallGateway(
    {
      ...{ SLUICE_LIMITS: 'enforce', SLUICE_IDENTITY_JWT_SECRET: SECRET },
      ...{ SLUICE_HTTP_TRUSTED_PROXIES: '127.0.0.1', SLUICE_HTTP_BATCHING: 'on' },
      ...{ SLUICE_LIMITS_REDIS_DEADLINE_MS: '10000', ...env },
    },
    { schema, bindings, costs, compiler, graph, redis, place, app: { tiers: SMALL_TIERS } },
  );
  return {
    ...gateway,
    runs: () => runs,
    from: (address, query, options = {}) =>
      gateway.ask(query, { ...options, headers: { 'x-forwarded-for': address, ...options.headers } }),
    async as(viewerId, tier, query, options = {}) {
      const token = await signDevelopmentToken({ secret: SECRET, viewerId, tier });
      return gateway.ask(query, {
        ...options,
        headers: { authorization: `Bearer ${token}`, ...options.headers },
      });
    },
    async close() {
      await gateway.close();
      redis?.disconnect();
    },
  };
}
