import { hash } from 'node:crypto';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  print,
  visit,
} from 'graphql';
import { encodeStable } from '../../kernel/stable-encoding.js';
import { OperationVariables } from '../compiled/operation-variables.js';
import { KnownOperations } from '../known-operations.js';

type Variables = { readonly [name: string]: unknown };

/** Of SHA-256, in base64url: 192 bits, which nobody makes meet. */
const HASH_CHARACTERS = 32;

/** What an operation is known by, whoever asks it. */
export interface OperationKey {
  /** Of the operation's text, however it was laid out. */
  readonly operation: string;
  /** Of its text without literals: who varies those asks the same again and again. */
  readonly group: string;
  /** Of its variables' values. */
  readonly variables: string;
  /** As the operation takes them. */
  readonly coerced: Variables;
}

interface KnownOperation {
  readonly operation: string;
  readonly group: string;
  readonly variables: OperationVariables;
}

/**
 * Names what is asked, so that equal questions meet: white space, comments, fragments that the operation doesn't use, the
 * order of variables, and whether a default was written out make no difference. The order and the names of an answer's
 * fields do, and so does the operation's name.
 */
export class OperationKeys {
  readonly #known = new KnownOperations((document, name) => this.#read(document, name));

  constructor(private readonly schema: GraphQLSchema) {}

  /** Of a validated operation. Null where its variables are faulty or can't be told apart: others have to word that. */
  find(document: DocumentNode, operationName: string | null, given: Variables): OperationKey | null {
    const known = this.#known.find(document, operationName);
    const coerced = known?.variables.coerce(given) ?? null;
    if (known === null || coerced === null) return null;
    const text = encodeVariables(coerced);
    return text === null
      ? null
      : { operation: known.operation, group: known.group, variables: hashText(text), coerced };
  }

  #read(document: DocumentNode, operationName: string | null): KnownOperation | null {
    const operation = getOperationAST(document, operationName);
    if (operation === null || operation === undefined) return null;
    const alone = standAlone(document, operation);
    return {
      operation: hashText(print(alone)),
      group: hashText(print(withoutLiterals(alone))),
      variables: new OperationVariables(this.schema, operation.variableDefinitions ?? []),
    };
  }
}

function encodeVariables(coerced: Variables): string | null {
  try {
    return encodeStable(coerced);
  } catch (error) {
    // A scalar of the app's made something of its own of a value.
    if (error instanceof TypeError) return null;
    throw error;
  }
}

function hashText(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, HASH_CHARACTERS);
}

function withoutLiterals(document: DocumentNode): DocumentNode {
  const blank = () => ({ kind: Kind.NULL }) as const;
  return visit(document, {
    IntValue: blank,
    FloatValue: blank,
    StringValue: blank,
    BooleanValue: blank,
    EnumValue: blank,
    ListValue: blank,
    ObjectValue: blank,
  });
}

/** The operation and the fragments that it reaches, in one order. */
function standAlone(document: DocumentNode, operation: OperationDefinitionNode): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const reached = new Map<string, FragmentDefinitionNode>();
  const pending: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    visit(next, {
      FragmentSpread({ name: { value } }) {
        const fragment = fragments.get(value);
        if (fragment === undefined || reached.has(value)) return;
        reached.set(value, fragment);
        pending.push(fragment);
      },
    });
  }
  const sorted = {
    ...operation,
    variableDefinitions: sortBy(operation.variableDefinitions ?? [], (node) => node.variable.name.value),
  };
  const used = sortBy([...reached.values()], (fragment) => fragment.name.value);
  return { kind: Kind.DOCUMENT, definitions: [sorted, ...used] };
}

function sortBy<Item>(items: readonly Item[], nameOf: (item: Item) => string): readonly Item[] {
  return [...items].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}
