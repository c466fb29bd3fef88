import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from 'graphql';
import type { LiveShop } from './live-shop.js';

/** Asks for everything that the introspection of GraphQL 16 knows. */
export const INTROSPECTION = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  experimentalDirectiveDeprecation: true,
  oneOf: true,
});

/** The schema as a tool sees it that knows the server by its address only. */
export async function introspect(shop: LiveShop): Promise<GraphQLSchema> {
  const { data, errors } = await shop.ask(INTROSPECTION);
  if (errors !== undefined) throw new Error(errors.map((error) => error.message).join('\n'));
  return buildClientSchema(data as IntrospectionQuery);
}
