import type { Column, EnumType } from '../../model/model-graph.js';
import { type ArrayText, parseArrayText } from '../../model/sql/array-text.js';
import type { RowValue } from '../row.js';
import { decodeDate, decodeTime, decodeTimestamp } from './decode-time.js';

/** Makes a `RowValue` of a value's text as PostgreSQL prints it; NULL doesn't get here. */
export type Decode = (text: string) => RowValue;

/** The decoder for a column's values: for a list column, of whole lists. */
export function createDecoder(column: Column, enumType: EnumType | null): Decode {
  const decodeElement = createElementDecoder(column, enumType);
  return column.isList ? (text) => decodeElements(parseArrayText(text), decodeElement) : decodeElement;
}

function createElementDecoder(column: Column, enumType: EnumType | null): Decode {
  switch (column.type) {
    case 'String':
    case 'BigInt':
    case 'Decimal':
      return decodeText;
    case 'Boolean':
      return (text) => text === 't';
    case 'Int':
    case 'Float':
      // Number reads NaN, Infinity and -Infinity as PostgreSQL prints them.
      return Number;
    case 'DateTime':
      if (column.pgType.startsWith('date')) return decodeDate;
      return /^time(?!stamp)/.test(column.pgType) ? decodeTime : decodeTimestamp;
    case 'Json':
      return (text) => JSON.parse(text) as RowValue;
    case 'Bytes':
      return decodeBytes;
    case 'Enum':
      return createEnumDecoder(enumType);
  }
}

function decodeText(text: string): string {
  return text;
}

function decodeElements(elements: ArrayText, decodeElement: Decode): RowValue {
  return elements.map((element) => {
    if (element === null) return null;
    return typeof element === 'string' ? decodeElement(element) : decodeElements(element, decodeElement);
  });
}

/** Both of PostgreSQL's `bytea_output` formats: `\x` and hex, or ASCII with escapes. */
function decodeBytes(text: string): string {
  if (text.startsWith('\\x')) return Buffer.from(text.slice(2), 'hex').toString('base64');
  const bytes = text.replaceAll(/\\(\d{3}|\\)/g, (_, escaped: string) =>
    escaped === '\\' ? '\\' : String.fromCharCode(Number.parseInt(escaped, 8)),
  );
  return Buffer.from(bytes, 'latin1').toString('base64');
}

/** A value that was added to the type after the model had been generated keeps its database name. */
function createEnumDecoder(enumType: EnumType | null): Decode {
  const names = new Map(enumType?.values.map(({ name, dbName }) => [dbName, name]));
  return (text) => names.get(text) ?? text;
}
