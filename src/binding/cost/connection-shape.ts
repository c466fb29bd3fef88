import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';

/** The fields through which a connection shows its rows: `edges { node }`, `nodes`. */
export interface ConnectionShape {
  /** Those of `edges` and `nodes` that there are. */
  readonly rowFields: readonly string[];
  readonly rowType: GraphQLNamedType;
  readonly edgeType: GraphQLObjectType | null;
}

/** What a type that is built like a connection consists of, bound or not; null for any other. */
export function findConnectionShape(type: GraphQLNamedType): ConnectionShape | null {
  if (!isObjectType(type) || !type.name.endsWith('Connection')) return null;
  const { edges, nodes } = type.getFields();
  const edgeType = edges !== undefined && isList(edges) ? getNamedType(edges.type) : null;
  const node = isObjectType(edgeType) ? edgeType.getFields().node : undefined;
  const row = node ?? (nodes !== undefined && isList(nodes) ? nodes : undefined);
  if (row === undefined) return null;
  const rowFields = [edges, nodes].flatMap((field) =>
    field !== undefined && isList(field) ? [field.name] : [],
  );
  return {
    rowFields,
    rowType: getNamedType(row.type),
    edgeType: isObjectType(edgeType) ? edgeType : null,
  };
}

/** Whether a field returns a list. */
export function isList(field: Pick<GraphQLField<unknown, unknown>, 'type'>): boolean {
  return isListType(getNullableType(field.type));
}
