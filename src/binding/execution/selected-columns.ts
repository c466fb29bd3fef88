import { type FieldNode, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import type { ObjectBinding, RowType } from '../bindings.js';
import { collectResponseFields, collectSelectedFields, type SelectionScope } from './selected-fields.js';

/** The object bindings that a row of `target` may turn out to be. */
export function membersOf(target: RowType): readonly ObjectBinding[] {
  return 'members' in target ? target.members : [target];
}

/**
 * The columns that a selection of `target`'s rows needs: those of its fields, the key (by which a row is known
 * again), and what tells the members of an abstract type apart.
 */
export function findSelectedColumns(
  info: SelectionScope,
  target: RowType,
  nodes: readonly FieldNode[],
): readonly string[] {
  const columns = new Set<string>(target.model.primaryKey ?? []);
  for (const member of membersOf(target)) {
    if ('members' in target) {
      for (const column of Object.keys(member.discriminator ?? {})) columns.add(column);
    }
    const type = info.schema.getType(member.typeName);
    if (!isObjectType(type)) continue;
    for (const name of collectSelectedFields(info, type, nodes).keys()) {
      for (const column of member.fields.get(name)?.columns ?? []) columns.add(column);
    }
  }
  return [...columns];
}

/** The field nodes under which a connection's rows are selected: `edges { node }` and `nodes`. */
export function findRowNodes(
  info: SelectionScope,
  connection: GraphQLObjectType,
  nodes: readonly FieldNode[],
): readonly FieldNode[] {
  const fields = collectSelectedFields(info, connection, nodes);
  const edges = fields.get('edges') ?? [];
  const edgesField = connection.getFields().edges;
  const edge = edgesField === undefined ? null : getNamedType(edgesField.type);
  const inEdges = isObjectType(edge) ? (collectSelectedFields(info, edge, edges).get('node') ?? []) : [];
  return [...inEdges, ...(fields.get('nodes') ?? [])];
}

/** In how many places of the answer a connection's rows are shown: under `nodes` and `edges { node }`, by response key. */
export function countRowPlaces(
  info: SelectionScope,
  connection: GraphQLObjectType,
  nodes: readonly FieldNode[],
): number {
  let count = 0;
  for (const fieldNodes of collectResponseFields(info, connection, nodes).values()) {
    const name = fieldNodes[0]?.name.value;
    if (name === 'nodes') count += 1;
    if (name !== 'edges') continue;
    const edge = getNamedType(connection.getFields()[name]?.type) as GraphQLObjectType;
    for (const inEdge of collectResponseFields(info, edge, fieldNodes).values()) {
      if (inEdge[0]?.name.value === 'node') count += 1;
    }
  }
  return count;
}
