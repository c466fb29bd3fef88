import type pg from 'pg';
import { findCaptureDemand } from '../../../src/binding/capture-demand.js';
import type { RequestContext } from '../../../src/binding/request-context.js';
import type { Resolvers } from '../../../src/binding/resolvers.js';
import type { VaryDefinition } from '../../../src/cache/policy/vary-definition.js';
import { ClosingStack } from '../../../src/cli/closing-stack.js';
import { composeServer } from '../../../src/cli/compose-server.js';
import { bindProject, type LoadedProject } from '../../../src/cli/load-project.js';
import type { AppDefinition } from '../../../src/gateway/app-definition.js';
import { signDevelopmentToken } from '../../../src/identity/development-token.js';
import { readConfig } from '../../../src/kernel/config/read-config.js';
import { SluiceError } from '../../../src/kernel/sluice-error.js';
import { createLogger } from '../../../src/telemetry/logger.js';
import { openCapturedZoo } from '../../changes/capture/captured-zoo.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { PrismaClient } from '../../domain/generated/prisma/client.js';
import { until } from '../../embedded/until.js';
import { type CapturedLog, captureLog } from '../small-gateway.js';

const SECRET = 'a secret of at least thirty-two characters';

/** One field of each kind that a cache has to tell apart. */
const SDL = /* GraphQL */ `
  type Query {
    animal(id: ID): Animal @cacheControl(maxAge: 60)
    animals(filter: AnimalFilter, orderBy: [AnimalOrder!], first: Int): [Animal!]! @model @cacheControl(maxAge: 60)
    animalCount(filter: AnimalFilter): Int! @model(name: "Animal") @cacheControl(maxAge: 60)
    node(id: ID!): Node @cacheControl(maxAge: 60)
    unhinted: Int!
    uncached(first: Int): [Animal!]! @model(name: "Animal")
    brief: String! @cacheControl(maxAge: 1)
    lasting: String! @cacheControl(maxAge: 1) @cachePolicy(staleWhileRevalidate: 3600)
    spare(id: ID): Animal @cacheControl(maxAge: 1) @cachePolicy(staleIfError: 3600) @model(name: "Animal")
    me: Keeper @cacheControl(maxAge: 60, scope: PRIVATE)
    notDeclared: String! @cacheControl(maxAge: 60)
    tierName: String! @cacheControl(maxAge: 60) @cachePolicy(vary: ["TIER"])
    greeting: String! @cacheControl(maxAge: 60) @cachePolicy(vary: ["LOCALE"])
    undeclaredGreeting: String! @cacheControl(maxAge: 60)
    secrets: Int @cacheControl(maxAge: 60) @requiresTier(tier: "staff")
    unseen: String! @cacheControl(maxAge: 60)
    tagged(topic: String! = "weather"): String! @cacheControl(maxAge: 60)
    nameByClient(id: Int!): String @cacheControl(maxAge: 60)
    nameBySql(id: Int!): String @cacheControl(maxAge: 60)
    nameInTransaction(id: Int!): String @cacheControl(maxAge: 60)
    shorter: String! @cacheControl(maxAge: 60)
    never: String! @cacheControl(maxAge: 60)
    turnedPrivate: String! @cacheControl(maxAge: 60)
    failing: String @cacheControl(maxAge: 60)
    gated: String! @cacheControl(maxAge: 60)
  }
  type Mutation { rename(id: Int!, name: String!): String! }
  type Animal implements Node @cacheControl(inheritMaxAge: true) {
    id: ID!
    rawId: BigInt! @column(name: "id")
    name: String!
    mood: Mood
    weightKg: Decimal
    taxon: Taxon!
    foods: [Food!]!
    note: String! @cacheControl(maxAge: 30)
    kin(style: String = "plain"): String @cacheControl(maxAge: 60) @needs(columns: ["taxonId"])
    mine: String @cacheControl(maxAge: 60, scope: PRIVATE)
    leaky: String @cacheControl(maxAge: 60)
    odd: String @cacheControl(maxAge: 60)
    shout: String! @needs(columns: ["name"])
  }
  type Taxon @cacheControl(inheritMaxAge: true) { id: ID! name: String! animals: [Animal!]! }
  type Food @cacheControl(inheritMaxAge: true) { name: String! }
  type Keeper implements Node @owner(path: "id") @cacheControl(maxAge: 60) { id: ID! name: String! badge: String! }
  enum Mood { CALM PLAYFUL IN_A_HUFF }
  input AnimalFilter { name: StringFilter rawId: BigIntFilter @column(name: "id") isOnShow: BooleanFilter taxonId: IDFilter }
  input AnimalOrder { field: AnimalOrderField! direction: OrderDirection }
  enum AnimalOrderField { NAME ID }
`;

/** What tests hold on to: how often hand-written fields ran, and the gate that `gated` waits at. */
export interface ZooHands {
  readonly runs: Map<string, number>;
  gate: Promise<void>;
  isFailing: boolean;
}

type Context = RequestContext<PrismaClient>;

