import { Writable } from 'node:stream';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { GraphQLError, GraphQLScalarType, type GraphQLSchema } from 'graphql';
import type { RequestContext } from '../../src/binding/request-context.js';
import { createGateway } from '../../src/gateway/create-gateway.js';
import type { Gateway, GatewayParts } from '../../src/gateway/gateway-parts.js';
import { readConfig } from '../../src/kernel/config/read-config.js';
import { badUserInput, SluiceError } from '../../src/kernel/sluice-error.js';
import type { ModelGraph } from '../../src/model/model-graph.js';
import type { RowReader } from '../../src/reads/row-reader.js';
import { createLogger } from '../../src/telemetry/logger.js';

/** A schema of a few fields, each of which does one thing that a gateway must cope with. */
export const SMALL_SDL = /* GraphQL */ `
  scalar Even
  enum Mood { CALM ANGRY }
  input MoonInput { name: String!, radius: Int, mood: Mood, even: Even, moons: [MoonInput!] }
  type Viewer { id: String, tier: String!, scopes: [String!]!, isAuthenticated: Boolean! }
  type Planet { name: String!, next: Planet, broken: String! }
  type Query {
    greeting(name: String = "world", times: Int! = 1): String!
    moon(input: MoonInput!): String
    even(value: Even!): String
    list(values: [Int!]): Int
    viewer: Viewer!
    planet: Planet
    rows: Int!
    requestId: String!
    cdnUrl: String
    text(length: Int!): String!
    defect: String
    coded: String
    uncoded: String
    refused: String
    unavailable: String
    missing: String!
    wait: String
  }
  type Mutation { bump: Int! }
`;

function parseEven(value: unknown): number {
  if (typeof value !== 'number' || value % 2 !== 0) throw new SluiceError('BAD_USER_INPUT', 'must be even');
  return value;
}

const Even = new GraphQLScalarType({
  name: 'Even',
  parseValue: parseEven,
  parseLiteral(node) {
    if (node.kind !== 'IntValue') throw new TypeError('must be a number');
    return parseEven(Number(node.value));
  },
});

/** What tests hold on to: the gate lets `wait` finish, `bumps` counts mutations. */
export interface SmallWorld {
  readonly schema: GraphQLSchema;
  readonly waiting: Promise<void>;
  release(): void;
  bumps: number;
}

export function createSmallWorld(): SmallWorld {
  let release = () => {};
  let arrived = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const planet: { name: string; next: unknown } = { name: 'Mars', next: () => planet };
  const world: SmallWorld = {
    waiting,
    release: () => release(),
    bumps: 0,
    schema: makeExecutableSchema<RequestContext>({
      typeDefs: SMALL_SDL,
      resolvers: {
        Even,
        Query: {
          greeting: (_, { name, times }) => `Hello, ${name}!`.repeat(times),
          moon: (_, { input }) => input.name,
          even: (_, { value }) => String(value),
          list: (_, { values }) => values?.length ?? null,
          viewer: (_, __, { viewer }) => viewer,
          planet: () => planet,
          rows: async (_, __, { reads }) => {
            const query = {
              model: 'Planet',
              columns: [],
              where: { kind: 'all', of: [] },
              order: [],
              limit: 1,
              offset: 0,
              after: null,
            } as const;
            const rows = await Promise.all([reads.findRows(query), reads.findRows({ ...query, limit: 2 })]);
            return rows.flat().length;
          },
          requestId: (_, __, { requestId }) => requestId,
          cdnUrl: (_, __, { cdnUrl }) => cdnUrl,
          text: (_, { length }) => 'abcdefghij'.repeat(Math.ceil(length / 10)).slice(0, length),
          defect: () => {
            throw new Error('password=hunter2');
          },
          coded: () => {
            throw new GraphQLError('Not yours', { extensions: { code: 'FORBIDDEN', why: 'test' } });
          },
          uncoded: () => {
            throw new GraphQLError('Written for clients');
          },
          refused: () => {
            throw badUserInput(['input', 'stars', 2], 'must lie between 1 and 5');
          },
          unavailable: () => {
            throw new SluiceError('DATABASE_UNAVAILABLE', 'The database does not answer', {
              cause: new Error('ECONNREFUSED'),
            });
          },
          missing: () => null,
          wait: async () => {
            arrived();
            await released;
            return 'waited';
          },
        },
        Planet: {
          broken: () => {
            throw new TypeError('x is not a function');
          },
        },
        Mutation: {
          bump: () => {
            world.bumps += 1;
            return world.bumps;
          },
        },
      },
    }),
  };
  return world;
}

