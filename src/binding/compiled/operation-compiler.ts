import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  isNonNullType,
  type OperationDefinitionNode,
} from 'graphql';
import type { Viewer } from '../../identity/viewer.js';
import { BoundedCache } from '../../kernel/bounded-cache.js';
import { SluiceError } from '../../kernel/sluice-error.js';
import { encodeStable } from '../../kernel/stable-encoding.js';
import type { RequestReads } from '../../reads/request-reads.js';
import type { Access } from '../authorization/access.js';
import type { Bindings } from '../bindings.js';
import type { LimitedFields } from '../cost/limited-fields.js';
import { collectResponseFields, nameOfField, type SelectionScope } from '../execution/selected-fields.js';
import { KnownOperations } from '../known-operations.js';
import type { RequestContext } from '../request-context.js';
import type { PageLimits } from '../resolvers.js';
import { Bail } from './bail.js';
import { CodeSize } from './code-size.js';
import { compileRoot, type RootCode } from './compile-root.js';
import { OperationVariables } from './operation-variables.js';
import { findShapeVariables } from './shape-variables.js';
import { Uncompilable } from './uncompilable.js';

/**
 * Variants of one operation that are kept compiled: callers can make 2^n of them with n conditions. Beyond that
 * graphql-js serves, which compiles nothing.
 */
const MAX_VARIANTS = 16;
/** The same where viewers differ in what they may select: each set of permissions has variants of its own. */
const MAX_VARIANTS_BY_ACCESS = 64;
/** Longer than any order over columns is written. In characters. */
const MAX_KEY_LENGTH = 4_000;
/** Fields of all compiled code together: a field takes some 750 bytes, so this is 75 MB. */
const MAX_COMPILED_FIELDS = 100_000;
const MAX_COMPILED_VARIANTS = 10_000;

type Variables = { readonly [name: string]: unknown };
type Data = { readonly [key: string]: unknown };

/** The root fields of one variant of an operation. */
interface CompiledVariant {
  readonly roots: readonly { readonly key: string; readonly code: RootCode; readonly isRequired: boolean }[];
  readonly typeNames: readonly { readonly key: string; readonly name: string }[];
  readonly keys: readonly string[];
}

/** What is known of an operation of a document. */
interface KnownOperation {
  /** Unique among all operations that there have been. */
  readonly id: number;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly variables: OperationVariables;
  readonly shapeVariables: readonly string[];
  /** Whether some field of it has a limit of its own. */
  readonly isLimited: boolean;
  /** The variants that have been asked for: whether they are for compiled code. */
  readonly variants: Map<string, boolean>;
}

/**
 * Answers operations whose every selected field is bound, without walking them anew for each row: a plan reads all of a
 * root field in one statement, and generated code makes the answer of its tuples.
 *
 * It gives whole answers without errors, or none: whatever it doesn't compile, and every operation in which something
 * is faulty, is for graphql-js, whose answers these are held to. Code that is least in use goes when there is too much.
 */
