import { readFileSync } from 'node:fs';
import { GraphQLScalarType } from 'graphql';
import { GraphQLDateTimeISO } from 'graphql-scalars';

/** The benchmark's schema with what Sluice brings along written out. */
export const typeDefs = [
  readFileSync(new URL('../../shop/schema.graphql', import.meta.url), 'utf8'),
  `scalar Decimal
scalar DateTime
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }`,
].join('\n');

export const scalars = {
  Decimal: new GraphQLScalarType({ name: 'Decimal', serialize: (value) => value.toFixed(2) }),
  DateTime: GraphQLDateTimeISO,
};

/** A product's label, the hand-written field. */
export function toLabel({ price, stock }) {
  return `${price.toFixed(2)} (${stock} left)`;
}

export const NEWEST_FIRST = [{ createdAt: 'desc' }, { id: 'desc' }];
