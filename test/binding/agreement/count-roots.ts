import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
} from 'graphql';
import { collectResponseFields } from '../../../src/binding/execution/selected-fields.js';
import type { Operation } from './random-operation.js';

/** How many fields an operation selects at the root, without __typename. */
export function countRoots(schema: GraphQLSchema, document: DocumentNode, operation: Operation): number {
  const definition = getOperationAST(document, operation.operationName);
  const query = schema.getQueryType();
  if (definition == null || query == null) throw new GraphQLError('There is no such query.');
  const { coerced = {} } = getVariableValues(
    schema,
    definition.variableDefinitions ?? [],
    operation.variables,
  );
  const fragments = Object.fromEntries(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
  const root = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: 'query' },
    selectionSet: definition.selectionSet,
  } as const;
  const fields = collectResponseFields({ schema, fragments, variableValues: coerced }, query, [root]);
  return [...fields.values()].filter(([node]) => node?.name.value !== '__typename').length;
}
