import type { Column } from '../../model/model-graph.js';
import { parseIsoDateTime, toUtc } from '../iso-time.js';
import type { Key, RowValue } from '../row.js';
import { findTimeKind } from './model-parts.js';

/** One text for all keys that PostgreSQL holds equal, so that rows are found for keys however they were written. */
export function toKeyText(columns: readonly Column[], key: Key): string {
  return JSON.stringify(columns.map((column, index) => toEqualText(column, key[index] ?? null)));
}

function toEqualText(column: Column, value: RowValue): RowValue {
  if (value === null) return null;
  const text = String(value);
  switch (column.type) {
    case 'String':
      if (column.pgType === 'uuid' || column.pgType === 'citext') return text.toLowerCase();
      return column.pgType === 'bpchar' ? text.replace(/ +$/, '') : text;
    case 'Int':
    case 'BigInt':
      return BigInt(text).toString();
    case 'Float':
      // -0 equals 0.
      return String(Number(text) + 0);
    case 'Decimal':
      return toPlainDecimal(text);
    case 'DateTime':
      return findTimeKind(column)?.startsWith('timestamp') === true ? toUtcText(text) : text;
    default:
      return value;
  }
}

function toPlainDecimal(text: string): string {
  const match = /^([+-]?)0*(\d*?)(?:\.(\d*?)0*)?$/.exec(text);
  if (match === null) return text;
  const [, sign, whole = '', fraction = ''] = match;
  const digits = `${whole}.${fraction}`;
  return digits === '.' ? '0' : `${sign === '-' ? '-' : ''}${digits}`;
}

function toUtcText(text: string): string {
  const parsed = parseIsoDateTime(text);
  if (parsed === null) return text;
  const { year, month, day, hour, minute, second, fraction } = toUtc(parsed);
  return JSON.stringify([year, month, day, hour, minute, second, fraction.replace(/0+$/, '')]);
}
