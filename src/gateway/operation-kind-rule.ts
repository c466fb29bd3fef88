import { type ASTVisitor, GraphQLError, type ValidationContext } from 'graphql';

/**
 * A validation rule that refuses operations of a kind that the schema doesn't have, such as subscriptions.
 * graphql-js finds that out only while executing, and tells it like a defect.
 */
export function operationKindRule(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(node) {
      if (context.getSchema().getRootType(node.operation)) return;
      context.reportError(
        new GraphQLError(`The schema has no root type for an operation of kind "${node.operation}".`, {
          nodes: node,
        }),
      );
    },
  };
}
