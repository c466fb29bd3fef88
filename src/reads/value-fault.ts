import type { Column, EnumType } from '../model/model-graph.js';
import { isInfiniteTime, parseIsoDate, parseIsoDateTime, parseIsoTime } from './iso-time.js';
import type { RowValue } from './row.js';

/** Bounds of PostgreSQL's integer types. */
const INTEGER_BOUNDS: ReadonlyMap<string, readonly [bigint, bigint]> = new Map([
  ['int2', [-32_768n, 32_767n]],
  ['smallint', [-32_768n, 32_767n]],
  ['int4', [-2_147_483_648n, 2_147_483_647n]],
  ['oid', [0n, 4_294_967_295n]],
  ['int8', [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n]],
]);
/** PostgreSQL's text has every character but this one. */
export const NUL_FAULT = 'must not contain the character U+0000';
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,5})?$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Why a column of this type can't hold the value, or null where it can. For a list column the value is the
 * list. The text follows the name of what is at fault: `must be a UUID`. Null is no fault of a column.
 *
 * Kept in step with what PostgreSQL's types accept, so that one bad value is told before it spoils a batch;
 * what only the database can tell (an xml text, say) it still refuses itself.
 */
export function findValueFault(column: Column, enumType: EnumType | null, value: RowValue): string | null {
  if (value === null) return null;
  if (!column.isList) return findElementFault(column, enumType, value);
  if (!Array.isArray(value)) return 'must be a list';
  for (const element of value as readonly RowValue[]) {
    const fault = Array.isArray(element)
      ? findValueFault(column, enumType, element)
      : findElementFault(column, enumType, element);
    if (fault !== null) return fault;
  }
  return null;
}

function findElementFault(column: Column, enumType: EnumType | null, value: RowValue): string | null {
  if (value === null) return null;
  switch (column.type) {
    case 'String':
      return findTextFault(column.pgType, value);
    case 'Boolean':
      return typeof value === 'boolean' ? null : 'must be true or false';
    case 'Int':
    case 'BigInt':
      return findIntegerFault(column.pgType, value);
    case 'Float':
      return findFloatFault(column.pgType, value);
    case 'Decimal':
      return findDecimalFault(value);
    case 'DateTime':
      return findTimeFault(column.pgType, value);
    case 'Json':
      return null;
    case 'Bytes':
      return typeof value === 'string' && BASE64.test(value) ? null : 'must be base64';
    case 'Enum':
      return findEnumFault(enumType, value);
  }
}

function findTextFault(pgType: string, value: RowValue): string | null {
  if (typeof value !== 'string') return 'must be a text';
  if (pgType === 'uuid') return UUID.test(value) ? null : 'must be a UUID';
  if (/^(?:var)?bit\b/.test(pgType)) return /^[01]*$/.test(value) ? null : 'must consist of 0 and 1';
  return value.includes('\0') ? NUL_FAULT : null;
}

function findIntegerFault(pgType: string, value: RowValue): string | null {
  const digits = typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : value;
  if (typeof digits !== 'string' || !/^[+-]?\d+$/.test(digits)) return 'must be a whole number';
  const [least, greatest] = INTEGER_BOUNDS.get(pgType) ?? [];
  if (least === undefined || greatest === undefined) return null;
  // More digits than any bound has: BigInt is spared a text of megabytes.
  const isInRange = digits.length <= 64 && BigInt(digits) >= least && BigInt(digits) <= greatest;
  return isInRange ? null : `must lie between ${least} and ${greatest}`;
}

function findFloatFault(pgType: string, value: RowValue): string | null {
  if (typeof value !== 'number') return 'must be a number';
  if (pgType !== 'float4' && pgType !== 'real') return null;
  const single = Math.fround(value);
  const isLost = (Number.isFinite(value) && !Number.isFinite(single)) || (value !== 0 && single === 0);
  return isLost ? 'must be within the range of a single-precision number' : null;
}

function findDecimalFault(value: RowValue): string | null {
  if (typeof value === 'number') return null;
  if (typeof value !== 'string') return 'must be a decimal number';
  const isSpecial = value === 'NaN' || value === 'Infinity' || value === '-Infinity';
  return isSpecial || DECIMAL.test(value) ? null : 'must be a decimal number';
}

function findTimeFault(pgType: string, value: RowValue): string | null {
  const text = typeof value === 'string' ? value : '';
  if (pgType.startsWith('date')) {
    return isInfiniteTime(text) || parseIsoDate(text) !== null ? null : 'must be a date, such as 2026-01-31';
  }
  if (/^time(?!stamp)/.test(pgType)) {
    return parseIsoTime(text) === null ? 'must be a time, such as 12:00:00' : null;
  }
  const isMoment = isInfiniteTime(text) || parseIsoDateTime(text) !== null;
  return isMoment ? null : 'must be a date and time, such as 2026-01-31T12:00:00.000Z';
}

function findEnumFault(enumType: EnumType | null, value: RowValue): string | null {
  if (enumType === null) return null;
  if (enumType.values.some(({ name }) => name === value)) return null;
  return `must be one of ${enumType.values.map(({ name }) => name).join(', ')}`;
}
