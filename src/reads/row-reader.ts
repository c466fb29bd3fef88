import type { Condition } from './condition.js';
import type { Key, Row, RowValue } from './row.js';

/** One term of an order. `nulls` is always said, so that a cursor means the same on every reader. */
export interface OrderTerm {
  readonly column: string;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last';
}

/** Some rows of one model. */
export interface RowsQuery {
  readonly model: string;
  /** Columns to return, without duplicates; may be empty. */
  readonly columns: readonly string[];
  readonly where: Condition;
  /**
   * Total where the model has a key (the binding puts it last). Empty: any order. Only columns that
   * PostgreSQL can order by.
   */
  readonly order: readonly OrderTerm[];
  /** Rows at most; null: all. */
  readonly limit: number | null;
  /** Rows to skip after ordering; 0 for none. */
  readonly offset: number;
  /** Only rows strictly after this one in `order`: its values of the order's columns, null included. */
  readonly after: readonly RowValue[] | null;
}

/** Rows by a unique key, in one batch. */
export interface KeyedQuery {
  readonly model: string;
  readonly columns: readonly string[];
  /** The key's columns; they are returned whether or not `columns` names them. */
  readonly keyColumns: readonly string[];
  readonly keys: readonly Key[];
  readonly where: Condition;
}

/** For each parent, the related rows that `RowsQuery` describes; `limit`, `after` and `offset` apply per parent. */
export interface RelatedQuery extends RowsQuery {
  readonly parentModel: string;
  readonly relation: string;
  /** Values of the relation's `link.local`, one entry a parent, without duplicates and without nulls. */
  readonly parents: readonly Key[];
}

export type AggregateFunction = 'count' | 'avg' | 'sum' | 'min' | 'max';

/**
 * One aggregate. `count` has no column. Results: `count` number; `sum` of Int or BigInt a string of digits, of
 * Decimal exact text, of Float number; `avg` of Int, BigInt or Float a number, of Decimal text without
 * trailing zeros; `min`/`max` as the column. Null where there is nothing to aggregate (count: 0).
 */
export interface Aggregate {
  readonly fn: AggregateFunction;
  readonly column: string | null;
}

export interface AggregateQuery {
  readonly model: string;
  readonly where: Condition;
  readonly aggregates: readonly Aggregate[];
}

export interface RelatedAggregateQuery extends AggregateQuery {
  readonly parentModel: string;
  readonly relation: string;
  readonly parents: readonly Key[];
}

/**
 * Where rows come from. Implementations: `PgRowReader` (one statement a call, whatever the number of keys or
 * parents) and `PrismaRowReader` (Prisma Client, the reference that answers are compared with).
 *
 * Answers are aligned with what was asked: entry i belongs to key or parent i. A call that fails rejects as a
 * whole with a `SluiceError` (`DATABASE_UNAVAILABLE`, `TIMEOUT`, `BAD_USER_INPUT` for a value that the
 * column's type refuses) or the driver's error. Readers hold no state of a request and may be shared;
 * whoever made the pool or client closes it.
 */
export interface RowReader {
  readonly driver: 'pg' | 'prisma';
  findRows(query: RowsQuery): Promise<readonly Row[]>;
  /** Null where no row has the key, or `where` leaves it out. */
  findRowsByKeys(query: KeyedQuery): Promise<readonly (Row | null)[]>;
  findRelatedRows(query: RelatedQuery): Promise<readonly (readonly Row[])[]>;
  /** Values in the order of `aggregates`. */
  aggregateRows(query: AggregateQuery): Promise<readonly RowValue[]>;
  aggregateRelatedRows(query: RelatedAggregateQuery): Promise<readonly (readonly RowValue[])[]>;
}
