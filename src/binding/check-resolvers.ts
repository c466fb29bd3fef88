import { GraphQLScalarType, isObjectType, isScalarType } from 'graphql';
import { didYouMean } from '../kernel/suggestion.js';
import { ENGINE_SCALARS } from './scalars/engine-scalars.js';
import type { SchemaScope } from './schema-scope.js';

const BUILT_IN = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);

/** Finds resolvers for what the schema doesn't have, and scalars that have no code. */
export function checkResolvers(scope: SchemaScope): void {
  const types = scope.schema.getTypeMap();
  for (const [typeName, entry] of Object.entries(scope.resolvers)) {
    const type = types[typeName];
    if (type === undefined) {
      const known = Object.keys(types).filter((name) => !name.startsWith('__'));
      scope.faults.add(null, `resolvers: the schema has no type ${typeName}${didYouMean(typeName, known)}`);
    } else if (entry instanceof GraphQLScalarType) {
      if (!isScalarType(type))
        scope.faults.add(null, `resolvers: ${typeName} is given as a scalar, but it is none`);
    } else if (!isObjectType(type)) {
      scope.faults.add(null, `resolvers: ${typeName} is not an object type, so its fields have no resolvers`);
    } else {
      const known = Object.keys(type.getFields());
      for (const fieldName of Object.keys(entry)) {
        if (known.includes(fieldName)) continue;
        scope.faults.add(
          null,
          `resolvers: ${typeName} has no field ${fieldName}${didYouMean(fieldName, known)}`,
        );
      }
    }
  }
  for (const type of Object.values(types)) {
    if (!isScalarType(type) || BUILT_IN.has(type.name) || ENGINE_SCALARS.has(type.name)) continue;
    if (scope.resolvers[type.name] instanceof GraphQLScalarType) continue;
    const problem = `scalar ${type.name} has no code: give a GraphQLScalarType of that name among the resolvers`;
    scope.faults.add(
      type.astNode,
      `${problem}${didYouMean(type.name, [...BUILT_IN, ...ENGINE_SCALARS.keys()])}`,
    );
  }
}
