import {
  type GraphQLLeafType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  isEnumType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { RowValue } from '../../reads/row.js';
import { ENGINE_SCALARS } from '../scalars/engine-scalars.js';
import { BAIL } from './bail.js';

/** Makes what an answer shows of a row value. @throws Bail where that is an error */
export type Show = (value: RowValue) => unknown;

/** Shows values of a leaf field's type, null and lists included. */
export function compileLeaf(type: GraphQLOutputType): Show {
  if (isNonNullType(type)) {
    const show = compileLeaf(type.ofType);
    return (value) => {
      const shown = show(value);
      if (shown === null) throw BAIL;
      return shown;
    };
  }
  if (isListType(type)) {
    const show = compileLeaf(type.ofType);
    return (value) => {
      if (value === null) return null;
      if (!Array.isArray(value)) throw BAIL;
      return value.map(show);
    };
  }
  const show = compileNamed(type as GraphQLLeafType);
  return (value) => (value === null ? null : show(value));
}

function compileNamed(type: GraphQLLeafType): Show {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map((value) => value.name));
    return (value) => (typeof value === 'string' && names.has(value) ? value : bail());
  }
  switch (type.name) {
    case 'String':
      return (value) => (typeof value === 'string' ? value : serialize(type, value));
    case 'ID':
      return (value) => (typeof value === 'string' ? value : serialize(type, value));
    case 'Boolean':
      return (value) => (typeof value === 'boolean' ? value : serialize(type, value));
    case 'Float':
      return (value) =>
        typeof value === 'number' && Number.isFinite(value) ? value : serialize(type, value);
    default:
      if (ENGINE_SCALARS.get(type.name)?.serialize === type.serialize && type.name !== 'JSON') {
        // The engine's scalars show texts as they are.
        return (value) => (typeof value === 'string' ? value : serialize(type, value));
      }
      return (value) => serialize(type, value);
  }
}

function serialize(type: GraphQLScalarType, value: RowValue): unknown {
  try {
    const shown: unknown = type.serialize(value);
    // graphql-js words what a scalar must not give.
    if (shown === undefined || shown === null) throw BAIL;
    return shown;
  } catch {
    throw BAIL;
  }
}

function bail(): never {
  throw BAIL;
}
