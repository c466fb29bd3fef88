import type { Condition } from '../condition.js';
import type { PlanInput } from '../plan/read-plan.js';
import { comparedParameter, listParameter, literalOf, patternParameter } from './condition-parameters.js';
import type { ModelSql, ModelSqlCatalog } from './model-sql.js';

/**
 * What an input or a condition adds to a statement: all that its text depends on, and the parameters in the order in
 * which `pageSql` and `conditionSql` take them. Two of one shape give one text.
 */
export interface InputShape {
  readonly signature: string;
  readonly values: readonly (string | null)[];
}

/** The page of rows that an input describes, as `pageSql` writes it. */
export function shapeOfPage(catalog: ModelSqlCatalog, model: ModelSql, input: PlanInput): InputShape {
  const shape = new ShapeWriter(catalog);
  shape.addCondition(model, input.where);
  if (input.after !== null) {
    for (const [index, { column }] of input.order.entries()) {
      const value = input.after[index] ?? null;
      if (value === null) shape.signature += 'n';
      else shape.addParameter('v', model.getColumn(column).encode(value));
    }
  }
  for (const { column, direction, nulls } of input.order) {
    shape.signature += ` ${column} ${direction} ${nulls}`;
  }
  if (input.limit !== null) shape.addParameter(' limit', String(input.limit));
  return shape;
}

/** A condition, as `conditionSql` writes it. */
export function shapeOfCondition(
  catalog: ModelSqlCatalog,
  model: ModelSql,
  condition: Condition,
): InputShape {
  const shape = new ShapeWriter(catalog);
  shape.addCondition(model, condition);
  return shape;
}

class ShapeWriter implements InputShape {
  signature = '';
  readonly values: (string | null)[] = [];

  constructor(private readonly catalog: ModelSqlCatalog) {}

  addParameter(text: string, value: string | null): void {
    this.signature += text;
    this.values.push(value);
  }

  addCondition(model: ModelSql, condition: Condition): void {
    switch (condition.kind) {
      case 'all':
      case 'any':
        this.signature += condition.kind === 'all' ? 'and(' : 'or(';
        for (const part of condition.of) this.addCondition(model, part);
        this.signature += ')';
        break;
      case 'not':
        this.signature += 'not(';
        this.addCondition(model, condition.of);
        this.signature += ')';
        break;
      case 'compare': {
        const column = model.getColumn(condition.column);
        const value = comparedParameter(column, condition);
        const literal = literalOf(column, value);
        this.signature += `${condition.column} ${condition.op} `;
        if (literal === null) this.addParameter('$,', value);
        else this.signature += `${literal},`;
        break;
      }
      case 'in': {
        const list = listParameter(model.getColumn(condition.column), condition);
        this.addParameter(`${condition.column} ${condition.negated ? 'not in' : 'in'} $,`, list);
        break;
      }
      case 'text':
        this.addParameter(`${condition.column} like $,`, patternParameter(condition));
        break;
      case 'null':
        this.signature += `${condition.column} ${condition.negated ? 'not null' : 'null'},`;
        break;
      case 'related': {
        const { target } = model.getRelation(condition.relation);
        this.signature += `${condition.quantifier} ${condition.relation}(`;
        this.addCondition(this.catalog.get(target), condition.where);
        this.signature += ')';
        break;
      }
    }
  }
}
