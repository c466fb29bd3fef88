import { GraphQLScalarType, type GraphQLSchema, isObjectType } from 'graphql';
import type { FieldResolver, Resolvers } from './resolvers.js';

/** Resolvers of the fields that the engine's SDL adds to an app's `Query`, by field. */
const QUERY_RESOLVERS: { readonly [fieldName: string]: FieldResolver } = {
  viewer: (_parent, _args, { viewer }) => viewer,
};

/** The app's resolvers, and the engine's for those of its fields that the schema has. */
export function withEngineResolvers(
  schema: GraphQLSchema,
  resolvers: Resolvers,
  engineFields: ReadonlySet<string>,
): Resolvers {
  const query = schema.getQueryType();
  const written = query && resolvers[query.name];
  // A scalar in the place of an object's resolvers is a fault that is told elsewhere.
  if (!isObjectType(query) || written instanceof GraphQLScalarType) return resolvers;
  const own = Object.entries(QUERY_RESOLVERS).filter(([name]) => engineFields.has(name));
  return own.length === 0
    ? resolvers
    : { ...resolvers, [query.name]: { ...Object.fromEntries(own), ...written } };
}
