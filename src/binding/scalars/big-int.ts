import { GraphQLScalarType, Kind } from 'graphql';
import { scalarError } from './scalar-errors.js';

const INTEGER = /^-?\d{1,19}$/;
const LEAST = -(2n ** 63n);
const GREATEST = 2n ** 63n - 1n;

function parseBigInt(value: unknown): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw scalarError('BigInt', 'takes a whole number, as text where it is above 2^53 - 1', value);
  }
  const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
  if (typeof text !== 'string' || !INTEGER.test(text))
    throw scalarError('BigInt', 'takes a whole number', value);
  const number = BigInt(text);
  if (number < LEAST || number > GREATEST)
    throw scalarError('BigInt', 'takes a whole number of 64 bits', value);
  return number.toString();
}

function serializeBigInt(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  // Sums of 64-bit numbers may be longer than 64 bits.
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return value;
  throw scalarError('BigInt', 'can show a whole number', value);
}

/** 64-bit whole numbers, always as text, so that a client's type doesn't depend on the value's size. */
export const BigIntScalar = new GraphQLScalarType<string, string>({
  name: 'BigInt',
  serialize: serializeBigInt,
  parseValue: parseBigInt,
  parseLiteral(node) {
    if (node.kind === Kind.INT || node.kind === Kind.STRING) return parseBigInt(node.value);
    throw scalarError('BigInt', 'takes a whole number', node.kind);
  },
});
