import { GraphQLScalarType, Kind } from 'graphql';
import { scalarError } from './scalar-errors.js';

const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?$/;
const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['nan', 'NaN'],
  ['infinity', 'Infinity'],
  ['+infinity', 'Infinity'],
  ['-infinity', '-Infinity'],
]);
/** PostgreSQL keeps up to 131,072 digits before the point and 16,383 behind it. */
const MAX_CHARACTERS = 131_072 + 16_383 + 2;

function parseDecimal(value: unknown): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw scalarError('Decimal', 'takes a decimal number', value);
    return String(value);
  }
  if (typeof value !== 'string') throw scalarError('Decimal', 'takes a decimal number, best as text', value);
  const special = SPECIAL.get(value.toLowerCase());
  if (special !== undefined) return special;
  if (value.length > MAX_CHARACTERS || !DECIMAL.test(value)) {
    throw scalarError('Decimal', 'takes a decimal number such as "10.00"', value);
  }
  return value;
}

function serializeDecimal(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  // Prisma's Decimal: toFixed() writes no exponent.
  if (
    typeof value === 'object' &&
    value !== null &&
    'toFixed' in value &&
    typeof value.toFixed === 'function'
  ) {
    return String(value.toFixed());
  }
  throw scalarError('Decimal', 'can show a decimal number', value);
}

/** Exact decimal numbers as text; what goes in comes out digit by digit. */
export const DecimalScalar = new GraphQLScalarType<string, string>({
  name: 'Decimal',
  serialize: serializeDecimal,
  parseValue: parseDecimal,
  parseLiteral(node) {
    // The literal's own digits, not a binary float's: 0.1 stays 0.1 whatever its length.
    if (node.kind === Kind.INT || node.kind === Kind.FLOAT || node.kind === Kind.STRING)
      return parseDecimal(node.value);
    throw scalarError('Decimal', 'takes a decimal number', node.kind);
  },
});
