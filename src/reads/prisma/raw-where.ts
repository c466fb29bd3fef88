import type { Column, Model } from '../../model/model-graph.js';
import type { CompareOperator } from '../condition.js';
import { createColumnSql } from '../pg/column-sql.js';
import type { RowValue } from '../row.js';
import { findEnum, getColumn } from './model-parts.js';
import type { PrismaSource, PrismaWhere } from './prisma-client-port.js';
import { findPrismaInput } from './prisma-input.js';
import { getIdentity, type RawCondition, selectKeys } from './raw-select.js';
import { NONE, someOf } from './where-logic.js';

export const SQL_OPERATORS: Readonly<Record<CompareOperator, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

/**
 * The rows for which a condition is true that Prisma hasn't, as a `where` of their keys.
 * @throws Error where nothing that Prisma has tells the rows apart.
 */
export async function rawWhere(
  source: PrismaSource,
  model: Model,
  condition: RawCondition,
): Promise<PrismaWhere> {
  const identity = getIdentity(model).map((name) => getColumn(model, name));
  const keys = (await selectKeys(source, model, condition)).map((key) =>
    identity.map((column, index) => {
      const found = findPrismaInput(column, key[index] ?? null);
      if (found === null) throw new Error(`Prisma can't find ${model.name} by ${column.name} ${key[index]}.`);
      return found.input;
    }),
  );
  const [column] = identity;
  if (identity.length === 1 && column !== undefined) {
    return keys.length === 0 ? NONE : { [column.name]: { in: keys.map(([input]) => input) } };
  }
  return someOf(
    keys.map((key) => Object.fromEntries(identity.map(({ name }, index) => [name, { equals: key[index] }]))),
  );
}

/** The comparison of a column with one value, as PostgreSQL makes it. */
export function rawCompare(
  source: PrismaSource,
  column: Column,
  op: CompareOperator,
  value: RowValue,
): RawCondition {
  const sql = createColumnSql(column, findEnum(source.graph, column), source.defaultSchema);
  return {
    sql: `${sql.toComparable(`t.${sql.name}`)} ${SQL_OPERATORS[op]} $1::text::${sql.parameterType}`,
    values: [sql.encode(value)],
  };
}

/** Any or all of several comparisons, each of one parameter, which are numbered anew. */
export function rawJoin(conditions: readonly RawCondition[], operator: 'AND' | 'OR'): RawCondition {
  const parts = conditions.map(({ sql }, index) => sql.replace('$1', `$${index + 1}`));
  return { sql: `(${parts.join(` ${operator} `)})`, values: conditions.flatMap(({ values }) => values) };
}
