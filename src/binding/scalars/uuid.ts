import { GraphQLScalarType, Kind } from 'graphql';
import { GraphQLUUID } from 'graphql-scalars';
import { scalarError } from './scalar-errors.js';

function parseUuid(value: unknown): string {
  // The library accepts braces too; PostgreSQL prints none and lower case, and so do we.
  return GraphQLUUID.parseValue(value).toLowerCase();
}

/** UUIDs as PostgreSQL prints them, so that equal ones are equal texts. */
export const UuidScalar = new GraphQLScalarType<string, string>({
  name: 'UUID',
  serialize: (value) => {
    if (typeof value === 'string') return value;
    throw scalarError('UUID', 'can show text', value);
  },
  parseValue: parseUuid,
  parseLiteral(node) {
    if (node.kind === Kind.STRING) return parseUuid(node.value);
    throw scalarError('UUID', 'takes text', node.kind);
  },
});
