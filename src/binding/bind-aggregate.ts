import {
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { didYouMean } from '../kernel/suggestion.js';
import type { Column, Model } from '../model/model-graph.js';
import type { Aggregate, AggregateFunction } from '../reads/row-reader.js';
import type { AggregateBinding } from './bindings.js';
import { findOrderFault } from './inputs/ordered-columns.js';
import { findScalarMisfit } from './outputs/scalar-fit.js';
import type { SchemaScope } from './schema-scope.js';
import { findDirectiveName } from './sdl/directive-arguments.js';

const GROUPS = ['avg', 'sum', 'min', 'max'] as const;
type Group = (typeof GROUPS)[number];

/** Whether a type has the shape of an aggregate: `count`, `avg`, `sum`, `min` or `max`, and nothing else. */
export function isAggregateType(type: GraphQLNamedType): type is GraphQLObjectType {
  return isObjectType(type) && type.name.endsWith('Aggregate');
}

/** Binds an aggregate type to a model's columns. */
export function bindAggregate(type: GraphQLObjectType, model: Model, scope: SchemaScope): AggregateBinding {
  const counts: string[] = [];
  const groups = new Map<string, { type: GraphQLObjectType; fields: Map<string, Aggregate> }>();
  for (const field of Object.values(type.getFields())) {
    const groupType = getNamedType(field.type);
    if (field.name === 'count') {
      if (groupType.name !== 'Int') scope.faults.add(field.astNode, `${type.name}.count must be an Int`);
      counts.push(field.name);
    } else if (isGroup(field.name) && isObjectType(groupType)) {
      groups.set(field.name, { type: groupType, fields: bindGroup(groupType, field.name, model, scope) });
    } else {
      const problem = `${type.name}.${field.name} must be count, or an object named avg, sum, min or max`;
      scope.faults.add(field.astNode, `${problem}${didYouMean(field.name, ['count', ...GROUPS])}`);
    }
  }
  return { type, counts, groups };
}

function bindGroup(
  type: GraphQLObjectType,
  fn: Group,
  model: Model,
  scope: SchemaScope,
): Map<string, Aggregate> {
  const fields = new Map<string, Aggregate>();
  for (const field of Object.values(type.getFields())) {
    const place = `${type.name}.${field.name}`;
    const name = findDirectiveName(field, 'column') ?? field.name;
    const column = model.columns.get(name);
    if (column === undefined) {
      const known = model.columns.keys();
      scope.faults.add(field.astNode, `${place} is no column of ${model.name}${didYouMean(name, known)}`);
      continue;
    }
    const problem = findAggregateFault(fn, column, getNamedType(field.type), scope);
    if (problem !== null) scope.faults.add(field.astNode, `${place} ${problem}`);
    if (isNonNullType(field.type)) {
      scope.faults.add(field.astNode, `${place} must be nullable: over no rows ${fn} is null`);
    }
    fields.set(field.name, { fn: fn satisfies AggregateFunction, column: column.name });
  }
  return fields;
}

function findAggregateFault(
  fn: Group,
  column: Column,
  type: GraphQLNamedType,
  scope: SchemaScope,
): string | null {
  const isNumber = ['Int', 'BigInt', 'Float', 'Decimal'].includes(column.type) && !column.isList;
  if (fn === 'sum' || fn === 'avg') {
    if (!isNumber) return `needs a number, and ${column.name} is ${column.isList ? 'a list' : column.pgType}`;
    const fitting = {
      Int: { sum: ['BigInt', 'Decimal'], avg: ['Float'] },
      BigInt: { sum: ['BigInt', 'Decimal'], avg: ['Float'] },
      Float: { sum: ['Float'], avg: ['Float'] },
      Decimal: { sum: ['Decimal'], avg: ['Decimal'] },
    }[column.type as 'Int' | 'BigInt' | 'Float' | 'Decimal'][fn];
    return fitting.includes(type.name) ? null : `must be ${fitting.join(' or ')}: ${fn} of ${column.pgType}`;
  }
  const orderFault = findOrderFault(column);
  if (orderFault !== null) return `needs an order, and ${column.name} ${orderFault}`;
  if (column.type === 'Boolean' || column.pgType === 'uuid')
    return `needs an order that min and max know, and ${column.name} has none`;
  return findScalarMisfit(column, type, scope.graph);
}

function isGroup(name: string): name is Group {
  return (GROUPS as readonly string[]).includes(name);
}
