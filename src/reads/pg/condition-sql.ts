import type { CompareOperator, Condition } from '../condition.js';
import { comparedParameter, listParameter, literalOf, patternParameter } from './condition-parameters.js';
import { relatedRowsSql } from './relation-sql.js';
import { comparable, type Source, type StatementScope } from './source.js';

const OPERATORS: Readonly<Record<CompareOperator, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
};

type Comparison = Extract<Condition, { kind: 'compare' }>;

/**
 * The condition as a boolean expression over a source's columns, in parentheses where it needs any. Its text
 * depends on the condition's shape, not on values (booleans apart) or their number.
 */
export function conditionSql(scope: StatementScope, source: Source, condition: Condition): string {
  switch (condition.kind) {
    case 'all':
      return joinSql(scope, source, condition.of, 'AND');
    case 'any':
      return joinSql(scope, source, condition.of, 'OR');
    case 'not':
      return `(NOT ${conditionSql(scope, source, condition.of)})`;
    case 'compare':
      return compareSql(scope, source, condition);
    case 'in':
      return inSql(scope, source, condition);
    case 'text':
      return textSql(scope, source, condition);
    case 'null': {
      const { name } = source.model.getColumn(condition.column);
      return `(${source.alias}.${name} IS ${condition.negated ? 'NOT NULL' : 'NULL'})`;
    }
    case 'related': {
      const relation = source.model.getRelation(condition.relation);
      const target = scope.createSource(scope.catalog.get(relation.target));
      const { from, meets } = relatedRowsSql(scope, source, relation, target);
      const where = conditionSql(scope, target, condition.where);
      const exists = `EXISTS (SELECT FROM ${from} WHERE ${meets} AND ${where})`;
      return condition.quantifier === 'some' ? exists : `(NOT ${exists})`;
    }
  }
}

function joinSql(
  scope: StatementScope,
  source: Source,
  parts: readonly Condition[],
  operator: 'AND' | 'OR',
): string {
  if (parts.length === 0) return operator === 'AND' ? 'TRUE' : 'FALSE';
  const sql = parts.map((part) => conditionSql(scope, source, part));
  return sql.length === 1 ? sql.join() : `(${sql.join(` ${operator} `)})`;
}

function compareSql(scope: StatementScope, source: Source, condition: Comparison): string {
  const column = source.model.getColumn(condition.column);
  const parameter = comparedParameter(column, condition);
  const value = literalOf(column, parameter) ?? scope.parameters.add(parameter, column.parameterType);
  return `(${comparable(source, column)} ${OPERATORS[condition.op]} ${value})`;
}

function inSql(scope: StatementScope, source: Source, condition: Extract<Condition, { kind: 'in' }>): string {
  const column = source.model.getColumn(condition.column);
  const values = listParameter(column, condition);
  const reference = comparable(source, column);
  if (column.column.isList) {
    // PostgreSQL has no arrays of arrays of different lengths: the lists travel as text.
    const list = scope.parameters.add(values, 'text[]');
    const lists = `(SELECT list::${column.parameterType} FROM unnest(${list}) AS list)`;
    return `(${reference} ${condition.negated ? '<> ALL' : '= ANY'} ${lists})`;
  }
  const list = scope.parameters.add(values, `${column.parameterType}[]`);
  return `(${reference} ${condition.negated ? `<> ALL (${list})` : `= ANY (${list})`})`;
}

/**
 * LIKE, since indexes with pattern operators and trigram indexes serve it, while `strpos` and `starts_with`
 * use neither.
 */
function textSql(
  scope: StatementScope,
  source: Source,
  condition: Extract<Condition, { kind: 'text' }>,
): string {
  const column = source.model.getColumn(condition.column);
  const pattern = scope.parameters.add(patternParameter(condition), 'text');
  const reference = `${source.alias}.${column.name}`;
  return `(${column.isText ? reference : `${reference}::text`} LIKE ${pattern})`;
}
