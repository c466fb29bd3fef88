import type { Column, ModelGraph } from '../../src/model/model-graph.js';
import type { CompareOperator, Condition } from '../../src/reads/condition.js';
import type { Row, RowValue } from '../../src/reads/row.js';

/** Everything in the database, in memory: rows by model, and pairs of join tables by table name. */
export interface Memory {
  readonly graph: ModelGraph;
  readonly rows: ReadonlyMap<string, readonly Row[]>;
  readonly pairs: ReadonlyMap<string, readonly { readonly A: RowValue; readonly B: RowValue }[]>;
}

/** SQL's three values: null is unknown. */
export type Truth = boolean | null;

/** What `condition.ts` says that a condition means, by the shortest way that can be checked by reading. */
export function evaluate(memory: Memory, model: string, row: Row, condition: Condition): Truth {
  switch (condition.kind) {
    case 'all':
      return fold(
        condition.of.map((part) => evaluate(memory, model, row, part)),
        false,
      );
    case 'any':
      return fold(
        condition.of.map((part) => evaluate(memory, model, row, part)),
        true,
      );
    case 'not':
      return negate(evaluate(memory, model, row, condition.of));
    case 'compare': {
      const column = memory.graph.models.get(model)!.columns.get(condition.column)!;
      return compare(memory, column, row[condition.column]!, condition.op, condition.value);
    }
    case 'in': {
      const column = memory.graph.models.get(model)!.columns.get(condition.column)!;
      const value = row[condition.column]!;
      const isIn = fold(
        condition.values.map((item) => compare(memory, column, value, 'eq', item)),
        true,
      );
      return condition.negated ? negate(isIn) : isIn;
    }
    case 'text': {
      const value = row[condition.column];
      if (typeof value !== 'string') return null;
      return condition.op === 'contains'
        ? value.includes(condition.value)
        : value.startsWith(condition.value);
    }
    case 'null':
      return (row[condition.column] === null) !== condition.negated;
    case 'related': {
      const { target } = memory.graph.models.get(model)!.relations.get(condition.relation)!;
      const related = findRelated(memory, model, row, condition.relation);
      const some = related.some((other) => evaluate(memory, target, other, condition.where) === true);
      return condition.quantifier === 'some' ? some : !some;
    }
  }
}

export function findRelated(memory: Memory, model: string, row: Row, name: string): readonly Row[] {
  const { link, target } = memory.graph.models.get(model)!.relations.get(name)!;
  const targets = memory.rows.get(target)!;
  if (link.kind === 'columns') {
    return targets.filter((other) =>
      link.local.every((local, index) => row[local] !== null && row[local] === other[link.foreign[index]!]),
    );
  }
  const foreign = memory.pairs
    .get(link.table)!
    .filter((pair) => pair[link.localJoinColumn] === row[link.local[0]])
    .map((pair) => pair[link.foreignJoinColumn]);
  return targets.filter((other) => foreign.includes(other[link.foreign[0]]!));
}

/** The order that PostgreSQL gives two values of a column in the collation C; NaN is the greatest number. */
export function order(memory: Memory, column: Column, a: RowValue, b: RowValue): number {
  if (Array.isArray(a) && Array.isArray(b)) {
    const element = { ...column, isList: false };
    for (let index = 0; index < Math.min(a.length, b.length); index++) {
      const difference = order(memory, element, a[index]!, b[index]!);
      if (difference !== 0) return difference;
    }
    return a.length - b.length;
  }
  switch (column.type) {
    case 'Int':
    case 'BigInt':
      return sign(BigInt(String(a)), BigInt(String(b)));
    case 'Float':
    case 'Decimal': {
      const [x, y] = [Number(a), Number(b)];
      return Number.isNaN(x) || Number.isNaN(y)
        ? Number(Number.isNaN(x)) - Number(Number.isNaN(y))
        : sign(x, y);
    }
    case 'Enum': {
      const names = memory.graph.enums.get(column.enumName!)!.values.map(({ name }) => name);
      return names.indexOf(String(a)) - names.indexOf(String(b));
    }
    case 'DateTime':
      return sign(String(a).replace('Z', ''), String(b).replace('Z', ''));
    case 'Boolean':
      return Number(a) - Number(b);
    default:
      return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
  }
}

function compare(memory: Memory, column: Column, a: RowValue, op: CompareOperator, b: RowValue): Truth {
  if (a === null || b === null) return null;
  const difference = order(memory, column, a, b);
  switch (op) {
    case 'eq':
      return difference === 0;
    case 'ne':
      return difference !== 0;
    case 'lt':
      return difference < 0;
    case 'lte':
      return difference <= 0;
    case 'gt':
      return difference > 0;
    case 'gte':
      return difference >= 0;
  }
}

/** OR where `decisive` is true, AND where it is false. */
function fold(truths: readonly Truth[], decisive: boolean): Truth {
  if (truths.includes(decisive)) return decisive;
  return truths.includes(null) ? null : !decisive;
}

function negate(truth: Truth): Truth {
  return truth === null ? null : !truth;
}

function sign<Value extends number | bigint | string>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
