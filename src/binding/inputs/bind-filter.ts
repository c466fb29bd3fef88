import {
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
} from 'graphql';
import { didYouMean } from '../../kernel/suggestion.js';
import type { Column, Model, ModelGraph, Relation } from '../../model/model-graph.js';
import { ALWAYS, type Condition } from '../../reads/condition.js';
import type { FilterField, FilterTable } from '../bindings.js';
import { findScalarMisfit } from '../outputs/scalar-fit.js';
import { findDirectiveName } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import { findOrderFault } from './ordered-columns.js';

const VALUE_OPERATORS = [
  'eq',
  'ne',
  'in',
  'notIn',
  'lt',
  'lte',
  'gt',
  'gte',
  'contains',
  'startsWith',
  'isNull',
];
const ORDERED_OPERATORS = new Set(['lt', 'lte', 'gt', 'gte']);
const TEXT_OPERATORS = new Set(['contains', 'startsWith']);

/** What binding a filter needs to know of the types around it. */
export interface FilterScope {
  readonly graph: ModelGraph;
  readonly faults: SchemaFaultList;
  /** Types implementing Node that stand for a model's rows: their global ids stand for its key. */
  nodeTypesOf(model: Model): readonly string[];
  /** Rows of the target that a relation shows, from the type of the field of that name, if there is one. */
  visibleThrough(model: Model, relation: Relation): () => Condition;
}

/**
 * Binds filter inputs to models. An input may be used for several models and refers to itself through `and`,
 * `or` and relations, so tables are kept per pair and handed out before their fields are known.
 */
export class FilterBinder {
  readonly #tables = new Map<string, FilterTable>();

  constructor(private readonly scope: FilterScope) {}

  bind(input: GraphQLInputObjectType, model: Model): FilterTable {
    const key = `${input.name} ${model.name}`;
    const known = this.#tables.get(key);
    if (known !== undefined) return known;
    const fields = new Map<string, FilterField>();
    const table: FilterTable = { inputName: input.name, model, fields };
    this.#tables.set(key, table);
    for (const field of Object.values(input.getFields())) {
      const bound = this.#bindField(input, field, model);
      if (bound !== null) fields.set(field.name, bound);
    }
    return table;
  }

