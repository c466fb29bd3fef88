import { Decimal, JsonNull } from '@prisma/client/runtime/client';
import { badUserInput } from '../../kernel/sluice-error.js';
import type { Column, EnumType } from '../../model/model-graph.js';
import { isInfiniteTime, parseIsoDateTime, toUtc } from '../iso-time.js';
import type { RowValue } from '../row.js';
import { findValueFault } from '../value-fault.js';
import { findTimeKind } from './model-parts.js';

/** A value as Prisma Client takes it; boxed, since null is one. */
export interface PrismaInput {
  readonly input: unknown;
}

/** @throws SluiceError `BAD_USER_INPUT`, its path the column's name, for a value that the type can't hold. */
export function checkValue(column: Column, enumType: EnumType | null, value: RowValue): void {
  const isMissing = value === null && (column.type !== 'Json' || column.isList);
  const fault = isMissing ? 'must not be null' : findValueFault(column, enumType, value);
  if (fault !== null) throw badUserInput([column.name], fault);
}

/**
 * The value for a comparison, or null where Prisma Client would compare with another value: it cuts times to
 * milliseconds, moves a timetz to no zone, rounds large floats and takes NaN and the infinities for one
 * number, and sends lists of bytes encoded twice.
 */
export function findPrismaInput(column: Column, value: RowValue): PrismaInput | null {
  if (!column.isList) return findElementInput(column, value);
  if (!Array.isArray(value) || column.type === 'Bytes') return null;
  const elements: unknown[] = [];
  for (const element of value as readonly RowValue[]) {
    // NULL as an element, a list in a list: Prisma's lists have neither.
    if (element === null || (Array.isArray(element) && column.type !== 'Json')) return null;
    const found = findElementInput(column, element);
    if (found === null) return null;
    elements.push(found.input);
  }
  return { input: elements };
}

function findElementInput(column: Column, value: RowValue): PrismaInput | null {
  switch (column.type) {
    case 'Int':
      return { input: Number(value) };
    case 'BigInt':
      return { input: BigInt(String(value)) };
    case 'Decimal':
      // Not as text: Prisma refuses 'NaN' and 'Infinity' in texts, and takes them in a Decimal.
      return { input: new Decimal(String(value)) };
    case 'Float':
      return isExactFloat(Number(value)) ? { input: value } : null;
    case 'DateTime':
      return findTimeInput(column, String(value));
    case 'Json':
      return { input: value === null ? JsonNull : value };
    case 'Bytes':
      return { input: new Uint8Array(Buffer.from(String(value), 'base64')) };
    default:
      return { input: value };
  }
}

/** Prisma sends fractions as they are, but puts large whole numbers in digits of its own. */
function isExactFloat(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Math.abs(value) < 2 ** 31);
}

function findTimeInput(column: Column, text: string): PrismaInput | null {
  switch (findTimeKind(column)) {
    case 'date':
      return isCommonYear(text) ? { input: new Date(`${text}T00:00:00Z`) } : null;
    case 'timestamp':
    case 'timestamptz': {
      const moment = splitMoment(text);
      return moment?.isWholeMillisecond === true ? { input: moment.millisecond } : null;
    }
    default:
      return null;
  }
}

export interface SplitMoment {
  /** The moment cut to milliseconds. */
  readonly millisecond: Date;
  readonly isWholeMillisecond: boolean;
}

/** A timestamp as a Date and whether that is all of it; null where no Date holds it or Prisma would write it wrongly. */
export function splitMoment(text: string): SplitMoment | null {
  const parsed = isInfiniteTime(text) ? null : parseIsoDateTime(text);
  if (parsed === null) return null;
  const { year, month, day, hour, minute, second, fraction } = toUtc(parsed);
  // The adapter writes years before 1 as they stand, without BC, and a Date ends before PostgreSQL does.
  if (year < 1 || year > 9999) return null;
  const millisecond = new Date(0);
  millisecond.setUTCFullYear(year, month - 1, day);
  millisecond.setUTCHours(hour, minute, second, Number(fraction.padEnd(3, '0').slice(0, 3)));
  return { millisecond, isWholeMillisecond: !/[1-9]/.test(fraction.slice(3)) };
}

function isCommonYear(date: string): boolean {
  return /^\d{4}-/.test(date) && !date.startsWith('0000');
}
