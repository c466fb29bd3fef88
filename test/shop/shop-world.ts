import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import pino from 'pino';
import { bindApi } from '../../src/binding/bind-schema.js';
import type { Resolvers } from '../../src/binding/resolvers.js';
import { type CounterTarget, resolveCounter } from '../../src/counters/counter-definition.js';
import { DirectCounters } from '../../src/counters/direct-counters.js';
import { PrismaClient } from '../../src/generated/prisma/client.js';
import { createAbsentSignIn } from '../../src/identity/sign-in.js';
import { ANONYMOUS, type Viewer } from '../../src/index.js';
import { SluiceError } from '../../src/kernel/sluice-error.js';
import { loadModelGraph } from '../../src/model/load-model-graph.js';
import type { ModelGraph } from '../../src/model/model-graph.js';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../src/reads/request-reads.js';
import app from '../../src/shop/app.js';
import type { ShopContext } from '../../src/shop/context.js';
import { resolvers } from '../../src/shop/resolvers.js';
import { createShopDatabase } from './shop-database.js';

const ROOT = path.join(import.meta.dirname, '..', '..');
const SDL_FOLDER = path.join(ROOT, 'schema', 'shop');
/** As many as a race of twenty needs, so that it is the rows that are waited for. */
const CONNECTIONS = 25;

/** A whole shop on a database of its own, without HTTP around it. */
export interface ShopWorld {
  readonly url: string;
  readonly schema: GraphQLSchema;
  readonly prisma: PrismaClient;
  readonly counters: DirectCounters;
  /** Text of every statement that the row reader has sent. */
  readonly statements: string[];
  /** Runs one operation as one request. */
  ask(document: string, options?: AskOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly viewer?: Viewer;
  readonly cdnUrl?: string;
}

/** `data` is loosely typed on purpose: tests know what they asked for. */
export interface Answer {
  readonly data: any;
  readonly faults: readonly Fault[];
}

/** An error as a client sees it; what is no foreseen fault is thrown instead. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly inputPath: readonly (string | number)[] | undefined;
}

export async function openShop(): Promise<ShopWorld> {
  const database = await createShopDatabase();
  const graph = await loadModelGraph(path.join(ROOT, 'src', 'generated', 'model-graph.json'));
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: database.url, max: CONNECTIONS }),
  });
  const pool = createPool({
    url: database.url,
    prepared: true,
    poolSize: 5,
    statementTimeoutMs: 30_000,
    connectTimeoutMs: 30_000,
  });
  const statements: string[] = [];
  const reader = new PgRowReader({
    pool,
    graph,
    prepared: true,
    onStatement: (text) => statements.push(text),
  });
  // At once: what is counted in batches has tests of its own.
  const counters = new DirectCounters(countTargets(graph), pool);
  const { schema, bindings } = bindApi({
    sdl: await readSdl(),
    graph,
    resolvers: resolvers as Resolvers,
    limits: { defaultPageRows: 20, maxPageRows: 100 },
  });
  return {
    url: database.url,
    schema,
    prisma,
    counters,
    statements,
    async ask(document, { variables, viewer = ANONYMOUS, cdnUrl } = {}) {
      const contextValue: ShopContext = {
        viewer,
        session: createAbsentSignIn('this is a test'),
        prisma,
        reads: new RequestReads(reader, graph, null, bindings.authorization?.ownRowsOf(viewer) ?? null),
        log: pino({ level: 'silent' }),
        requestId: 'test',
        tag: () => undefined,
        cacheHint: () => undefined,
        vary: () => '',
        cdnUrl: cdnUrl ?? null,
        counters,
      };
      return readAnswer(await graphql({ schema, source: document, contextValue, variableValues: variables }));
    },
    async close() {
      await prisma.$disconnect();
      await pool.end();
      await database.drop();
    },
  };
}

/** The shop's own SDL, by file. */
export async function readSdl(): Promise<{ path: string; text: string }[]> {
  const names = (await readdir(SDL_FOLDER)).sort();
  return Promise.all(
    names.map(async (name) => ({
      path: path.join('schema', 'shop', name),
      text: await readFile(path.join(SDL_FOLDER, name), 'utf8'),
    })),
  );
}

export function signedIn(userId: number): Viewer {
  return { id: String(userId), tier: 'standard', scopes: [], isAuthenticated: true };
}

export const STAFF: Viewer = { id: 'till-3', tier: 'staff', scopes: [], isAuthenticated: true };

export function globalId(typeName: string, key: number | string): string {
  return Buffer.from(`${typeName}:${key}`).toString('base64url');
}

function readAnswer(result: ExecutionResult): Answer {
  const faults = (result.errors ?? []).map((error): Fault => {
    const origin = error.originalError ?? error;
    if (!(origin instanceof SluiceError)) throw origin;
    return { code: origin.code, message: origin.message, inputPath: origin.inputPath };
  });
  // graphql-js makes objects without a prototype, which no literal equals.
  return { data: JSON.parse(JSON.stringify(result.data ?? null)), faults };
}

function countTargets(graph: ModelGraph): ReadonlyMap<string, CounterTarget> {
  const targets = (app.counters ?? []).map((definition) => resolveCounter(definition, graph, null));
  return new Map(
    targets.map((target) => {
      if (typeof target === 'string') throw new Error(target);
      return [target.name, target];
    }),
  );
}
