import type { Column } from '../../model/model-graph.js';
import type { RowValue } from '../../reads/row.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INT_RANGES: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['int2', [-32_768, 32_767]],
  ['int4', [-2_147_483_648, 2_147_483_647]],
]);

/**
 * What is wrong with `value` as a value of `column`, in words that follow the value's name, or null. It finds what
 * a scalar of the API may let through and the column's type refuses, before PostgreSQL has to say so.
 */
export function checkValue(column: Column, value: RowValue): string | null {
  if (typeof value === 'string') {
    if (column.type === 'Int')
      return /^-?\d{1,10}$/.test(value) ? checkValue(column, Number(value)) : 'must be a whole number';
    if (column.type === 'Json' || column.type === 'Enum') return null;
    if (column.type === 'BigInt') return checkBigInt(value);
    if (column.type === 'String' && value.includes('\0')) return 'must not contain the character U+0000';
    if (column.pgType === 'uuid' && !UUID.test(value))
      return 'must be a UUID such as 123e4567-e89b-12d3-a456-426614174000';
    return null;
  }
  if (typeof value === 'number' && column.type === 'Int') {
    const [least, greatest] = INT_RANGES.get(column.pgType) ?? [-2_147_483_648, 2_147_483_647];
    if (!Number.isInteger(value)) return 'must be a whole number';
    if (value < least || value > greatest) return `must lie between ${least} and ${greatest}`;
  }
  return null;
}

function checkBigInt(value: string): string | null {
  if (!/^-?\d{1,19}$/.test(value)) return 'must be a whole number';
  const number = BigInt(value);
  return number < -(2n ** 63n) || number > 2n ** 63n - 1n ? 'must be a whole number of 64 bits' : null;
}