export class OperationCompiler {
  readonly #known = new KnownOperations((document, operationName) => this.#create(document, operationName));
  readonly #compiled = new BoundedCache<CompiledVariant>({
    maxEntries: MAX_COMPILED_VARIANTS,
    maxWeight: MAX_COMPILED_FIELDS,
  });
  #operations = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly bindings: Bindings,
    private readonly limits: PageLimits,
    private readonly limited: LimitedFields,
  ) {}

  /** How many variants of operations are compiled at present. */
  get size(): number {
    return this.#compiled.size;
  }

  /**
   * The data of a validated operation, or null where graphql-js must run it.
   *
   * @throws nothing: whatever fails is for graphql-js to word
   */
  async run(
    document: DocumentNode,
    operationName: string | null,
    given: Variables,
    { reads, viewer }: Pick<RequestContext, 'reads' | 'viewer'>,
  ): Promise<Data | null> {
    if (!reads.canPlan) return null;
    const known = this.#known.find(document, operationName);
    if (known === null) return null;
    const access = this.#accessOf(viewer);
    if (isNeverCompiled(known, access)) return null;
    const variables = known.variables.coerce(given);
    if (variables === null) return null;
    try {
      const variant = this.#findVariant(known, variables, reads, access);
      return variant === null ? null : await runVariant(variant, reads, variables);
    } catch (error) {
      if (error instanceof SluiceError && isOutage(error)) reads.failWith(error);
      else if (!isForGraphQL(error)) throw error;
      return null;
    }
  }

  #create(document: DocumentNode, operationName: string | null): KnownOperation | null {
    const created = createOperation(this.schema, document, operationName, this.#operations);
    this.#operations += 1;
    // Fields' own limits are held by resolvers, which compiled code doesn't call.
    return created === null || !this.limited.areSelected(document)
      ? created
      : { ...created, isLimited: true };
  }

  /** Null where what is asked doesn't depend on who asks. */
  #accessOf(viewer: Viewer): Access | null {
    const { authorization } = this.bindings;
    return authorization?.hasRequirements ? authorization.accessOf(viewer) : null;
  }

  #findVariant(
    known: KnownOperation,
    variables: Variables,
    reads: RequestReads,
    access: Access | null,
  ): CompiledVariant | null {
    const { id, shapeVariables, variants } = known;
    // A variable that is absent may be named as something that every object inherits, such as `constructor`.
    const values = shapeVariables.map((name) =>
      Object.hasOwn(variables, name) ? variables[name] : undefined,
    );
    const shapeKey = values.length === 0 ? '' : encodeStable(values);
    // Code leaves checks out that its viewers have passed: it is never for others.
    const key = access === null ? shapeKey : `${access.key} ${shapeKey}`;
    const isCompilable = variants.get(key);
    if (isCompilable === false) return null;
    if (
      isCompilable === undefined &&
      (variants.size >= (access === null ? MAX_VARIANTS : MAX_VARIANTS_BY_ACCESS) ||
        key.length > MAX_KEY_LENGTH)
    )
      return null;
    const cacheKey = `${id} ${reads.isRecording ? 'recorded' : 'plain'} ${key}`;
    const found = this.#compiled.get(cacheKey);
    if (found !== undefined) return found;
    try {
      const size = new CodeSize();
      const variant = this.#compile(known, variables, { reads, size, access });
      this.#compiled.set(cacheKey, variant, { weight: size.fields, ttlMs: null });
      variants.set(key, true);
      return variant;
    } catch (error) {
      if (error instanceof Uncompilable) variants.set(key, false);
      throw error;
    }
  }

  #compile(known: KnownOperation, variables: Variables, { reads, size, access }: Compiling): CompiledVariant {
    const query = this.schema.getQueryType();
    if (query == null) throw new Uncompilable('Query');
    const selection: SelectionScope = {
      schema: this.schema,
      fragments: known.fragments,
      variableValues: variables as SelectionScope['variableValues'],
      access: access === null || access.isFull ? undefined : access,
      onForbidden: refuseToCompile,
    };
    const roots: CompiledVariant['roots'][number][] = [];
    const typeNames: CompiledVariant['typeNames'][number][] = [];
    const keys: string[] = [];
    const fields = collectResponseFields(selection, query, [operationAsField(known.operation)]);
    for (const [key, nodes] of fields) {
      const name = nameOfField(nodes);
      keys.push(key);
      if (name === '__typename') {
        typeNames.push({ key, name: query.name });
        continue;
      }
      const root = this.bindings.roots.get(name);
      const field = query.getFields()[name];
      if (root === undefined || field === undefined) throw new Uncompilable(name);
      const code = compileRoot({ selection, limits: this.limits, size }, reads, field, nodes, root);
      roots.push({ key, code, isRequired: isNonNullType(field.type) });
    }
    return { roots, typeNames, keys };
  }
}

interface Compiling {
  readonly reads: RequestReads;
  readonly size: CodeSize;
  readonly access: Access | null;
}

/** Errors are for graphql-js to word. */
function refuseToCompile(what: string): never {
  throw new Uncompilable(what);
}

async function runVariant(
  variant: CompiledVariant,
  reads: RequestReads,
  variables: Variables,
): Promise<Data> {
  const [only] = variant.roots;
  const values =
    variant.roots.length === 1 && only !== undefined
      ? [await only.code(reads, variables)]
      : await Promise.all(variant.roots.map(({ code }) => code(reads, variables)));
  if (variant.keys.length === 1 && only !== undefined) return keyed(only.key, values[0]);
  const byKey = new Map<string, unknown>(variant.typeNames.map(({ key, name }) => [key, name]));
  for (const [index, { key }] of variant.roots.entries()) byKey.set(key, values[index]);
  return Object.fromEntries(variant.keys.map((key) => [key, byKey.get(key)]));
}

function keyed(key: string, value: unknown): Data {
  return { [key]: value };
}

/** Whether no variables make the operation one for compiled code. */
function isNeverCompiled(
  { isLimited, shapeVariables, variants }: KnownOperation,
  access: Access | null,
): boolean {
  if (isLimited) return true;
  return shapeVariables.length === 0 && variants.get(access === null ? '' : `${access.key} `) === false;
}

function createOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null,
  id: number,
): KnownOperation | null {
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'query') return null;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments[definition.name.value] = definition;
  }
  return {
    id,
    operation,
    fragments,
    variables: new OperationVariables(schema, operation.variableDefinitions ?? []),
    shapeVariables: findShapeVariables(document),
    isLimited: false,
    variants: new Map(),
  };
}

/** An operation's selection set, held as a field's is, so that one walk serves both. */
function operationAsField(operation: OperationDefinitionNode) {
  return {
    kind: 'Field',
    name: { kind: 'Name', value: 'query' },
    selectionSet: operation.selectionSet,
  } as Parameters<typeof collectResponseFields>[2][number];
}

/** What compiled code leaves to graphql-js; all else is a defect. */
function isForGraphQL(error: unknown): boolean {
  return [Uncompilable, Bail, GraphQLError, SluiceError].some((type) => error instanceof type);
}

/** Faults that asking again would only repeat, at the cost of the same wait. */
function isOutage(error: SluiceError): boolean {
  return error.code === 'DATABASE_UNAVAILABLE' || error.code === 'TIMEOUT';
}
