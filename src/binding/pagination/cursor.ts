import { createHash } from 'node:crypto';
import { badUserInput } from '../../kernel/sluice-error.js';
import type { RowValue } from '../../reads/row.js';

const MAX_LENGTH = 16_384;

/**
 * A cursor: where a row stands in an order, as the exact values that the order compares, so that it holds when the
 * row is gone. `orderName` tells orders apart: a cursor of one is refused by another.
 */
export function encodeCursor(orderName: string, values: readonly RowValue[]): string {
  return Buffer.from(JSON.stringify([fingerprint(orderName), ...values.map(toJson)])).toString('base64url');
}

/**
 * The values in a cursor.
 *
 * @throws SluiceError `BAD_USER_INPUT` where the text is no cursor, or one of another order
 */
export function decodeCursor(
  cursor: string,
  orderName: string,
  valueCount: number,
  argumentName: string,
): readonly RowValue[] {
  const parts = parse(cursor);
  if (parts === null) throw badUserInput([argumentName], 'is not a cursor of this API');
  const [name, ...values] = parts;
  if (name !== fingerprint(orderName) || values.length !== valueCount) {
    throw badUserInput(
      [argumentName],
      'is a cursor of another order or connection: ask for the first page anew',
    );
  }
  return values.map(fromJson);
}

function parse(cursor: string): readonly unknown[] | null {
  if (cursor.length > MAX_LENGTH || !/^[A-Za-z0-9_-]+={0,2}$/.test(cursor)) return null;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parts) && parts.every(isCursorPart) ? parts : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isCursorPart(part: unknown): boolean {
  if (part === null || typeof part === 'string' || typeof part === 'number' || typeof part === 'boolean')
    return true;
  return (
    Array.isArray(part) && part.length === 1 && typeof part[0] === 'string' && part[0] in SPECIAL_NUMBERS
  );
}

const SPECIAL_NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
  '-0': -0,
};

/** JSON has no word for these numbers; they travel as a list of one text, which no ordered column's value is. */
function toJson(value: RowValue): unknown {
  if (typeof value !== 'number') return value;
  if (Object.is(value, -0)) return ['-0'];
  return Number.isFinite(value) ? value : [String(value)];
}

function fromJson(part: unknown): RowValue {
  if (Array.isArray(part)) return SPECIAL_NUMBERS[String(part[0])] ?? null;
  return part as RowValue;
}

function fingerprint(orderName: string): string {
  return createHash('sha256').update(orderName).digest('base64url').slice(0, 8);
}