function greet(context: Context): string {
  context.tag('greetings');
  return context.vary('LOCALE') === 'de' ? 'Hallo' : 'Hello';
}

const LOCALE: VaryDefinition = {
  name: 'LOCALE',
  headers: ['accept-language'],
  read: (headers) => (headers['accept-language']?.startsWith('de') ? 'de' : 'en'),
};

function createResolvers(hands: ZooHands): Resolvers {
  const count = (name: string) => hands.runs.set(name, (hands.runs.get(name) ?? 0) + 1);
  const nameOf = (animal: { readonly name: string } | null) => animal?.name ?? null;
  const fields: Record<string, (parent: unknown, args: any, context: Context) => unknown> = {
    unhinted: () => 1,
    brief: (_parent, _args, context) => {
      context.tag('brief');
      return 'brief';
    },
    lasting: (_parent, _args, context) => {
      context.tag('lasting');
      return `computed ${hands.runs.get('lasting')}`;
    },
    me: (_parent, _args, { prisma, viewer }) =>
      prisma.keeper.findUnique({ where: { id: Number(viewer.id) } }),
    notDeclared: (_parent, _args, context) => {
      context.tag('viewers');
      return `for ${context.viewer.id}`;
    },
    tierName: (_parent, _args, context) => {
      context.tag('tiers');
      return context.viewer.tier;
    },
    greeting: (_parent, _args, context) => greet(context),
    undeclaredGreeting: (_parent, _args, context) => greet(context),
    secrets: (_parent, _args, { prisma }) => prisma.keeper.count(),
    unseen: () => 'nobody knows from where',
    tagged: (_parent, { topic }, context) => {
      context.tag(topic);
      return `${topic} ${hands.runs.get('tagged')}`;
    },
    nameByClient: async (_parent, { id }, { prisma }) =>
      nameOf(await prisma.animal.findUnique({ where: { id } })),
    nameBySql: async (_parent, { id }, { prisma }) => {
      const rows = await prisma.$queryRaw<{ name: string }[]>`SELECT name FROM zoo.animals WHERE id = ${id}`;
      return nameOf(rows[0] ?? null);
    },
    nameInTransaction: async (_parent, { id }, { prisma }) =>
      nameOf(await prisma.$transaction((inner) => inner.animal.findUnique({ where: { id } }))),
    shorter: (_parent, _args, context) => {
      context.tag('hints');
      context.cacheHint({ maxAgeSeconds: 7 });
      return 'shorter';
    },
    never: (_parent, _args, context) => {
      context.tag('hints');
      context.cacheHint({ maxAgeSeconds: 0 });
      return 'never';
    },
    turnedPrivate: (_parent, _args, context) => {
      context.tag('hints');
      context.cacheHint({ scope: 'PRIVATE' });
      return 'private';
    },
    failing: (_parent, _args, context) => {
      context.tag('failing');
      if (hands.isFailing) throw new SluiceError('BAD_USER_INPUT', 'not now');
      return 'whole again';
    },
    gated: async (_parent, _args, context) => {
      context.tag('gate');
      await hands.gate;
      return `let through ${hands.runs.get('gated')}`;
    },
  };
  const counted = Object.entries(fields).map(([name, resolve]) => [
    name,
    (parent: unknown, args: unknown, context: unknown) => {
      count(name);
      return resolve(parent, args, context as Context);
    },
  ]);
  return {
    Query: Object.fromEntries(counted),
    Mutation: {
      rename: async (_parent, { id, name }, context) => {
        const { prisma } = context as Context;
        return (await prisma.animal.update({ where: { id }, data: { name } })).name;
      },
    },
    Animal: {
      note: () => 'by hand',
      kin: async (animal, { style }, context) => {
        count('kin');
        const { prisma } = context as Context;
        const { taxonId } = animal as { readonly taxonId: number };
        const taxon = await prisma.taxon.findUnique({ where: { id: taxonId } });
        return style === 'loud' ? `${taxon?.name.toUpperCase()}!` : taxon?.name;
      },
      mine: (animal, _args, { viewer }) => {
        count('mine');
        return `${(animal as { readonly name: string }).name} for ${viewer.id}`;
      },
      leaky: (_animal, _args, { viewer }) => {
        count('leaky');
        return `for ${viewer.id}`;
      },
      odd: () => {
        count('odd');
        // An object of a class, which no bytes bring back.
        return new (class {
          valueOf() {
            return 'odd';
          }
        })();
      },
      shout: (animal) => {
        count('shout');
        return `${(animal as { readonly name: string }).name.toUpperCase()}!`;
      },
    },
  };
}

export interface CachedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: { data?: any; errors?: any[]; extensions?: any };
  /** What `Cache-Status` says after `sluice;`, without the time to live. */
  readonly cache: string;
}

export interface Asking {
  readonly variables?: object;
  readonly headers?: Record<string, string>;
  readonly method?: 'GET' | 'POST';
  readonly body?: object;
}

