import { type ASTVisitor, GraphQLError, OperationTypeNode, type ValidationContext } from 'graphql';

const SUBSCRIBE_ELSEWHERE =
  'Subscriptions have many answers: send them by WebSocket (graphql-transport-ws) to /graphql, or for server-sent events to /graphql/stream.';

/**
 * A validation rule that refuses operations of a kind that the schema doesn't have, which graphql-js finds out only while
 * executing, and tells like a defect; and subscriptions, whose answers are more than one.
 */
export function operationKindRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      const isThere = context.getSchema().getRootType(node.operation) != null;
      if (isThere && node.operation !== OperationTypeNode.SUBSCRIPTION) return;
      const message = isThere
        ? SUBSCRIBE_ELSEWHERE
        : `The schema has no root type for an operation of kind "${node.operation}".`;
      context.reportError(new GraphQLError(message, { nodes: node }));
    },
  };
}
