import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { type CachePolicy, PolicyBuilder } from '../../cache/policy/cache-policy.js';
import { encodeStable } from '../../kernel/stable-encoding.js';
import { collectResponseFields, nameOfField, type SelectionScope } from '../execution/selected-fields.js';
import { KnownOperations } from '../known-operations.js';
import { asField } from './as-field.js';
import type { PolicyTable } from './policy-table.js';

type Variables = { readonly [name: string]: unknown };

/** What caching has to know of an operation. */
export interface OperationPolicy {
  readonly policy: CachePolicy;
  /** Fields that are selected at the top, such as `Query.animals`. */
  readonly coordinates: readonly string[];
  /** Object types whose fields are selected, below the top. */
  readonly typeNames: readonly string[];
}

/** What hints say of one selected field. */
export interface FieldLife {
  /** Response keys from the top; fields of several possible types come once each. */
  readonly path: readonly string[];
  readonly coordinate: string;
  /** Null: as long as what it stands in. */
  readonly maxAgeSeconds: number | null;
  readonly isPrivate: boolean;
}

interface KnownOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: SelectionScope['fragments'];
  /** Variables that decide what is selected at all. */
  readonly conditions: readonly string[];
  /** By the conditions' values. */
  readonly policies: Map<string, OperationPolicy>;
}

/** Combinations of conditions that are kept for one operation: callers can make 2^n of them. */
const MAX_VARIANTS = 64;
/** Fields of all possible types, unfolded. An operation of more is not worth finding out about. */
const MAX_STEPS = 50_000;

/**
 * Tells of operations how long their answers may be kept. Nobody knows of which type an object will be, or whether a field
 * is reached at all; so the strictest possibility counts, and an answer is never kept for longer than Apollo Server's
 * plugin would say of it.
 */
export class OperationPolicies {
  readonly #known = new KnownOperations((document, name) => readOperation(document, name));

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly table: PolicyTable,
  ) {}

  /** Of a validated operation. Null for what is no query. */
  find(document: DocumentNode, operationName: string | null, coerced: Variables): OperationPolicy | null {
    const known = this.#known.find(document, operationName);
    if (known === null) return null;
    const { conditions, policies } = known;
    const values = conditions.map((name) => coerced[name]);
    const key = values.length === 0 ? '' : encodeStable(values);
    let found = policies.get(key);
    if (found === undefined) {
      found = this.#compute(known, coerced);
      if (policies.size < MAX_VARIANTS) policies.set(key, found);
    }
    return found;
  }

  /** What hints say of each selected field; empty for what is no query. */
  listLives(document: DocumentNode, operationName: string | null, coerced: Variables): readonly FieldLife[] {
    const known = this.#known.find(document, operationName);
    const lives: FieldLife[] = [];
    if (known !== null) this.#compute(known, coerced, (life) => lives.push(life));
    return lives;
  }

  #compute(
    { operation, fragments }: KnownOperation,
    coerced: Variables,
    onField?: (life: FieldLife) => void,
  ): OperationPolicy {
    const query = this.schema.getQueryType();
    if (query == null) throw new TypeError('The schema has no Query.');
    const scope: SelectionScope = {
      schema: this.schema,
      fragments,
      variableValues: coerced as SelectionScope['variableValues'],
    };
    const walk = new PolicyWalk(scope, this.table, onField);
    walk.visitRoot(query, asField(operation));
    return walk.finish();
  }
}

class PolicyWalk {
  readonly #policy = new PolicyBuilder();
  readonly #coordinates = new Set<string>();
  readonly #typeNames = new Set<string>();
  #steps = 0;

  constructor(
    private readonly scope: SelectionScope,
    private readonly table: PolicyTable,
    private readonly onField?: (life: FieldLife) => void,
  ) {}

  visitRoot(query: GraphQLObjectType, operation: FieldNode): void {
    for (const [key, nodes] of collectResponseFields(this.scope, query, [operation])) {
      const name = nameOfField(nodes);
      if (name === '__typename') continue;
      this.#coordinates.add(`${query.name}.${name}`);
      this.#visitField(query, [key], nodes);
    }
  }

  finish(): OperationPolicy {
    return Object.freeze({
      policy: this.#policy.build(),
      coordinates: Object.freeze([...this.#coordinates]),
      typeNames: Object.freeze([...this.#typeNames]),
    });
  }

  #visitField(owner: GraphQLObjectType, path: readonly string[], nodes: readonly FieldNode[]): void {
    const name = nameOfField(nodes);
    if (name === '__typename') return;
    const coordinate = `${owner.name}.${name}`;
    const policy = this.table.find(owner.name, name);
    this.#steps += 1;
    if (policy === null || this.#steps > MAX_STEPS) {
      // What asks of the schema itself, which is answered from memory anyway; or too much to look at.
      this.#policy.restrict(UNCACHEABLE, coordinate);
      return;
    }
    this.#policy.restrict(policy, coordinate);
    const { maxAgeSeconds, isPrivate } = policy;
    this.onField?.({ path, coordinate, maxAgeSeconds, isPrivate });
    const field = owner.getFields()[name];
    const type = field === undefined ? undefined : getNamedType(field.type);
    if (isObjectType(type)) this.#visitObject(type, path, nodes);
    else if (isAbstractType(type)) {
      for (const possible of this.scope.schema.getPossibleTypes(type))
        this.#visitObject(possible, path, nodes);
    }
  }

  #visitObject(type: GraphQLObjectType, path: readonly string[], nodes: readonly FieldNode[]): void {
    if (this.#steps > MAX_STEPS) return;
    this.#typeNames.add(type.name);
    for (const [key, selected] of collectResponseFields(this.scope, type, nodes)) {
      this.#visitField(type, this.onField === undefined ? path : [...path, key], selected);
    }
  }
}

const UNCACHEABLE = Object.freeze({
  maxAgeSeconds: 0,
  isPrivate: false,
  staleWhileRevalidateSeconds: 0,
  staleIfErrorSeconds: 0,
  vary: [],
  cache: null,
});

function readOperation(document: DocumentNode, operationName: string | null): KnownOperation | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'query') return null;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return { operation, fragments, conditions: findConditions(document), policies: new Map() };
}

/** Names of the variables in directives such as @skip and @include. */
function findConditions(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Directive(node) {
      visit(node, {
        Variable({ name }) {
          names.add(name.value);
        },
      });
      return false;
    },
  });
  return [...names].sort();
}