/** Log lines as objects, in order. */
export interface CapturedLog {
  readonly lines: Record<string, unknown>[];
  readonly destination: Writable;
  /** The first line that fits, waited for up to five seconds: a request is logged after it is answered. */
  waitForLine(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
}

export function captureLog(): CapturedLog {
  const lines: Record<string, unknown>[] = [];
  const watchers = new Set<() => void>();
  return {
    lines,
    destination: new Writable({
      write(chunk, _encoding, done) {
        lines.push(JSON.parse(String(chunk)));
        for (const watcher of watchers) watcher();
        done();
      },
    }),
    waitForLine(fits) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          watchers.delete(look);
          reject(new Error(`no such log line among ${JSON.stringify(lines)}`));
        }, 5000);
        function look() {
          const found = lines.find(fits);
          if (found === undefined) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve(found);
        }
        watchers.add(look);
        look();
      });
    },
  };
}

const EMPTY_GRAPH: ModelGraph = { hash: '', models: new Map(), enums: new Map() };

/** Answers every read with one empty row. */
const onlyRows: RowReader = {
  driver: 'pg',
  findRows: async () => [{}],
  findRowsByKeys: async ({ keys }) => keys.map(() => ({})),
  findRelatedRows: async ({ parents }) => parents.map(() => [{}]),
  aggregateRows: async () => [],
  aggregateRelatedRows: async ({ parents }) => parents.map(() => []),
};

export interface SmallGateway extends Gateway {
  readonly url: string;
  readonly world: SmallWorld;
  readonly log: CapturedLog;
  /** POSTs an operation, as JSON both ways unless headers say otherwise. */
  ask(query: string, options?: AskOptions): Promise<Answer>;
}

export interface AskOptions {
  readonly variables?: object;
  readonly headers?: Record<string, string>;
  readonly body?: object;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: Record<string, unknown>;
  readonly errors?: { message: string; path?: unknown; extensions: Record<string, unknown> }[];
}

/** A gateway over the small schema that listens on a free port. Close it. */
export async function startSmallGateway(
  env: Record<string, string> = {},
  parts: Partial<GatewayParts> = {},
): Promise<SmallGateway> {
  const world = createSmallWorld();
  const log = captureLog();
  const gateway = await createGateway({
    config: readConfig({
      ...{ PORT: '0', SLUICE_LOG_FORMAT: 'json' },
      // Tests share their machine, and their event loop with the server.
      SLUICE_ADMISSION_MAX_EVENT_LOOP_LAG_MS: '0',
      ...env,
    }),
    schema: world.schema,
    graph: EMPTY_GRAPH,
    reader: onlyRows,
    prisma: null,
    pool: null,
    redis: null,
    app: {},
    log: createLogger({ level: 'debug', format: 'json', destination: log.destination }),
    ...parts,
  });
  const { url } = await gateway.listen();
  return {
    ...gateway,
    url,
    world,
    log,
    async ask(query, options = {}) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...options.headers },
        body: JSON.stringify({ query, variables: options.variables, ...options.body }),
      });
      return { status: response.status, headers: response.headers, ...((await response.json()) as object) };
    },
  };
}

/** The number that a series of a node's metrics has; 0 where there is none. */
export async function readMetric(node: SmallGateway, series: string): Promise<number> {
  const text = await (await fetch(`${node.url}/metrics`)).text();
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length) ?? 0);
}
