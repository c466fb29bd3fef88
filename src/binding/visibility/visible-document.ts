import {
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type InputObjectTypeDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type ObjectTypeDefinitionNode,
  type TypeDefinitionNode,
  type TypeNode,
  type UnionTypeDefinitionNode,
  visit,
} from 'graphql';

/** What is left out of a schema's document. */
export interface Hidden {
  type(typeName: string): boolean;
  field(typeName: string, fieldName: string): boolean;
  /** An input's field, an enum's value, or as `Type.field(argument:)` an argument. */
  input(coordinate: string): boolean;
}

/** Names of the types that operations start at, Query's first. */
export type OperationTypes = readonly [string, ...string[]];

type FieldedNode = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

/**
 * A schema's document without what is hidden, and without what has lost its sense by that: types without a field, fields
 * of types that are gone, types that nobody can reach. `document` has no extensions.
 */
export function hideFromDocument(
  document: DocumentNode,
  operationTypes: OperationTypes,
  hidden: Hidden,
): DocumentNode {
  let definitions: readonly DefinitionNode[] = document.definitions.flatMap((definition) =>
    isTypeDefinition(definition) && hidden.type(definition.name.value) ? [] : hideIn(definition, hidden),
  );
  for (let before = -1; before !== countParts(definitions); ) {
    before = countParts(definitions);
    definitions = dropUnknown(dropUnsatisfied(definitions), operationTypes[0]);
  }
  return { kind: Kind.DOCUMENT, definitions: keepReachable(definitions, operationTypes) };
}

function hideIn(definition: DefinitionNode, hidden: Hidden): DefinitionNode {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const typeName = definition.name.value;
      const fields = definition.fields
        ?.filter((field) => !hidden.field(typeName, field.name.value))
        .map((field) => ({
          ...field,
          arguments: field.arguments?.filter(
            (argument) => !hidden.input(`${typeName}.${field.name.value}(${argument.name.value}:)`),
          ),
        }));
      return { ...definition, fields } as FieldedNode;
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = definition.fields?.filter(
        (field) => !hidden.input(`${definition.name.value}.${field.name.value}`),
      );
      return { ...definition, fields } as InputObjectTypeDefinitionNode;
    }
    case Kind.ENUM_TYPE_DEFINITION: {
      const values = definition.values?.filter(
        (value) => !hidden.input(`${definition.name.value}.${value.name.value}`),
      );
      return { ...definition, values } as EnumTypeDefinitionNode;
    }
    default:
      return definition;
  }
}

/** A field stays on an interface only as long as all types that implement it show it. */
function dropUnsatisfied(definitions: readonly DefinitionNode[]): readonly DefinitionNode[] {
  const implementers = definitions.filter(isFielded);
  return definitions.map((definition) => {
    if (definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) return definition;
    const types = implementers.filter((type) =>
      type.interfaces?.some((item) => item.name.value === definition.name.value),
    );
    const fields = definition.fields?.filter((field) =>
      types.every((type) => hasField(type, field.name.value)),
    );
    return { ...definition, fields } as InterfaceTypeDefinitionNode;
  });
}

/** Types that have nothing left go, and with them whatever is of such a type. */
function dropUnknown(definitions: readonly DefinitionNode[], queryType: string): readonly DefinitionNode[] {
  const left = definitions.filter((definition) => !isEmpty(definition, queryType));
  const known = new Set(left.filter(isTypeDefinition).map((type) => type.name.value));
  const isKnown = (node: NamedTypeNode) => known.has(node.name.value) || BUILT_IN.has(node.name.value);
  const isOfKnown = ({ type }: { readonly type: TypeNode }) => isKnown(namedTypeOf(type));
  return left.map((definition) => {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_DEFINITION:
        return {
          ...definition,
          interfaces: definition.interfaces?.filter(isKnown),
          fields: definition.fields
            ?.filter(isOfKnown)
            .map((field) => ({ ...field, arguments: field.arguments?.filter(isOfKnown) })),
        } as FieldedNode;
      case Kind.SCHEMA_DEFINITION:
        return { ...definition, operationTypes: definition.operationTypes.filter(isOfKnown) };
      case Kind.UNION_TYPE_DEFINITION:
        return { ...definition, types: definition.types?.filter(isKnown) } as UnionTypeDefinitionNode;
      case Kind.INPUT_OBJECT_TYPE_DEFINITION:
        return {
          ...definition,
          fields: definition.fields?.filter(isOfKnown),
        } as InputObjectTypeDefinitionNode;
      default:
        return definition;
    }
  });
}

function keepReachable(
  definitions: readonly DefinitionNode[],
  operationTypes: OperationTypes,
): readonly DefinitionNode[] {
  const types = new Map(definitions.filter(isTypeDefinition).map((type) => [type.name.value, type]));
  const reached = new Set<string>();
  const pending = [
    ...operationTypes,
    ...definitions.filter(({ kind }) => kind === Kind.DIRECTIVE_DEFINITION).flatMap(namesIn),
  ];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    const type = types.get(name);
    if (type === undefined || reached.has(name)) continue;
    reached.add(name);
    pending.push(...namesIn(type));
    if (type.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const other of types.values()) {
      if (isFielded(other) && other.interfaces?.some((item) => item.name.value === name))
        pending.push(other.name.value);
    }
  }
  return definitions.filter(
    (definition) => !isTypeDefinition(definition) || reached.has(definition.name.value),
  );
}

function namesIn(definition: DefinitionNode): readonly string[] {
  const names: string[] = [];
  visit(definition, {
    NamedType(node) {
      names.push(node.name.value);
    },
  });
  return names;
}

const BUILT_IN: ReadonlySet<string> = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);

/** There is no schema without Query; all else may go. */
function isEmpty(definition: DefinitionNode, queryType: string): boolean {
  switch (definition.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
      return definition.fields?.length === 0 && definition.name.value !== queryType;
    case Kind.INTERFACE_TYPE_DEFINITION:
    case Kind.INPUT_OBJECT_TYPE_DEFINITION:
      return definition.fields?.length === 0;
    case Kind.ENUM_TYPE_DEFINITION:
      return definition.values?.length === 0;
    case Kind.UNION_TYPE_DEFINITION:
      return definition.types?.length === 0;
    default:
      return false;
  }
}

function countParts(definitions: readonly DefinitionNode[]): number {
  let count = 0;
  for (const definition of definitions) {
    visit(definition, {
      enter() {
        count += 1;
      },
    });
  }
  return count;
}

function isTypeDefinition(definition: DefinitionNode): definition is TypeDefinitionNode {
  return definition.kind.endsWith('TypeDefinition');
}

function isFielded(definition: DefinitionNode): definition is FieldedNode {
  return (
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
  );
}

function hasField(type: FieldedNode, name: string): boolean {
  return type.fields?.some((field: FieldDefinitionNode) => field.name.value === name) === true;
}

function namedTypeOf(type: TypeNode): NamedTypeNode {
  return type.kind === Kind.NAMED_TYPE ? type : namedTypeOf(type.type);
}
