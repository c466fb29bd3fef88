import {
  GraphQLError,
  type GraphQLScalarLiteralParser,
  GraphQLScalarType,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  valueFromAST,
} from 'graphql';
import type { Resolvers } from '../resolvers.js';
import { ENGINE_SCALARS } from './engine-scalars.js';

/**
 * Gives a schema's scalars their code: the app's own first, else the engine's. Default values were read while the
 * scalars had none, so they are read again.
 */
export function attachScalars(schema: GraphQLSchema, resolvers: Resolvers): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isScalarType(type)) continue;
    const own = resolvers[type.name];
    const code = own instanceof GraphQLScalarType ? own : ENGINE_SCALARS.get(type.name);
    if (code === undefined) continue;
    type.serialize = code.serialize;
    type.parseValue = code.parseValue;
    type.parseLiteral = blameLiteral(code.parseLiteral);
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    const inputs = isInputObjectType(type)
      ? Object.values(type.getFields())
      : isObjectType(type) || isInterfaceType(type)
        ? Object.values(type.getFields()).flatMap((field) => field.args)
        : [];
    for (const input of inputs) {
      const node = input.astNode?.defaultValue;
      if (node !== undefined) input.defaultValue = valueFromAST(node, input.type);
    }
  }
}

// Validation passes a scalar's own GraphQLError on as it is, and a caller would not learn which literal it is about.
function blameLiteral(parse: GraphQLScalarLiteralParser<unknown>): GraphQLScalarLiteralParser<unknown> {
  return (node, variables) => {
    try {
      return parse(node, variables);
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions });
    }
  };
}
