import {
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type ObjectTypeExtensionNode,
  type StringValueNode,
  type TypeNode,
} from 'graphql';

/** Roots that the engine adds fields to, where an app has them. */
export const ENGINE_ROOTS = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' } as const;
export type EngineRoot = keyof typeof ENGINE_ROOTS;

/** What is added to a root, or the root itself where the app has none. */
export type RootNode = ObjectTypeExtensionNode | ObjectTypeDefinitionNode;

/** Fields about jobs are of use only where some field is resolved by one. */
const JOB_FIELDS: ReadonlySet<string> = new Set([
  ...['job', 'jobs', 'jobQueues', 'cancelJob', 'retryJob', 'jobUpdated'],
]);

/**
 * The fields that the engine's SDL adds to every app's `Query`, `Mutation` and `Subscription`, as extensions of what those are called in
 * the app. A field stays out where the app has one of this name, or a type or model named as the field's type: what is
 * the app's own comes first.
 */
export function selectEngineFields(
  engine: DocumentNode,
  app: DocumentNode,
  modelNames: ReadonlySet<string>,
): ReadonlyMap<EngineRoot, RootNode> {
  const selected = new Map<EngineRoot, RootNode>();
  for (const root of Object.keys(ENGINE_ROOTS) as EngineRoot[]) {
    const extension = selectFields(engine, app, modelNames, root);
    if (extension !== null) selected.set(root, extension);
  }
  return selected;
}

function selectFields(
  engine: DocumentNode,
  app: DocumentNode,
  modelNames: ReadonlySet<string>,
  root: EngineRoot,
): RootNode | null {
  const rootName = findRootName(app, root);
  const own = app.definitions.filter((definition) => isPartOf(definition, rootName));
  const isDefined = own.some((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION);
  // Without any, there is nothing to extend, and what is missing is told elsewhere; what an app subscribes to may be the
  // engine's alone.
  if (!isDefined && (root !== 'Subscription' || rootName !== root)) return null;
  const taken = new Set(
    own.flatMap((definition) => definition.fields ?? []).map((field) => field.name.value),
  );
  const types = new Set(app.definitions.flatMap(nameOfType));
  const hasJobs = usesDirective(app, 'offload');
  const isFree = ({ name, type }: FieldDefinitionNode): boolean =>
    (hasJobs || !JOB_FIELDS.has(name.value)) &&
    !taken.has(name.value) &&
    !types.has(nameOf(type)) &&
    !modelNames.has(nameOf(type));
  const extensions = engine.definitions.filter(
    (definition) => definition.kind === Kind.OBJECT_TYPE_EXTENSION && definition.name.value === root,
  ) as readonly ObjectTypeExtensionNode[];
  const fields = extensions.flatMap((extension) => extension.fields ?? []).filter(isFree);
  const [first] = extensions;
  if (first === undefined || fields.length === 0) return null;
  const name = { ...first.name, value: rootName };
  if (isDefined) return { ...first, name, fields };
  return { ...first, kind: Kind.OBJECT_TYPE_DEFINITION, description: SUBSCRIPTION, name, fields };
}

const SUBSCRIPTION: StringValueNode = { kind: Kind.STRING, value: 'What one can be told of as it happens.' };

type ObjectNode = Extract<DefinitionNode, { readonly fields?: readonly FieldDefinitionNode[] }>;

function isPartOf(definition: DefinitionNode, name: string): definition is ObjectNode {
  const isObject =
    definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION;
  return isObject && definition.name.value === name;
}

function findRootName(app: DocumentNode, root: EngineRoot): string {
  for (const definition of app.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION) continue;
    const found = definition.operationTypes.find(({ operation }) => operation === ENGINE_ROOTS[root]);
    // Who names roots of their own has only those.
    return found?.type.name.value ?? '';
  }
  return root;
}

function usesDirective(app: DocumentNode, directive: string): boolean {
  return app.definitions.some(
    (definition) =>
      'fields' in definition &&
      definition.fields?.some(({ directives }) => directives?.some(({ name }) => name.value === directive)),
  );
}

function nameOfType(definition: DefinitionNode): string[] {
  const isType = definition.kind.endsWith('TypeDefinition') && 'name' in definition;
  return isType && definition.name !== undefined ? [definition.name.value] : [];
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
