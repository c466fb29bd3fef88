import { type FieldNode, isObjectType } from 'graphql';
import type { RowValue } from '../../reads/row.js';
import type { AggregateBinding } from '../bindings.js';
import {
  collectResponseFields,
  collectSelectedFields,
  nameOfField,
  type SelectionScope,
} from '../execution/selected-fields.js';
import { compileLeaf } from './compile-leaf.js';
import { compileObject, type FieldCode, type ObjectField } from './compile-object.js';
import type { CompileScope } from './compile-scope.js';
import { Uncompilable } from './uncompilable.js';

type Values = readonly RowValue[];

/** Shapes aggregates' values, which stand in the order of `planAggregates`, as the selection asks. */
export function compileAggregate(
  scope: CompileScope,
  binding: AggregateBinding,
  nodes: readonly FieldNode[],
): FieldCode<Values> {
  const positions = findPositions(scope.selection, binding, nodes);
  const fields: ObjectField<Values>[] = [];
  for (const [key, fieldNodes] of collectResponseFields(scope.selection, binding.type, nodes)) {
    const name = nameOfField(fieldNodes);
    const group = binding.groups.get(name);
    if (name === '__typename') fields.push({ key, code: () => binding.type.name });
    else if (binding.counts.includes(name)) fields.push({ key, code: read(positions, name) });
    else if (group !== undefined && isObjectType(group.type)) {
      fields.push({ key, code: compileGroup(scope, group.type, name, fieldNodes, positions) });
    } else throw new Uncompilable(`${binding.type.name}.${name}`);
  }
  return compileObject(fields, scope.size);
}

function compileGroup(
  scope: CompileScope,
  type: AggregateBinding['type'],
  group: string,
  nodes: readonly FieldNode[],
  positions: ReadonlyMap<string, number>,
): FieldCode<Values> {
  const fields: ObjectField<Values>[] = [];
  for (const [key, fieldNodes] of collectResponseFields(scope.selection, type, nodes)) {
    const name = nameOfField(fieldNodes);
    const field = type.getFields()[name];
    if (name === '__typename') fields.push({ key, code: () => type.name });
    else if (field === undefined) throw new Uncompilable(`${type.name}.${name}`);
    else {
      const show = compileLeaf(field.type);
      const value = read(positions, `${group}.${name}`);
      fields.push({ key, code: (values) => show(value(values)) });
    }
  }
  return compileObject(fields, scope.size);
}

function read(positions: ReadonlyMap<string, number>, name: string): (values: Values) => RowValue {
  const position = positions.get(name);
  if (position === undefined) throw new Uncompilable(name);
  return (values) => values[position] ?? null;
}

/** The same walk as `planAggregates`, noting places instead of aggregates. */
function findPositions(
  scope: SelectionScope,
  binding: AggregateBinding,
  nodes: readonly FieldNode[],
): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const [name, fieldNodes] of collectSelectedFields(scope, binding.type, nodes)) {
    if (binding.counts.includes(name)) positions.set(name, positions.size);
    const group = binding.groups.get(name);
    if (group === undefined || !isObjectType(group.type)) continue;
    for (const field of collectSelectedFields(scope, group.type, fieldNodes).keys()) {
      if (group.fields.has(field)) positions.set(`${name}.${field}`, positions.size);
    }
  }
  return positions;
}
