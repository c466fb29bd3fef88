import { ALWAYS, type Condition, NEVER } from '../condition.js';
import type { RowValue } from '../row.js';
import type { OrderTerm } from '../row-reader.js';

/**
 * The rows strictly after a given one in an order: past it in the first term, or equal there and past it in
 * the second, and so on.
 */
export function afterCondition(order: readonly OrderTerm[], after: readonly RowValue[] | null): Condition {
  if (after === null) return ALWAYS;
  const ways = order.map((term, index) => ({
    kind: 'all' as const,
    of: [
      ...order.slice(0, index).map((earlier, at) => isTied(earlier, after[at] ?? null)),
      isPast(term, after[index] ?? null),
    ],
  }));
  return { kind: 'any', of: ways };
}

function isTied({ column }: OrderTerm, value: RowValue): Condition {
  return value === null
    ? { kind: 'null', column, negated: false }
    : { kind: 'compare', column, op: 'eq', value };
}

function isPast({ column, direction, nulls }: OrderTerm, value: RowValue): Condition {
  if (value === null) return nulls === 'first' ? { kind: 'null', column, negated: true } : NEVER;
  const isBeyond: Condition = { kind: 'compare', column, op: direction === 'asc' ? 'gt' : 'lt', value };
  return nulls === 'first'
    ? isBeyond
    : { kind: 'any', of: [isBeyond, { kind: 'null', column, negated: false }] };
}
