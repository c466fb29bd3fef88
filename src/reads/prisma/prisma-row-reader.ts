import type { ModelGraph } from '../../model/model-graph.js';
import type { Row, RowValue } from '../row.js';
import type {
  AggregateQuery,
  KeyedQuery,
  RelatedAggregateQuery,
  RelatedQuery,
  RowReader,
  RowsQuery,
} from '../row-reader.js';
import { aggregateRelatedRows, aggregateRows } from './find-aggregates.js';
import { findRelatedRows } from './find-related-rows.js';
import { findRows, findRowsByKeys } from './find-rows.js';
import type { PrismaClientPort, PrismaSource } from './prisma-client-port.js';
import { toReadError } from './prisma-errors.js';

export interface PrismaRowReaderOptions {
  /** A generated client, connected in UTC: see `createPrismaClient`. Whoever made it disconnects it. */
  readonly client: PrismaClientPort;
  /** Of the schema that the client was generated from. */
  readonly graph: ModelGraph;
  /** Where models and enums are that name no schema; `public` unless given. */
  readonly defaultSchema?: string;
  /** Called with each statement's text; the client must emit `query` events. */
  readonly onStatement?: (text: string) => void;
}

/**
 * Rows through Prisma Client: the reference that other readers' answers are compared with, so it is written
 * for clarity, not speed. A call makes a handful of statements, however many its keys and parents:
 * Prisma's own, one for the exact texts of columns that Prisma holds inexactly (`needsExactText`), and one for
 * each comparison that its filters can't make (`toPrismaWhere`).
 *
 * Limits:
 * - These statements see the database one after the other. A row that goes in between is left out.
 * - Rows of a view without a key can't be found again. Their times end at milliseconds, their decimals have
 *   no zeros at the end, and a condition that needs a statement of its own fails.
 * - The same holds for a model that times and floats alone tell apart.
 * - A filter takes about 32,000 values (`LIST_TOO_LARGE`).
 * - A list with NULL among its elements fails.
 * - Prisma cuts pages below parents in memory: it reads all that is below them.
 * - `sum` and `avg` over an implicit many-to-many relation take a statement for each parent.
 */
export class PrismaRowReader implements RowReader {
  readonly driver = 'prisma';
  readonly #source: PrismaSource;

  constructor({ client, graph, defaultSchema = 'public', onStatement }: PrismaRowReaderOptions) {
    this.#source = { client, graph, defaultSchema };
    if (onStatement !== undefined) listenToStatements(client, onStatement);
  }

  findRows(query: RowsQuery): Promise<readonly Row[]> {
    return answer(() => findRows(this.#source, query));
  }

  findRowsByKeys(query: KeyedQuery): Promise<readonly (Row | null)[]> {
    return answer(() => findRowsByKeys(this.#source, query));
  }

  findRelatedRows(query: RelatedQuery): Promise<readonly (readonly Row[])[]> {
    return answer(() => findRelatedRows(this.#source, query));
  }

  aggregateRows(query: AggregateQuery): Promise<readonly RowValue[]> {
    return answer(() => aggregateRows(this.#source, query));
  }

  aggregateRelatedRows(query: RelatedAggregateQuery): Promise<readonly (readonly RowValue[])[]> {
    return answer(() => aggregateRelatedRows(this.#source, query));
  }
}

async function answer<Result>(read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    throw toReadError(error);
  }
}

function listenToStatements(client: PrismaClientPort, onStatement: (text: string) => void): void {
  const listen: unknown = Reflect.get(client, '$on');
  if (typeof listen !== 'function') throw new TypeError('The Prisma Client emits no events.');
  Reflect.apply(listen, client, [
    'query',
    (event: { readonly query: string }) => {
      onStatement(event.query);
    },
  ]);
}
