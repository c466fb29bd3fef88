import { badUserInput } from '../../kernel/sluice-error.js';
import type { Model } from '../../model/model-graph.js';
import type { OrderTerm } from '../../reads/row-reader.js';
import type { OrderTable } from '../bindings.js';

/**
 * The full order that an `orderBy` value asks for: its terms, then the primary key in the direction of the last
 * term (so that one index can serve both), unless some unique key without nulls is already complete.
 *
 * @throws SluiceError `BAD_USER_INPUT` where a column is named twice
 */
export function readOrder(
  table: OrderTable | null,
  value: unknown,
  model: Model,
  path: readonly string[],
): readonly OrderTerm[] {
  const terms: OrderTerm[] = [];
  const given =
    value === undefined || value === null || table === null ? [] : Array.isArray(value) ? value : [value];
  for (const [index, term] of given.entries()) {
    const { field, direction, nulls } = term as {
      field: string;
      direction?: string | null;
      nulls?: string | null;
    };
    const column = table?.columns.get(field);
    if (column === undefined) throw badUserInput([...path, index, 'field'], 'is not a column to order by');
    if (terms.some((known) => known.column === column.name)) {
      throw badUserInput([...path, index, 'field'], `orders by ${field} a second time`);
    }
    terms.push(createTerm(column.name, direction === 'DESC' ? 'desc' : 'asc', nulls ?? null));
  }
  if (isTotal(terms, model)) return terms;
  const direction = terms.at(-1)?.direction ?? 'asc';
  for (const column of model.primaryKey ?? []) {
    if (!terms.some((known) => known.column === column)) terms.push(createTerm(column, direction, null));
  }
  return terms;
}

/** The order read from the other end. */
export function reverseOrder(order: readonly OrderTerm[]): readonly OrderTerm[] {
  return order.map((term) => ({
    column: term.column,
    direction: term.direction === 'asc' ? 'desc' : 'asc',
    nulls: term.nulls === 'first' ? 'last' : 'first',
  }));
}

/** The order's name in a cursor. */
export function nameOrder(model: Model, order: readonly OrderTerm[]): string {
  return [model.name, ...order.map((term) => `${term.column} ${term.direction} ${term.nulls}`)].join(', ');
}

function createTerm(column: string, direction: 'asc' | 'desc', nulls: string | null): OrderTerm {
  // PostgreSQL's own default: nulls count as greater than everything.
  const byDefault = direction === 'asc' ? 'last' : 'first';
  return { column, direction, nulls: nulls === null ? byDefault : nulls === 'FIRST' ? 'first' : 'last' };
}

function isTotal(terms: readonly OrderTerm[], model: Model): boolean {
  const ordered = new Set(terms.map((term) => term.column));
  return model.uniques.some((unique) =>
    unique.every((name) => ordered.has(name) && model.columns.get(name)?.isNullable === false),
  );
}
