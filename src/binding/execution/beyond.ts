import type { Model } from '../../model/model-graph.js';
import { allOf, type Condition, NEVER } from '../../reads/condition.js';
import type { RowValue } from '../../reads/row.js';
import type { OrderTerm } from '../../reads/row-reader.js';

/**
 * Rows strictly after `values` in `order`, as a condition: the first term beyond its value, or equal there and the
 * next beyond, and so on. Nulls stand where the order puts them.
 */
export function beyond(model: Model, order: readonly OrderTerm[], values: readonly RowValue[]): Condition {
  const alternatives: Condition[] = [];
  const equalSoFar: Condition[] = [];
  for (const [index, term] of order.entries()) {
    const value = values[index] ?? null;
    const isNullable = model.columns.get(term.column)?.isNullable !== false;
    const further = furtherThan(term, value, isNullable);
    if (further !== NEVER) alternatives.push(allOf(...equalSoFar, further));
    equalSoFar.push(
      value === null
        ? { kind: 'null', column: term.column, negated: false }
        : { kind: 'compare', column: term.column, op: 'eq', value },
    );
  }
  return alternatives.length === 0 ? NEVER : { kind: 'any', of: alternatives };
}

function furtherThan(term: OrderTerm, value: RowValue, isNullable: boolean): Condition {
  const { column } = term;
  if (value === null) return term.nulls === 'first' ? { kind: 'null', column, negated: true } : NEVER;
  const compared: Condition = { kind: 'compare', column, op: term.direction === 'asc' ? 'gt' : 'lt', value };
  if (!isNullable || term.nulls === 'first') return compared;
  return { kind: 'any', of: [compared, { kind: 'null', column, negated: false }] };
}
