import {
  type GraphQLArgument,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';
import { didYouMean } from '../../kernel/suggestion.js';
import type { Column, Model } from '../../model/model-graph.js';
import type { OrderTable } from '../bindings.js';
import { findDirectiveName } from '../sdl/directive-arguments.js';
import type { SchemaFaultList } from '../sdl/schema-faults.js';
import { findOrderFault } from './ordered-columns.js';

/** Binds an `orderBy` argument: `[{ field: NAME, direction: ASC, nulls: LAST }]`, `field` an enum of columns. */
export function bindOrder(
  argument: GraphQLArgument,
  model: Model,
  place: string,
  faults: SchemaFaultList,
): OrderTable | null {
  const input = getNamedType(argument.type);
  const field = isInputObjectType(input) ? input.getFields().field : undefined;
  const fieldType = field === undefined ? undefined : getNamedType(field.type);
  if (!isInputObjectType(input) || !isEnumType(fieldType)) {
    const shape = 'an input with field (an enum), direction (OrderDirection) and nulls (NullsOrder)';
    faults.add(argument.astNode, `${place} must be ${shape}`);
    return null;
  }
  for (const part of Object.values(input.getFields())) {
    const expected =
      part.name === 'direction' ? 'OrderDirection' : part.name === 'nulls' ? 'NullsOrder' : fieldType.name;
    const isKnown = part.name === 'field' || part.name === 'direction' || part.name === 'nulls';
    if (!isKnown || getNamedType(part.type).name !== expected) {
      faults.add(
        part.astNode,
        `${input.name}.${part.name} must be one of field, direction: OrderDirection, nulls: NullsOrder`,
      );
    }
  }
  const columns = new Map<string, Column>();
  for (const value of fieldType.getValues()) {
    const name = findDirectiveName(value, 'column') ?? toCamelCase(value.name);
    const column = model.columns.get(name) ?? findIgnoringCase(model, name);
    if (column === null) {
      const problem = `${fieldType.name}.${value.name} stands for no column of ${model.name}`;
      faults.add(value.astNode, `${problem}${didYouMean(name, model.columns.keys())}`);
      continue;
    }
    const problem = findOrderFault(column);
    if (problem !== null) {
      faults.add(
        value.astNode,
        `${fieldType.name}.${value.name}: rows can't be ordered by ${column.name}, which ${problem}`,
      );
    } else {
      columns.set(value.name, column);
    }
  }
  return { columns, isList: isListType(getNullableType(argument.type)) };
}

/** `CREATED_AT` -> `createdAt`. */
function toCamelCase(name: string): string {
  return name.toLowerCase().replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function findIgnoringCase(model: Model, name: string): Column | null {
  const plain = name.replaceAll('_', '').toLowerCase();
  for (const column of model.columns.values()) {
    if (column.name.replaceAll('_', '').toLowerCase() === plain) return column;
  }
  return null;
}
