import { formatArrayText } from '../../model/sql/array-text.js';
import type { Key } from '../row.js';
import type { ColumnSql } from './column-sql.js';
import type { StatementScope } from './source.js';

/** Keys or parents as rows of a statement: one parameter per column, whatever their number. */
export interface GivenRows {
  /** For the FROM clause. */
  readonly from: string;
  /** Expressions for the keys' values, in their order. */
  readonly values: readonly string[];
}

/** The expression for a given row's position, counted from 1; PostgreSQL knows that they come in its order. */
export const GIVEN_POSITION = 'given.ord';

/** Values are of the given columns' types, in the keys' order. */
export function givenRows(
  scope: StatementScope,
  columns: readonly ColumnSql[],
  keys: readonly Key[],
): GivenRows {
  const lists = columns.map((column, index) => {
    const values = keys.map((key) => column.encode(key[index] ?? null));
    return scope.parameters.add(formatArrayText(values), `${column.parameterType}[]`);
  });
  const names = columns.map((_, index) => `v${index}`);
  return {
    from: `unnest(${lists.join(', ')}) WITH ORDINALITY AS given(${names.join(', ')}, ord)`,
    values: names.map((name) => `given.${name}`),
  };
}
