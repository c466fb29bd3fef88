import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  graphql,
  parse,
  validate,
} from 'graphql';
import pg from 'pg';
import type { BoundApi } from '../../src/binding/bind-schema.js';
import type { RequestContext } from '../../src/binding/request-context.js';
import { NO_COUNTERS } from '../../src/counters/counters.js';
import { createAbsentSignIn } from '../../src/identity/sign-in.js';
import { ANONYMOUS, type Viewer } from '../../src/identity/viewer.js';
import { createPool } from '../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../src/reads/request-reads.js';
import type { RowReader } from '../../src/reads/row-reader.js';
import { createLogger } from '../../src/telemetry/logger.js';
import { createDomainDatabase } from '../domain/domain-database.js';
import { domainGraph } from '../domain/domain-graph.js';
import { bindZooApi } from './zoo-schema.js';

/**
 * How the engine answers: compiled where it can, over plans; graphql-js over plans; over loaders of pg; over loaders of
 * Prisma Client.
 */
export type Driver = 'compiled' | 'plan' | 'pg' | 'prisma';

/** An answer as a client sees it: plain JSON. */
export type Answer = {
  data?: any;
  errors?: { message: string; path?: (string | number)[]; extensions?: any }[];
};

/** The zoo's API over one reader and a database of its own. */
export interface ZooApi {
  readonly schema: GraphQLSchema;
  readonly reader: RowReader;
  /** How many operations compiled code answered, and how many graphql-js. */
  readonly answers: { readonly compiled: number; readonly interpreted: number };
  /** Statements that the reader has sent since the last call of `ask`. */
  readonly statements: string[];
  /** Runs an operation as one request; of nobody who has signed in unless told. */
  ask(query: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<Answer>;
  /** Runs an operation that must succeed, and gives its data. */
  data(query: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<any>;
  sql(text: string): Promise<pg.QueryResult>;
  close(): Promise<void>;
}

export async function createZooApi(
  driver: Driver,
  bind: () => Promise<BoundApi> = bindZooApi,
): Promise<ZooApi> {
  const database = await createDomainDatabase();
  const graph = await domainGraph();
  const { schema, bindings, compiler } = await bind();
  const statements: string[] = [];
  const answers = { compiled: 0, interpreted: 0 };
  const onStatement = (text: string) => statements.push(text);
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const { reader, stop } = driver === 'prisma' ? await openPrisma() : openPg();

  function openPg() {
    const pool = createPool({
      url: database.url,
      prepared: true,
      poolSize: 3,
      statementTimeoutMs: 10_000,
      connectTimeoutMs: 5_000,
    });
    const pipelines =
      driver === 'pg'
        ? null
        : { url: database.url, pipelines: 2, shortTimeoutMs: 10_000, connectTimeoutMs: 5_000 };
    const reader = new PgRowReader({ pool, graph, prepared: true, pipelines, onStatement });
    return { reader, stop: async () => void (await Promise.all([reader.end(), pool.end()])) };
  }

  async function openPrisma() {
    const { createPrismaClient } = await import('../../src/reads/prisma/create-prisma-client.js');
    const { PrismaRowReader } = await import('../../src/reads/prisma/prisma-row-reader.js');
    const { PrismaClient } = await import('../domain/generated/prisma/client.js');
    const client = createPrismaClient(PrismaClient, {
      url: database.url,
      poolSize: 3,
      statementTimeoutMs: 10_000,
      connectTimeoutMs: 5_000,
      prepared: true,
    });
    return {
      reader: new PrismaRowReader({ client, graph, onStatement }),
      stop: () => client.$disconnect(),
    };
  }

  async function ask(
    query: string,
    variables: Record<string, unknown> = {},
    viewer = ANONYMOUS,
  ): Promise<Answer> {
    statements.length = 0;
    const contextValue: RequestContext = {
      viewer,
      session: createAbsentSignIn('this is a test'),
      prisma: admin,
      reads: new RequestReads(
        reader,
        graph,
        (driver === 'plan' || driver === 'compiled') && reader instanceof PgRowReader ? reader : null,
        bindings.authorization?.ownRowsOf(viewer) ?? null,
      ),
      log: createLogger({ level: 'silent', format: 'json' }),
      requestId: 'test',
      tag: () => undefined,
      cacheHint: () => undefined,
      vary: () => '',
      cdnUrl: null,
      counters: NO_COUNTERS,
    };
    const compiled = driver === 'compiled' ? await runCompiled(query, variables, contextValue) : null;
    if (compiled !== null) {
      answers.compiled += 1;
      return JSON.parse(JSON.stringify({ data: compiled })) as Answer;
    }
    answers.interpreted += 1;
    const result: ExecutionResult = await graphql({
      schema,
      source: query,
      variableValues: variables,
      contextValue,
    });
    const answer = JSON.parse(JSON.stringify(result)) as Answer;
    for (const [index, error] of (result.errors ?? []).entries()) {
      const original = error.originalError as { code?: string } | undefined;
      answer.errors![index]!.extensions = { code: original?.code, ...error.extensions };
    }
    return answer;
  }

  /** As the gateway does: only what parses and validates gets here. */
  async function runCompiled(query: string, variables: Record<string, unknown>, context: RequestContext) {
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      if (error instanceof GraphQLError) return null;
      throw error;
    }
    return validate(schema, document).length > 0 ? null : compiler.run(document, null, variables, context);
  }

  return {
    schema,
    answers,
    reader,
    statements,
    ask,
    data: async (query, variables, viewer) => {
      const { data, errors } = await ask(query, variables, viewer);
      if (errors !== undefined) throw new Error(errors.map((error) => error.message).join('\n'));
      return data;
    },
    sql: (text) => admin.query(text),
    close: async () => {
      await stop();
      await admin.end();
      await database.drop();
    },
  };
}
