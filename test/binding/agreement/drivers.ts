import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
  validate,
} from 'graphql';
import type { BoundApi } from '../../../src/binding/bind-schema.js';
import type { RequestContext } from '../../../src/binding/request-context.js';
import type { Viewer } from '../../../src/identity/viewer.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { createPool } from '../../../src/reads/pg/create-pool.js';
import { PgRowReader } from '../../../src/reads/pg/pg-row-reader.js';
import { RequestReads } from '../../../src/reads/request-reads.js';
import type { RowReader } from '../../../src/reads/row-reader.js';
import type { MakeReader } from '../../reads/contract/subject.js';
import { POOL_SETTINGS } from '../../reads/pg-zoo.js';
import { type Answer, readAnswer } from './answer.js';
import type { Operation } from './random-operation.js';

/** Compiled where it can; graphql-js over plans; over loaders of pg; over loaders of Prisma Client. */
export const DRIVERS = ['compiled', 'plan', 'pg', 'prisma'] as const;
export type Driver = (typeof DRIVERS)[number];

/** One driver's answer to one request. */
export interface Reply {
  readonly answer: Answer;
  readonly statements: number;
  /** Whether compiled code made it. */
  readonly isCompiled: boolean;
}

export interface DriversOptions {
  readonly api: BoundApi;
  readonly graph: ModelGraph;
  readonly url: string;
  readonly makePrismaReader: MakeReader;
  /** All of the context but `reads`. */
  readonly context: Omit<RequestContext, 'reads'>;
}

/** The four ways to answer, over one database. */
export interface Drivers {
  readonly schema: GraphQLSchema;
  readonly readers: Readonly<Record<Driver, RowReader>>;
  /** Null where the text is no valid document. */
  parse(text: string): DocumentNode | null;
  /** `viewer` is the context's unless told. */
  ask(driver: Driver, document: DocumentNode, operation: Operation, viewer?: Viewer): Promise<Reply>;
  close(): Promise<void>;
}

export async function openDrivers(options: DriversOptions): Promise<Drivers> {
  const { api, graph, url, context } = options;
  const { schema } = api;
  // A request may be answered while some of its reads still run: they are not to count as the next one's.
  const requests = new AsyncLocalStorage<{ statements: number }>();
  const onStatement = () => {
    const request = requests.getStore();
    if (request !== undefined) request.statements += 1;
  };
  const pools = (['compiled', 'plan', 'pg'] as const).map((driver) => {
    const pool = createPool({ ...POOL_SETTINGS, poolSize: 3, url });
    const pipelines =
      driver === 'pg' ? null : { ...POOL_SETTINGS, url, pipelines: 1, shortTimeoutMs: 10_000 };
    return { driver, pool, reader: new PgRowReader({ pool, graph, prepared: true, pipelines, onStatement }) };
  });
  const prisma = await options.makePrismaReader(url, graph, onStatement);
  const [compiled, plan, pg] = pools.map(({ reader }) => reader) as [PgRowReader, PgRowReader, PgRowReader];
  const readers = { compiled, plan, pg, prisma: prisma.reader };

  return {
    schema,
    readers,
    parse(text) {
      try {
        const document = parse(text);
        return validate(schema, document).length > 0 ? null : document;
      } catch (error) {
        if (error instanceof GraphQLError) return null;
        throw error;
      }
    },
    async ask(driver, document, { variables, operationName }, viewer = context.viewer) {
      const plans = driver === 'compiled' || driver === 'plan' ? readers[driver] : null;
      const own = api.bindings.authorization?.ownRowsOf(viewer) ?? null;
      const contextValue = {
        ...context,
        viewer,
        reads: new RequestReads(readers[driver], graph, plans, own),
      };
      const request = { statements: 0 };
      const running = requests.run(request, async (): Promise<ExecutionResult & { isCompiled: boolean }> => {
        const data =
          driver === 'compiled'
            ? await api.compiler.run(document, operationName, variables, contextValue)
            : null;
        if (data !== null) return { data, isCompiled: true };
        const interpreted = await execute({
          ...{ schema, document, operationName, variableValues: variables, contextValue },
        });
        return { ...interpreted, isCompiled: false };
      });
      const result = await running.catch(readDefect);
      return { answer: readAnswer(result), statements: request.statements, isCompiled: result.isCompiled };
    },
    async close() {
      await Promise.all(pools.flatMap(({ pool, reader }) => [pool.end(), reader.end()]));
      await prisma.close();
    },
  };
}

/** Whatever is thrown rather than answered agrees with nothing. */
function readDefect(error: unknown) {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { errors: [new GraphQLError(`Thrown: ${message}`)], isCompiled: false };
}
