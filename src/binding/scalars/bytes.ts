import { GraphQLScalarType, Kind } from 'graphql';
import { scalarError } from './scalar-errors.js';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function parseBytes(value: unknown): string {
  if (typeof value !== 'string' || !BASE64.test(value))
    throw scalarError('Bytes', 'takes base64 text', value);
  return value;
}

function serializeBytes(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  throw scalarError('Bytes', 'can show binary data', value);
}

/** Binary data as base64, and only that: a text that could also be hex is never guessed at. */
export const BytesScalar = new GraphQLScalarType<string, string>({
  name: 'Bytes',
  serialize: serializeBytes,
  parseValue: parseBytes,
  parseLiteral(node) {
    if (node.kind === Kind.STRING) return parseBytes(node.value);
    throw scalarError('Bytes', 'takes base64 text', node.kind);
  },
});
