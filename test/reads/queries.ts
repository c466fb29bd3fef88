import { ALWAYS } from '../../src/reads/condition.js';
import type { KeyedQuery, OrderTerm, RelatedQuery, RowsQuery } from '../../src/reads/row-reader.js';

/** Queries of which a test says only what it is about. */
export function rowsQuery(query: Partial<RowsQuery> & Pick<RowsQuery, 'model'>): RowsQuery {
  return { columns: [], where: ALWAYS, order: [], limit: null, offset: 0, after: null, ...query };
}

export function keyedQuery(query: Partial<KeyedQuery> & Pick<KeyedQuery, 'model' | 'keys'>): KeyedQuery {
  return { columns: [], keyColumns: ['id'], where: ALWAYS, ...query };
}

export function relatedQuery(
  query: Partial<RelatedQuery> & Pick<RelatedQuery, 'parentModel' | 'relation' | 'model' | 'parents'>,
): RelatedQuery {
  return { columns: [], where: ALWAYS, order: [], limit: null, offset: 0, after: null, ...query };
}

/** `asc('name')` sorts as PostgreSQL does by default: nulls as if they were the greatest. */
export function asc(column: string, nulls: 'first' | 'last' = 'last'): OrderTerm {
  return { column, direction: 'asc', nulls };
}

export function desc(column: string, nulls: 'first' | 'last' = 'first'): OrderTerm {
  return { column, direction: 'desc', nulls };
}
