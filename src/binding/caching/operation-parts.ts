import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { collectResponseFields } from '../execution/selected-fields.js';
import { KnownOperations } from '../known-operations.js';
import { asField } from './as-field.js';

type Variables = { readonly [name: string]: unknown };
/** A field of the top as it is wanted; null: it isn't. */
type Pick = (field: FieldNode) => FieldNode | null;
type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** Rests of one operation that are kept: callers who skip and include can make many. */
const MAX_RESTS = 64;

/** A query, to be answered in pieces: the fields at its top, each of which may stand alone. */
export interface SplitOperation {
  /** Response keys at the top that are selected with these variables, in the answer's order. */
  listKeys(coerced: Variables): readonly string[];
  /** A query of the one field alone, without a name or an alias: operations that select the same share it. */
  alone(responseKey: string): FieldAlone;
  /** The operation without these fields. */
  without(responseKeys: ReadonlySet<string>): DocumentNode;
}

export interface FieldAlone {
  readonly document: DocumentNode;
  readonly fieldName: string;
}

/** Takes operations apart, each once. */
export class OperationParts {
  readonly #known: KnownOperations<SplitOperation>;

  constructor(schema: GraphQLSchema) {
    this.#known = new KnownOperations((document, name) => split(schema, document, name));
  }

  /** Of a validated operation. Null for what is no query. */
  find(document: DocumentNode, operationName: string | null): SplitOperation | null {
    return this.#known.find(document, operationName);
  }
}

function split(schema: GraphQLSchema, document: DocumentNode, name: string | null): SplitOperation | null {
  const operation = getOperationAST(document, name);
  const query = schema.getQueryType();
  if (operation?.operation !== 'query' || query == null) return null;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const alone = new Map<string, FieldAlone>();
  const rests = new Map<string, DocumentNode>();
  return {
    listKeys: (coerced) => {
      const scope = { schema, fragments, variableValues: coerced as Record<string, unknown> };
      return [...collectResponseFields(scope, query, [asField(operation)]).keys()];
    },
    alone: (responseKey) => {
      const known = alone.get(responseKey);
      if (known !== undefined) return known;
      const { name: _, ...unnamed } = operation;
      let fieldName = '';
      const document = select(unnamed as OperationDefinitionNode, fragments, (field) => {
        if (responseKeyOf(field) !== responseKey) return null;
        fieldName = field.name.value;
        return { ...field, alias: undefined };
      });
      const part = { document, fieldName };
      alone.set(responseKey, part);
      return part;
    },
    without: (responseKeys) => {
      const id = JSON.stringify([...responseKeys].sort());
      const known = rests.get(id);
      if (known !== undefined) return known;
      const rest = select(operation, fragments, (field) =>
        responseKeys.has(responseKeyOf(field)) ? null : field,
      );
      if (rests.size < MAX_RESTS) rests.set(id, rest);
      return rest;
    },
  };
}

/** The operation with those fields of its top that are wanted, and with the variables and fragments that they use. */
function select(operation: OperationDefinitionNode, fragments: Fragments, pick: Pick): DocumentNode {
  const selectionSet = filterTop(operation.selectionSet, fragments, pick);
  const used = findUsed({ ...operation, variableDefinitions: [], selectionSet }, fragments);
  const own: OperationDefinitionNode = {
    ...operation,
    selectionSet,
    variableDefinitions: (operation.variableDefinitions ?? []).filter((definition) =>
      used.variables.has(definition.variable.name.value),
    ),
  };
  return { kind: Kind.DOCUMENT, definitions: [own, ...used.fragments] };
}

/** Fragments at the top are opened, since each may hold fields of several pieces. */
function filterTop(
  { selections, ...node }: SelectionSetNode,
  fragments: Fragments,
  pick: Pick,
): SelectionSetNode {
  const kept = selections.flatMap((selection): readonly SelectionNode[] => {
    if (selection.kind === Kind.FIELD) {
      const picked = pick(selection);
      return picked === null ? [] : [picked];
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
    if (fragment === undefined) return [];
    const selectionSet = filterTop(fragment.selectionSet, fragments, pick);
    const { typeCondition } = fragment;
    return selectionSet.selections.length === 0
      ? []
      : [{ kind: Kind.INLINE_FRAGMENT, typeCondition, directives: selection.directives, selectionSet }];
  });
  return { ...node, selections: kept };
}

function findUsed(operation: OperationDefinitionNode, fragments: Fragments) {
  const variables = new Set<string>();
  const reached = new Set<FragmentDefinitionNode>();
  const pending: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    visit(next, {
      Variable({ name }) {
        variables.add(name.value);
      },
      FragmentSpread({ name }) {
        const fragment = fragments[name.value];
        if (fragment === undefined || reached.has(fragment)) return;
        reached.add(fragment);
        pending.push(fragment);
      },
    });
  }
  return { variables, fragments: [...reached] };
}

function responseKeyOf({ alias, name }: FieldNode): string {
  return alias?.value ?? name.value;
}