  #bindField(input: GraphQLInputObjectType, field: GraphQLInputField, model: Model): FilterField | null {
    const { faults } = this.scope;
    const type = getNamedType(field.type);
    if ((field.name === 'and' || field.name === 'or' || field.name === 'not') && type === input) {
      const wantsList = field.name !== 'not';
      if (isListType(getNullableType(field.type)) !== wantsList) {
        faults.add(
          field.astNode,
          `${input.name}.${field.name} must be ${wantsList ? `[${input.name}!]` : input.name}`,
        );
      }
      return { kind: field.name, table: () => this.bind(input, model) };
    }
    const columnName = findDirectiveName(field, 'column') ?? field.name;
    const column = model.columns.get(columnName);
    if (column !== undefined) return this.#bindColumn(input, field, model, column, type);
    const relationName = findDirectiveName(field, 'relation') ?? field.name;
    const relation = model.relations.get(relationName);
    if (relation !== undefined) return this.#bindRelation(input, field, model, relation, type);
    const known = [...model.columns.keys(), ...model.relations.keys()];
    const problem = `${input.name}.${field.name} is neither a column nor a relation of ${model.name}`;
    faults.add(field.astNode, `${problem}${didYouMean(field.name, known)}`);
    return null;
  }

  #bindColumn(
    input: GraphQLInputObjectType,
    field: GraphQLInputField,
    model: Model,
    column: Column,
    type: GraphQLNamedType,
  ): FilterField | null {
    const { faults, graph } = this.scope;
    const place = `${input.name}.${field.name}`;
    if (!isInputObjectType(type)) {
      faults.add(
        field.astNode,
        `${place} must be an input of operators, such as { eq in gt isNull }, not ${type.name}`,
      );
      return null;
    }
    for (const operator of Object.values(type.getFields())) {
      const problem = findOperatorFault(operator, column, graph);
      if (problem !== null) faults.add(field.astNode, `${place}: ${type.name}.${operator.name} ${problem}`);
    }
    const operators = type.getFields();
    return {
      kind: 'column',
      column,
      globalIdTypes: this.globalIdTypesOf(model, column, takesIds(type)),
      hasEquality: 'eq' in operators || 'in' in operators,
    };
  }

  /** The types whose global ids a column's values are written as where SDL calls them `ID`. */
  globalIdTypesOf(model: Model, column: Column, isId: boolean): readonly string[] {
    if (!isId) return [];
    if (model.primaryKey?.length === 1 && model.primaryKey[0] === column.name)
      return this.scope.nodeTypesOf(model);
    for (const relation of model.relations.values()) {
      const { link } = relation;
      if (
        link.kind !== 'columns' ||
        link.keyOn !== 'local' ||
        link.local.length !== 1 ||
        link.local[0] !== column.name
      )
        continue;
      const target = this.scope.graph.models.get(relation.target);
      if (target?.primaryKey?.length === 1 && target.primaryKey[0] === link.foreign[0])
        return this.scope.nodeTypesOf(target);
    }
    return [];
  }

  #bindRelation(
    input: GraphQLInputObjectType,
    field: GraphQLInputField,
    model: Model,
    relation: Relation,
    type: GraphQLNamedType,
  ): FilterField | null {
    const { faults, graph } = this.scope;
    const place = `${input.name}.${field.name}`;
    const target = graph.models.get(relation.target);
    const quantifiers = relation.cardinality === 'one' ? ['is'] : ['some', 'none'];
    if (!isInputObjectType(type) || target === undefined) {
      faults.add(
        field.astNode,
        `${place} must be an input with ${quantifiers.join(' and ')}, not ${type.name}`,
      );
      return null;
    }
    let filter: GraphQLInputObjectType | null = null;
    for (const quantifier of Object.values(type.getFields())) {
      const inner = getNamedType(quantifier.type);
      if (!quantifiers.includes(quantifier.name)) {
        const problem = `${place}: ${type.name}.${quantifier.name} is not for a to-${relation.cardinality} relation`;
        faults.add(quantifier.astNode, `${problem} (${quantifiers.join(', ')})`);
      } else if (!isInputObjectType(inner) || (filter !== null && filter !== inner)) {
        faults.add(quantifier.astNode, `${place}: ${type.name}.${quantifier.name} must be one filter input`);
      } else {
        filter = inner;
      }
    }
    if (filter === null) return null;
    const bound = filter;
    // Bound now, so that its faults are found at start; the table is handed out even while still open.
    const table = this.bind(bound, target);
    return {
      kind: 'relation',
      relation,
      table: () => table,
      where: this.scope.visibleThrough(model, relation),
    };
  }
}

/** Rows that no type narrows. */
export const EVERY_ROW = (): Condition => ALWAYS;

function takesIds(operators: GraphQLInputObjectType): boolean {
  const fields = Object.values(operators.getFields()).filter((field) => field.name !== 'isNull');
  return fields.length > 0 && fields.every((field) => getNamedType(field.type).name === 'ID');
}

function findOperatorFault(operator: GraphQLInputField, column: Column, graph: ModelGraph): string | null {
  const { name } = operator;
  const type: GraphQLInputType = getNullableType(operator.type);
  if (!VALUE_OPERATORS.includes(name)) return `is not an operator${didYouMean(name, VALUE_OPERATORS)}`;
  if (name === 'isNull') return getNamedType(type).name === 'Boolean' ? null : 'must be a Boolean';
  if (TEXT_OPERATORS.has(name) && (column.type !== 'String' || column.isList || column.pgType === 'uuid')) {
    return `is for text, and ${column.name} is ${column.isList ? 'a list' : column.pgType}`;
  }
  const orderFault = ORDERED_OPERATORS.has(name) ? findOrderFault(column) : null;
  if (orderFault !== null) return `needs an order, and ${column.name} ${orderFault}`;
  if (column.pgType === 'timetz')
    return `compares, and ${column.name} is a timetz, shown without its zone: only isNull holds`;
  if (column.type === 'Json' && column.pgType === 'json')
    return 'compares, which PostgreSQL can only for jsonb';
  if ((name === 'in' || name === 'notIn') && column.isList)
    return `is not for a list, and ${column.name} is one`;
  const wantsList = column.isList || name === 'in' || name === 'notIn';
  if (isListType(type) !== wantsList) return wantsList ? 'must take a list' : 'must take a single value';
  const misfit = findScalarMisfit(column, getNamedType(type), graph);
  return misfit;
}
