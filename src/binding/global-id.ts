import type { Column, Model } from '../model/model-graph.js';
import type { Key, Row, RowValue } from '../reads/row.js';
import { checkValue } from './inputs/check-value.js';

/** Global ids longer than this are refused unread; a key is not that long. In characters. */
const MAX_LENGTH = 4_096;

/** An object's global id: base64url of its type's name and its key, so that it is opaque and safe in a URL. */
export function encodeGlobalId(typeName: string, key: Key): string {
  const [only] = key;
  // A single key is written plainly; several as JSON, which no text inside can break out of.
  const text = key.length === 1 && !Array.isArray(only) ? String(only) : JSON.stringify(key);
  return Buffer.from(`${typeName}:${text}`).toString('base64url');
}

/** The type's name and the key's text, or null where `id` is no global id at all. */
export function splitGlobalId(id: string): { readonly typeName: string; readonly keyText: string } | null {
  if (id.length === 0 || id.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+={0,2}$/.test(id)) return null;
  const text = Buffer.from(id, 'base64url').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1 || text.includes('\uFFFD')) return null;
  return { typeName: text.slice(0, colon), keyText: text.slice(colon + 1) };
}

/** The key's values for `columns`, or null where the text is not a key of these columns. */
export function parseKeyText(keyText: string, columns: readonly Column[]): Key | null {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) {
    const value = parseKeyValue(keyText, only);
    return value === null ? null : [value];
  }
  let parts: unknown;
  try {
    parts = JSON.parse(keyText);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  if (!Array.isArray(parts) || parts.length !== columns.length) return null;
  const key = columns.map((column, index) => parseKeyValue(String(parts[index]), column));
  return key.every((value) => value !== null) ? key : null;
}

function parseKeyValue(text: string, column: Column): RowValue | null {
  const value =
    column.type === 'Int' || column.type === 'Float'
      ? Number(text)
      : column.type === 'Boolean'
        ? text === 'true'
        : text;
  if (column.type === 'Int' && !/^-?\d{1,10}$/.test(text)) return null;
  return checkValue(column, value) === null ? value : null;
}

/** The columns of a model's key, in order; empty for a view without one. */
export function keyColumnsOf(model: Model): readonly Column[] {
  return (model.primaryKey ?? []).flatMap((name) => {
    const column = model.columns.get(name);
    return column === undefined ? [] : [column];
  });
}

/** A row's key, or null where the row lacks one of its columns. */
export function keyOf(row: Row, keyColumns: readonly string[]): Key | null {
  const key: RowValue[] = [];
  for (const name of keyColumns) {
    const value = row[name];
    if (value === undefined || value === null) return null;
    key.push(value);
  }
  return key;
}
