import { type FieldNode, Kind, type OperationDefinitionNode } from 'graphql';

/** An operation's selection set, held as a field's is, so that one walk serves both. */
export function asField({ selectionSet }: OperationDefinitionNode): FieldNode {
  return { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'query' }, selectionSet };
}
