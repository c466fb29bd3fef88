import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** What collecting needs of an operation. */
export interface CollectScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Variables that conditions name. */
  readonly conditions: ReadonlyMap<string, boolean>;
  /** Called for every selection that is looked at. May throw to end a walk that is too long. */
  onStep(): void;
}

/**
 * The fields that are selected on an object type below `nodes`, by response key, as execution collects them: conditions
 * evaluated, each fragment once.
 */
export function collectFields(
  scope: CollectScope,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): ReadonlyMap<string, readonly FieldNode[]> {
  const fields = new Map<string, FieldNode[]>();
  const visited = new Set<string>();
  const collect = (selections: readonly SelectionNode[]): void => {
    for (const selection of selections) {
      scope.onStep();
      if (!isIncluded(selection.directives, scope.conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = selection.alias?.value ?? selection.name.value;
        const known = fields.get(key);
        if (known === undefined) fields.set(key, [selection]);
        else known.push(selection);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        if (visited.has(selection.name.value)) continue;
        visited.add(selection.name.value);
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments.get(selection.name.value);
      if (fragment !== undefined && applies(scope.schema, type, fragment.typeCondition?.name.value))
        collect(fragment.selectionSet.selections);
    }
  };
  for (const { selections } of selectionSets) collect(selections);
  return fields;
}

/** Names of the variables in a document's @skip and @include. */
export function readConditionNames(directives: readonly DirectiveNode[] | undefined): readonly string[] {
  return (directives ?? []).flatMap((directive) => {
    const value = readCondition(directive);
    return value?.kind === Kind.VARIABLE ? [value.name.value] : [];
  });
}

function isIncluded(
  directives: readonly DirectiveNode[] | undefined,
  conditions: ReadonlyMap<string, boolean>,
): boolean {
  for (const directive of directives ?? []) {
    const value = readCondition(directive);
    if (value === undefined) continue;
    const holds =
      value.kind === Kind.VARIABLE
        ? conditions.get(value.name.value) === true
        : value.kind === Kind.BOOLEAN && value.value;
    if (holds === (directive.name.value === 'skip')) return false;
  }
  return true;
}

function readCondition(directive: DirectiveNode) {
  const name = directive.name.value;
  return name === 'skip' || name === 'include' ? directive.arguments?.[0]?.value : undefined;
}

function applies(schema: GraphQLSchema, type: GraphQLObjectType, condition: string | undefined): boolean {
  if (condition === undefined || condition === type.name) return true;
  const conditional = schema.getType(condition);
  return isAbstractType(conditional) && schema.isSubType(conditional, type);
}
