import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeExtensionNode,
  type TypeNode,
} from 'graphql';

const QUERY = 'Query';

/**
 * The fields that the engine's SDL adds to every app's `Query`, as an extension of what that is called in the app. A
 * field stays out where the app has one of this name, or a type or model named as the field's type: what is the app's
 * own comes first.
 */
export function selectEngineFields(
  engine: DocumentNode,
  app: DocumentNode,
  modelNames: ReadonlySet<string>,
): readonly ObjectTypeExtensionNode[] {
  const queryName = findQueryName(app);
  const own = app.definitions.filter((definition) => isPartOf(definition, queryName));
  // Without any, there is nothing to extend, and what is missing is told elsewhere.
  if (!own.some((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)) return [];
  const taken = new Set(
    own.flatMap((definition) => definition.fields ?? []).map((field) => field.name.value),
  );
  const types = new Set(app.definitions.flatMap(nameOfType));
  const isFree = ({ name, type }: FieldDefinitionNode): boolean =>
    !taken.has(name.value) && !types.has(nameOf(type)) && !modelNames.has(nameOf(type));
  return engine.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_EXTENSION || definition.name.value !== QUERY) return [];
    const fields = definition.fields?.filter(isFree) ?? [];
    return fields.length === 0
      ? []
      : [{ ...definition, name: { ...definition.name, value: queryName }, fields }];
  });
}

type ObjectNode = Extract<DefinitionNode, { readonly fields?: readonly FieldDefinitionNode[] }>;

function isPartOf(definition: DefinitionNode, name: string): definition is ObjectNode {
  const isObject =
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION;
  return isObject && definition.name.value === name;
}

function findQueryName(app: DocumentNode): string {
  for (const definition of app.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    const root = definition.operationTypes.find(({ operation }) => operation === 'query');
    if (root !== undefined) return root.type.name.value;
  }
  return QUERY;
}

function nameOfType(definition: DefinitionNode): string[] {
  const isType = definition.kind.endsWith('TypeDefinition') && 'name' in definition;
  return isType && definition.name !== undefined ? [definition.name.value] : [];
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
