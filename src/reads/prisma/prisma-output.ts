import { Decimal } from '@prisma/client/runtime/client';
import type { Column } from '../../model/model-graph.js';
import type { RowValue } from '../row.js';
import { findTimeKind } from './model-parts.js';

/** A value that Prisma Client gave, as a row holds it. */
export function readPrismaValue(column: Column, value: unknown): RowValue {
  if (column.isList && Array.isArray(value)) {
    return value.map((element) => readElement(column, element));
  }
  return readElement(column, value);
}

function readElement(column: Column, value: unknown): RowValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  // Times and decimals come this way only where a row can't be found again for its exact text: see
  // `PrismaRowReader`.
  if (value instanceof Date) return readDate(column, value);
  if (Decimal.isDecimal(value)) return value.toFixed();
  return value as RowValue;
}

function readDate(column: Column, value: Date): string {
  const text = value.toISOString();
  const date = text.slice(0, text.indexOf('T'));
  const clock = text.slice(text.indexOf('T') + 1, -1).replace(/\.?0+$/, '');
  switch (findTimeKind(column)) {
    case 'date':
      return date;
    case 'time':
      return clock;
    case 'timetz':
      return `${clock}Z`;
    default:
      return text;
  }
}
