import {
  type ASTNode,
  BREAK,
  coerceInputValue,
  type DocumentNode,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  Kind,
  typeFromAST,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

/** Where in a caller's input something is: an argument's or variable's name, then fields and list places. */
export type InputPath = readonly (string | number)[];

/** The path of a value in the document, beginning with its argument's name; empty where it is in none. */
export function findLiteralPath(document: DocumentNode, wanted: ASTNode): InputPath {
  let found: InputPath = [];
  visit(document, {
    enter(node, _key, _parent, steps) {
      if (node !== wanted) return undefined;
      found = readSteps(document, steps);
      return BREAK;
    },
  });
  return found;
}

function readSteps(document: DocumentNode, steps: readonly (string | number)[]): InputPath {
  let inputPath: (string | number)[] = [];
  let at: unknown = document;
  let cameBy: string | number = '';
  for (const step of steps) {
    at = (at as Record<string | number, unknown>)[step];
    const node = at as Partial<ASTNode>;
    if (node.kind === Kind.ARGUMENT) inputPath = [node.name?.value ?? ''];
    else if (node.kind === Kind.VARIABLE_DEFINITION) inputPath = [node.variable?.name.value ?? ''];
    else if (node.kind === Kind.OBJECT_FIELD) inputPath.push(node.name?.value ?? '');
    else if (cameBy === 'values' && typeof step === 'number') inputPath.push(step);
    cameBy = step;
  }
  return inputPath;
}

/**
 * The paths of all that is wrong with one variable's value, in the order in which graphql-js reports them,
 * each beginning with the variable's name. Found by coercing once more: the errors tell paths as text only.
 */
export function listVariableFaults(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: { readonly [name: string]: unknown },
): InputPath[] {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  const value = variables[name];
  if (!isInputType(type)) return [[name]];
  if (value === undefined || (value === null && isNonNullType(type))) return [[name]];
  const faults: InputPath[] = [];
  coerceInputValue(value, type, (path) => faults.push([name, ...path]));
  return faults;
}
