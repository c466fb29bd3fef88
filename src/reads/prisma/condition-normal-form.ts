import type { CompareOperator, Condition } from '../condition.js';

const OPPOSITES: Readonly<Record<CompareOperator, CompareOperator>> = {
  eq: 'ne',
  ne: 'eq',
  lt: 'gte',
  gte: 'lt',
  gt: 'lte',
  lte: 'gt',
};

/**
 * The same condition with every `not` moved down to a leaf, where it disappears into the opposite operator
 * (PostgreSQL orders all values of a type, NaN included, so each operator has one); only a text leaf keeps it.
 *
 * Above the leaves no negation is left then, so unknown and false come to the same, and a leaf may be
 * replaced by the set of rows for which it is true.
 */
export function pushNotInward(condition: Condition): Condition {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return { kind: condition.kind, of: condition.of.map(pushNotInward) };
    case 'not':
      return negate(condition.of);
    case 'related':
      return { ...condition, where: pushNotInward(condition.where) };
    default:
      return condition;
  }
}

/** True where the condition is false; unknown where it is unknown. */
function negate(condition: Condition): Condition {
  switch (condition.kind) {
    case 'all':
      return { kind: 'any', of: condition.of.map(negate) };
    case 'any':
      return { kind: 'all', of: condition.of.map(negate) };
    case 'not':
      return pushNotInward(condition.of);
    case 'compare':
      return { ...condition, op: OPPOSITES[condition.op] };
    case 'in':
    case 'null':
      return { ...condition, negated: !condition.negated };
    case 'text':
      return { kind: 'not', of: condition };
    case 'related':
      return {
        ...condition,
        quantifier: condition.quantifier === 'some' ? 'none' : 'some',
        where: pushNotInward(condition.where),
      };
  }
}

/** True where a condition of this normal form is false or unknown, else false. */
export function isNotTrue(condition: Condition): Condition {
  switch (condition.kind) {
    case 'all':
      return { kind: 'any', of: condition.of.map(isNotTrue) };
    case 'any':
      return { kind: 'all', of: condition.of.map(isNotTrue) };
    case 'not':
      return condition.of.kind === 'text'
        ? orNull(condition.of, condition.of.column)
        : isNotTrue(pushNotInward(condition));
    case 'compare':
    case 'text':
      return orNull(negate(condition), condition.column);
    case 'in':
      // Nothing is in an empty list, NULL neither: that is known.
      return condition.values.length === 0 ? negate(condition) : orNull(negate(condition), condition.column);
    case 'null':
    case 'related':
      return negate(condition);
  }
}

function orNull(condition: Condition, column: string): Condition {
  return { kind: 'any', of: [condition, { kind: 'null', column, negated: false }] };
}
