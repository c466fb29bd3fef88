import type { RowValue } from '../row.js';
import type { OrderTerm } from '../row-reader.js';
import { comparable, type Source, type StatementScope } from './source.js';

/** The terms of an ORDER BY. */
export function orderTermsSql(source: Source, order: readonly OrderTerm[]): readonly string[] {
  return order.map((term) => orderTermSql(source, term));
}

/**
 * NULLS is said only where it changes something: an index serves an order only if both say the same, even
 * for a column that can't be null.
 */
function orderTermSql(source: Source, term: OrderTerm): string {
  const column = source.model.getColumn(term.column);
  const direction = term.direction === 'asc' ? 'ASC' : 'DESC';
  const byDefault = term.direction === 'asc' ? 'last' : 'first';
  const nulls =
    column.column.isNullable && term.nulls !== byDefault
      ? ` NULLS ${term.nulls === 'first' ? 'FIRST' : 'LAST'}`
      : '';
  return `${comparable(source, column)} ${direction}${nulls}`;
}

/**
 * True for the rows that stand strictly after the row with these values of the order's columns.
 *
 * Where the order is one direction over columns without nulls, this is one row comparison, which an index in
 * that order answers from its first entry on. Otherwise the terms are taken apart, under a bound on the
 * first one that an index can use.
 */
export function afterSql(
  scope: StatementScope,
  source: Source,
  order: readonly OrderTerm[],
  after: readonly RowValue[],
): string {
  if (after.length !== order.length) {
    throw new TypeError(`after has ${after.length} values, the order ${order.length} terms.`);
  }
  const bounds = order.map((term, index) => createBound(scope, source, term, after[index] ?? null));
  const sql = afterBoundsSql(bounds);
  const [first] = bounds;
  if (first === undefined || first.value === null || mayNullFollow(first) || isUniform(bounds)) return sql;
  return `(${first.column} ${first.operator}= ${first.value} AND ${sql})`;
}

/** One term of the order, and where the row stood in it. */
interface Bound {
  readonly column: string;
  /** The placeholder; null for NULL. */
  readonly value: string | null;
  /** Between the column of a row that comes later and the value. */
  readonly operator: '<' | '>';
  readonly isNullable: boolean;
  readonly nulls: 'first' | 'last';
}

function createBound(scope: StatementScope, source: Source, term: OrderTerm, value: RowValue): Bound {
  const column = source.model.getColumn(term.column);
  return {
    column: comparable(source, column),
    value: value === null ? null : scope.parameters.add(column.encode(value), column.parameterType),
    operator: term.direction === 'asc' ? '>' : '<',
    isNullable: column.column.isNullable,
    nulls: term.nulls,
  };
}

function isUniform(bounds: readonly Bound[]): boolean {
  return bounds.every(
    ({ isNullable, value, operator }) => !isNullable && value !== null && operator === bounds[0]?.operator,
  );
}

function afterBoundsSql(bounds: readonly Bound[]): string {
  const [first, ...rest] = bounds;
  if (first === undefined) return 'FALSE';
  if (isUniform(bounds)) {
    const columns = bounds.map(({ column }) => column).join(', ');
    const values = bounds.map(({ value }) => value).join(', ');
    return rest.length === 0
      ? `(${columns} ${first.operator} ${values})`
      : `((${columns}) ${first.operator} (${values}))`;
  }
  const beyond = beyondSql(first);
  const tie = first.value === null ? `${first.column} IS NULL` : `${first.column} = ${first.value}`;
  if (rest.length === 0) return beyond ?? 'FALSE';
  const later = afterBoundsSql(rest);
  return beyond === null ? `(${tie} AND ${later})` : `(${beyond} OR (${tie} AND ${later}))`;
}

/** True for rows that come later by this term alone; null where none can. */
function beyondSql(bound: Bound): string | null {
  const { column, value, operator, nulls } = bound;
  if (value === null) return nulls === 'first' ? `(${column} IS NOT NULL)` : null;
  const beyond = `${column} ${operator} ${value}`;
  return mayNullFollow(bound) ? `(${beyond} OR ${column} IS NULL)` : `(${beyond})`;
}

/** Whether a row with NULL can come after one that has a value. */
function mayNullFollow({ isNullable, nulls }: Bound): boolean {
  return isNullable && nulls === 'last';
}
