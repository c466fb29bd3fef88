import type { Column } from '../../model/model-graph.js';
import type { RowValue } from '../../reads/row.js';

/**
 * Whether a value as Prisma Client gives it may have lost digits: its Decimal keeps no trailing zeros, its Date no
 * microseconds, a number above 2^53 not even itself.
 */
export function isInexact(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isInexact);
  return value instanceof Date || isDecimal(value);
}

/** A value as a hand-written resolver may give it (Date, Decimal, bigint, bytes) as the row value of its column. */
export function toRowValue(column: Column, value: unknown): RowValue {
  if (value === null || value === undefined) return null;
  if (column.type === 'Json') return value as RowValue;
  if (Array.isArray(value)) return value.map((item) => toRowValue(column, item));
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Date) return dateText(column, value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isDecimal(value)) return value.toFixed();
  if ((column.type === 'BigInt' || column.type === 'Decimal') && typeof value === 'number')
    return String(value);
  return value as RowValue;
}

function dateText(column: Column, value: Date): string {
  const text = value.toISOString();
  if (column.pgType === 'date') return text.slice(0, 10);
  if (column.pgType !== 'time' && column.pgType !== 'timetz') return text;
  const time = text.slice(11, -1).replace(/\.?0+$/, '');
  return column.pgType === 'timetz' ? `${time}Z` : time;
}

/** Prisma's Decimal: toFixed() writes all digits and no exponent. */
function isDecimal(value: unknown): value is { toFixed(): string } {
  return (
    typeof value === 'object' && value !== null && 'toFixed' in value && typeof value.toFixed === 'function'
  );
}
