import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  type SelectionSetNode,
} from 'graphql';
import type { Access } from '../authorization/access.js';

/** What looking ahead needs of an execution; `GraphQLResolveInfo` has it. */
export type SelectionScope = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues'> & {
  /** What its viewer may not select is left out. Absent: everything may be selected. */
  readonly access?: Access | undefined;
  /** Told of each thing that is left out. */
  readonly onForbidden?: ((what: string) => void) | undefined;
};

/**
 * The fields that are selected on `type` below `nodes`, by response key, with @skip and @include evaluated and
 * fragments followed where they apply to the type.
 */
export function collectResponseFields(
  scope: SelectionScope,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  return collectFields(scope, type, nodes, (node) => node.alias?.value ?? node.name.value);
}

/**
 * The fields that are selected on `type` below `nodes`, by name, with @skip and @include evaluated and fragments
 * followed where they apply to the type. Aliases of one field stand together.
 */
export function collectSelectedFields(
  scope: SelectionScope,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  return collectFields(scope, type, nodes, (node) => node.name.value);
}

type KeyOf = (node: FieldNode) => string;

function collectFields(
  scope: SelectionScope,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  keyOf: KeyOf,
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  if (scope.access?.forbidsType(type.name)) {
    scope.onForbidden?.(type.name);
    return fields;
  }
  const visited = new Set<FragmentDefinitionNode>();
  for (const node of nodes) {
    if (node.selectionSet !== undefined) collect(scope, type, node.selectionSet, fields, visited, keyOf);
  }
  return fields;
}

function collect(
  info: SelectionScope,
  type: GraphQLObjectType,
  selections: SelectionSetNode,
  fields: Map<string, FieldNode[]>,
  visited: Set<FragmentDefinitionNode>,
  keyOf: KeyOf,
): void {
  for (const selection of selections.selections) {
    if (getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues)?.if === true) continue;
    if (getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues)?.if === false) continue;
    if (selection.kind === 'Field') {
      if (info.access?.forbidsField(type.name, selection.name.value)) {
        info.onForbidden?.(`${type.name}.${selection.name.value}`);
        continue;
      }
      const key = keyOf(selection);
      const known = fields.get(key);
      if (known === undefined) fields.set(key, [selection]);
      else known.push(selection);
      continue;
    }
    const fragment = selection.kind === 'InlineFragment' ? selection : info.fragments[selection.name.value];
    if (fragment === undefined || !applies(info, type, fragment.typeCondition?.name.value)) continue;
    if (fragment.kind === 'FragmentDefinition') {
      if (visited.has(fragment)) continue;
      visited.add(fragment);
    }
    collect(info, type, fragment.selectionSet, fields, visited, keyOf);
  }
}

function applies(info: SelectionScope, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = info.schema.getType(condition);
  return isAbstractType(conditional) && info.schema.isSubType(conditional, type);
}

/** The name of the field that nodes of one response key select: validation sees to it that they agree. */
export function nameOfField(nodes: readonly FieldNode[]): string {
  return nodes[0]?.name.value ?? '';
}
