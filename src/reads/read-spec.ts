import type { Condition } from './condition.js';
import type { RowValue } from './row.js';
import type { Aggregate, OrderTerm } from './row-reader.js';

/**
 * What a field asks of the request's loaders, without the key or parent that it asks it for. Fields with equal
 * specs share a batch. A spec is never changed once it has been handed over: it is recognised by identity
 * first, by its content else, so a spec that is made once per schema is the cheapest.
 */
export interface RowSpec {
  readonly model: string;
  readonly columns: readonly string[];
  /** Columns that identify at most one row; the keys' values stand in this order. */
  readonly keyColumns: readonly string[];
  readonly where: Condition;
}

/** The one row at the other end of a to-one relation. */
export interface RelatedRowSpec {
  readonly parentModel: string;
  readonly relation: string;
  readonly columns: readonly string[];
  readonly where: Condition;
}

/** Rows of a relation, per parent; the fields mean what they mean in `RowsQuery`. */
export interface RelatedRowsSpec extends RelatedRowSpec {
  readonly order: readonly OrderTerm[];
  readonly limit: number | null;
  readonly offset: number;
  readonly after: readonly RowValue[] | null;
}

export interface AggregateSpec {
  readonly model: string;
  readonly where: Condition;
  readonly aggregates: readonly Aggregate[];
}

export interface RelatedAggregateSpec {
  readonly parentModel: string;
  readonly relation: string;
  readonly where: Condition;
  readonly aggregates: readonly Aggregate[];
}