export interface CachingNode {
  readonly url: string;
  readonly log: CapturedLog;
  ask(query: string, asking?: Asking): Promise<CachedAnswer>;
  /** The number that a series of its metrics has; 0 where there is none. */
  metric(series: string): Promise<number>;
  /** Statements that bound reads have sent. */
  countStatements(): Promise<number>;
  close(): Promise<void>;
}

/** A captured zoo behind gateways that keep answers. */
export interface CachedZoo {
  readonly url: string;
  /** As another program would: nothing of Sluice is between. */
  readonly client: pg.Client;
  readonly hands: ZooHands;
  /** `redisUrl` null: it shares nothing. Closed with the zoo, if not before. */
  openNode(redisUrl?: string | null, env?: Record<string, string>, app?: AppDefinition): Promise<CachingNode>;
  close(): Promise<void>;
}

/** `own`: another API over the same tables, and where the page is. */
export async function openCachedZoo(
  own: { sdl?: string; app?: AppDefinition; graphiqlDirectory?: string } = {},
): Promise<CachedZoo> {
  const hands: ZooHands = { runs: new Map(), gate: Promise.resolve(), isFailing: false };
  const load = async (app: AppDefinition): Promise<LoadedProject> => ({
    sdl: [{ path: 'cached-zoo.graphql', text: own.sdl ?? SDL }],
    graph: await domainGraph(),
    app: { ...(own.app ?? { resolvers: createResolvers(hands), vary: [LOCALE] }), ...app },
  });
  const { bindings } = bindProject(await load({}), readConfig({}).reads);
  const zoo = await openCapturedZoo({ demand: findCaptureDemand(bindings) });
  const closing = new ClosingStack();
  closing.add(() => zoo.close());
  return {
    url: zoo.url,
    client: zoo.client,
    hands,
    async openNode(redisUrl = null, env = {}, app = {}) {
      const log = captureLog();
      const server = await composeServer({
        config: readConfig({
          ...{ PORT: '0', SLUICE_LOG_FORMAT: 'json', SLUICE_LIMITS: 'off', SLUICE_HTTP_BATCHING: 'on' },
          ...{ SLUICE_ADMISSION_MAX_EVENT_LOOP_LAG_MS: '0', SLUICE_IDENTITY_JWT_SECRET: SECRET },
          // Tests share their machine with many others.
          ...{ SLUICE_CHANGES_MAX_LAG_MS: '2000', SLUICE_CACHE_LOOKUP_TIMEOUT_MS: '2000' },
          // What runs in the background has tests of its own.
          ...{ SLUICE_JOBS: 'off', ...env },
        }),
        databaseUrl: zoo.url,
        redisUrl,
        project: await load(app),
        prismaClientClass: PrismaClient,
        graphiqlDirectory: own.graphiqlDirectory,
        log: createLogger({ level: 'debug', format: 'json', destination: log.destination }),
      });
      closing.add(() => server.close());
      const { url } = await server.gateway.listen();
      const asker = createAsker(url);
      // Nothing is kept before the node has looked for the first time whether changes are captured.
      const isReady = async () => !(await asker.ask('{ animals { id } }')).cache.includes('captured');
      await until('the first look at capture', isReady);
      return { ...asker, url, log, close: () => server.close() };
    },
    close: () => closing.close(),
  };
}

function createAsker(url: string): Pick<CachingNode, 'ask' | 'metric' | 'countStatements'> {
  const metric = async (series: string): Promise<number> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const line = text.split('\n').find((each) => each.startsWith(`${series} `));
    return Number(line?.slice(series.length) ?? 0);
  };
  return {
    metric,
    countStatements: () => metric('sluice_database_statements_total{driver="pg"}'),
    async ask(query, { variables, headers = {}, method = 'POST', body = {} } = {}) {
      const search = new URLSearchParams({
        query,
        ...(variables && { variables: JSON.stringify(variables) }),
      });
      const response =
        method === 'GET'
          ? await fetch(`${url}/graphql?${search}`, {
              headers: { 'apollo-require-preflight': '1', ...headers },
            })
          : await fetch(`${url}/graphql`, {
              method,
              headers: { 'content-type': 'application/json', ...headers },
              body: JSON.stringify({ query, variables, ...body }),
            });
      const text = await response.text();
      const status = response.headers.get('cache-status') ?? '';
      return {
        status: response.status,
        headers: response.headers,
        body: text === '' ? {} : JSON.parse(text),
        cache: status.replace(/^sluice(; )?/, '').replace(/(; )?ttl=-?\d+/, ''),
      };
    },
  };
}

/** The header of somebody who has signed in. */
export async function signedIn(viewerId: string, tier?: string): Promise<Record<string, string>> {
  const token = await signDevelopmentToken({ secret: SECRET, viewerId, tier });
  return { authorization: `Bearer ${token}` };
}

/** A gate that is closed, and what opens it. */
export function closeGate(hands: ZooHands): () => void {
  let open = () => {};
  hands.gate = new Promise((resolve) => {
    open = resolve;
  });
  return () => open();
}
