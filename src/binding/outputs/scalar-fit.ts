import { type GraphQLNamedType, isEnumType, isScalarType } from 'graphql';
import type { Column, ModelGraph } from '../../model/model-graph.js';
import { ENGINE_SCALARS } from '../scalars/engine-scalars.js';

const BUILT_IN = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

/** The scalars that show a column's values without loss, the fittest first. */
function fittingScalars(column: Column): readonly string[] {
  switch (column.type) {
    case 'String':
      return column.pgType === 'uuid' ? ['UUID', 'ID', 'String'] : ['String', 'ID'];
    case 'Boolean':
      return ['Boolean'];
    case 'Int':
      return ['Int', 'ID', 'Float', 'BigInt'];
    case 'BigInt':
      return ['BigInt', 'ID', 'String'];
    case 'Float':
      return ['Float', 'Decimal'];
    case 'Decimal':
      return ['Decimal', 'String'];
    case 'DateTime':
      if (column.pgType === 'date') return ['Date', 'String'];
      return column.pgType.startsWith('time(') ||
        column.pgType.startsWith('timetz') ||
        column.pgType === 'time'
        ? ['Time', 'String']
        : ['DateTime', 'String'];
    case 'Json':
      return ['JSON'];
    case 'Bytes':
      return ['Bytes', 'String'];
    case 'Enum':
      return ['String'];
  }
}

/**
 * What keeps `type` from showing or taking a column's values, in words that follow the field's name, or null.
 * A scalar of the app's own fits every column: its code decides.
 */
export function findScalarMisfit(column: Column, type: GraphQLNamedType, graph: ModelGraph): string | null {
  if (isEnumType(type))
    return findEnumMisfit(
      column,
      type.getValues().map((value) => value.name),
      type.name,
      graph,
    );
  const fitting = fittingScalars(column);
  if (isScalarType(type)) {
    const isOurs = BUILT_IN.has(type.name) || ENGINE_SCALARS.has(type.name);
    if (!isOurs || fitting.includes(type.name)) return null;
  }
  const wanted =
    column.type === 'Enum' ? `an enum with the values of ${column.enumName}` : fitting.join(' or ');
  return `is of type ${type.name}, which can't hold a ${column.type} column (${column.pgType}): use ${wanted}`;
}

function findEnumMisfit(
  column: Column,
  names: readonly string[],
  typeName: string,
  graph: ModelGraph,
): string | null {
  const values = column.enumName === null ? null : (graph.enums.get(column.enumName)?.values ?? null);
  if (values === null) return `is of enum ${typeName}, but its column is a ${column.type}`;
  const known = new Set(values.map((value) => value.name));
  const surplus = names.filter((name) => !known.has(name));
  if (surplus.length > 0)
    return `is of enum ${typeName}, whose ${surplus.join(', ')} the model's ${column.enumName} lacks`;
  const missing = values.filter((value) => !names.includes(value.name)).map((value) => value.name);
  if (missing.length > 0)
    return `is of enum ${typeName}, which lacks ${missing.join(', ')} of the model's ${column.enumName}`;
  return null;
}
