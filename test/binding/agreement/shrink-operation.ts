import { type ASTNode, type DocumentNode, Kind, parse, print, visit } from 'graphql';
import type { Operation } from './random-operation.js';
import { tidyDocument } from './tidy-document.js';

/** Requests that are tried at most. */
const MAX_ATTEMPTS = 3_000;

/**
 * The smallest request that `fails` still: selections, arguments, directives, parts of values, aliases and variables
 * are taken away one by one for as long as it does. `fails` is false for what is no valid operation.
 */
export async function shrinkOperation(
  operation: Operation,
  fails: (candidate: Operation) => Promise<boolean>,
): Promise<Operation> {
  let smallest = operation;
  let attempts = 0;
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false;
    const tried = new Set([smallest.text]);
    // One by one: what was found to go is gone before the next is tried.
    for (let index = 0; attempts < MAX_ATTEMPTS; index += 1) {
      const candidate = simplify(smallest, index);
      if (candidate === null) break;
      if (tried.has(candidate.text)) continue;
      tried.add(candidate.text);
      attempts += 1;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      isSmaller = true;
      index -= 1;
    }
  }
  return smallest;
}

/** The operation with its `index`th simplification made; null where it has no so many. */
function simplify(operation: Operation, index: number): Operation | null {
  const document = parse(operation.text, { noLocation: true });
  let left = index;
  const isNext = () => left-- === 0;
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [],
    ),
  );
  const edited: DocumentNode = visit(document, {
    enter(node, _key, parent) {
      if (left < 0) return false;
      if (isRemovable(node, parent) && isNext()) return null;
      if (node.kind === Kind.FRAGMENT_SPREAD && isNext()) {
        const { selectionSet, typeCondition } = fragments.get(node.name.value)!;
        return { kind: Kind.INLINE_FRAGMENT, directives: node.directives, selectionSet, typeCondition };
      }
      if (node.kind === Kind.INLINE_FRAGMENT && node.typeCondition !== undefined && isNext()) {
        return { ...node, typeCondition: undefined };
      }
      if (node.kind === Kind.FIELD && node.alias !== undefined && isNext())
        return { ...node, alias: undefined };
      if (node.kind === Kind.VARIABLE && !isDefinition(parent)) {
        const literal = literalOf(operation, document, node.name.value);
        if (literal !== null && isNext()) return literal;
      }
      if (node.kind === Kind.VARIABLE_DEFINITION) return false;
      if (node.kind === Kind.SELECTION_SET) {
        // What stands in an inline fragment may do so outside of it.
        const at = node.selections.findIndex((item) => item.kind === Kind.INLINE_FRAGMENT);
        const fragment = node.selections[at];
        if (fragment?.kind === Kind.INLINE_FRAGMENT && isNext()) {
          return {
            ...node,
            selections: node.selections.toSpliced(at, 1, ...fragment.selectionSet.selections),
          };
        }
      }
      return undefined;
    },
  });
  if (left >= 0) return null;
  const tidy = tidyDocument(edited);
  const used = new Set(
    tidy.definitions.flatMap((node) =>
      node.kind === Kind.OPERATION_DEFINITION
        ? (node.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
        : [],
    ),
  );
  const variables = Object.fromEntries(
    Object.entries(operation.variables).filter(([name]) => used.has(name)),
  );
  return { ...operation, text: print(tidy), variables };
}

function isDefinition(parent: ASTNode | readonly ASTNode[] | undefined): boolean {
  return parent !== undefined && 'kind' in parent && parent.kind === Kind.VARIABLE_DEFINITION;
}

function isRemovable(node: ASTNode, parent: ASTNode | readonly ASTNode[] | undefined): boolean {
  switch (node.kind) {
    case Kind.FIELD:
    case Kind.INLINE_FRAGMENT:
    case Kind.FRAGMENT_SPREAD:
      return Array.isArray(parent) && parent.length > 1;
    case Kind.ARGUMENT:
    case Kind.DIRECTIVE:
    case Kind.OBJECT_FIELD:
      return true;
    case Kind.OPERATION_DEFINITION:
      return node.name?.value === 'Other';
    default:
      // An item of a list.
      return Array.isArray(parent) && /Value$/.test(node.kind);
  }
}

/** A variable's value as a literal; null where it is absent, or none says it. */
function literalOf(operation: Operation, document: DocumentNode, name: string) {
  const definition = document.definitions
    .flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? (node.variableDefinitions ?? []) : []))
    .find(({ variable }) => variable.name.value === name);
  const isGiven = Object.hasOwn(operation.variables, name);
  const value = operation.variables[name];
  if (!isGiven) return definition?.defaultValue ?? null;
  if (typeof value === 'number')
    return { kind: Number.isInteger(value) ? Kind.INT : Kind.FLOAT, value: String(value) };
  if (typeof value === 'boolean') return { kind: Kind.BOOLEAN, value };
  return typeof value === 'string' ? { kind: Kind.STRING, value } : null;
}
