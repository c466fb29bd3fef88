import { badUserInput } from '../kernel/sluice-error.js';
import type { Column } from '../model/model-graph.js';
import type { Key, RowValue } from '../reads/row.js';
import type { ObjectBinding } from './bindings.js';
import { keyColumnsOf, parseKeyText, splitGlobalId } from './global-id.js';

type InputPath = readonly (string | number)[];

/**
 * The key in a global id of one of `typeNames`, whose model has these key columns.
 *
 * @throws SluiceError `BAD_USER_INPUT` where it is no global id, or one of another type
 */
export function decodeId(
  id: string,
  typeNames: readonly string[],
  columns: readonly Column[],
  path: InputPath,
): Key {
  const parts = splitGlobalId(id);
  const wanted = typeNames.join(' or ');
  const key =
    parts === null || !typeNames.includes(parts.typeName) ? null : parseKeyText(parts.keyText, columns);
  if (key === null) throw badUserInput(path, `is not a global id of type ${wanted}`);
  return key;
}

/** The single key value in a global id that stands for `column`. */
export function decodeKeyId(
  id: string,
  typeNames: readonly string[],
  column: Column,
  path: InputPath,
): RowValue {
  const [value] = decodeId(id, typeNames, [column], path);
  if (value === undefined) throw badUserInput(path, 'is not a global id');
  return value;
}

/** The type and key in a global id of any type of the API; null where no type of that name implements Node. */
export function decodeNodeId(
  id: string,
  objects: ReadonlyMap<string, ObjectBinding>,
  path: InputPath,
): { readonly binding: ObjectBinding; readonly key: Key } {
  const parts = splitGlobalId(id);
  const binding = parts === null ? undefined : objects.get(parts.typeName);
  const key =
    parts === null || binding === undefined ? null : parseKeyText(parts.keyText, keyColumnsOf(binding.model));
  if (binding === undefined || key === null || !binding.isNode)
    throw badUserInput(path, 'is not a global id of this API');
  return { binding, key };
}

/**
 * The key's text in a global id of type `typeName`, for resolvers written by hand: `"42"`, or for a composite key its
 * values as JSON.
 *
 * @throws SluiceError `BAD_USER_INPUT` where it is no global id, or one of another type
 */
export function parseGlobalId(id: string, typeName: string, path: InputPath): string {
  const parts = splitGlobalId(id);
  if (parts?.typeName !== typeName) throw badUserInput(path, `is not a global id of type ${typeName}`);
  return parts.keyText;
}
