import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLField,
  Kind,
  valueFromAST,
  valueFromASTUntyped,
} from 'graphql';
import { SluiceError } from '../../kernel/sluice-error.js';
import type { ListSize } from './cost-table.js';
import type { Term, Variables } from './term.js';
import { MAX_COST } from './weights.js';

/** An argument's value; undefined where it isn't given. */
type ArgumentValue =
  | { readonly kind: 'known'; readonly value: unknown }
  | { readonly kind: 'open'; readonly read: (variables: Variables) => unknown };

/** Reads one variable as execution will see it: its own default where it is absent. */
export type ReadVariable = (name: string) => (variables: Variables) => unknown;

/** How long a field's list may be, by the arguments that it is asked with. */
export function measureList(
  size: ListSize,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  readVariable: ReadVariable,
): Term {
  const values = readSlices(size, field, node, readVariable);
  if (values.every((value) => value.kind === 'known')) {
    return finish(
      size,
      values.map(({ value }) => value),
    );
  }
  const [only] = values;
  if (values.length === 1 && only?.kind === 'open')
    return (variables) => finish(size, [only.read(variables)]);
  return (variables) =>
    finish(
      size,
      values.map((value) => (value.kind === 'known' ? value.value : value.read(variables))),
    );
}

/**
 * For a field that wants exactly one of its slicing arguments.
 *
 * @throws SluiceError `BAD_USER_INPUT`, from the returned function
 */
export function requireOneSlice(
  size: ListSize,
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  readVariable: ReadVariable,
): (variables: Variables) => void {
  const values = readSlices(size, field, node, readVariable);
  return (variables) => {
    const given = values.filter((value) =>
      isGiven(value.kind === 'known' ? value.value : value.read(variables)),
    );
    if (given.length === 1) return;
    throw new SluiceError(
      'BAD_USER_INPUT',
      `${coordinate} must be asked with one of ${size.slicingArguments.join(', ')}; ${given.length} of them are given`,
    );
  };
}

function readSlices(
  { slicingArguments }: ListSize,
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  readVariable: ReadVariable,
): readonly ArgumentValue[] {
  return slicingArguments.map((name) => {
    const argument = field.args.find((item) => item.name === name);
    const given = node.arguments?.find((item) => item.name.value === name);
    return readArgument(given, argument, readVariable);
  });
}

function readArgument(
  given: ArgumentNode | undefined,
  argument: GraphQLField<unknown, unknown>['args'][number] | undefined,
  readVariable: ReadVariable,
): ArgumentValue {
  const fallback = argument?.defaultValue;
  if (given === undefined || argument === undefined) return { kind: 'known', value: fallback };
  if (given.value.kind === Kind.VARIABLE) {
    const read = readVariable(given.value.name.value);
    return {
      kind: 'open',
      read: (variables) => {
        const value = read(variables);
        return value === undefined ? fallback : value;
      },
    };
  }
  // Of a list that holds variables only the length counts, which is known.
  const value = valueFromAST(given.value, argument.type);
  return { kind: 'known', value: value === undefined ? valueFromASTUntyped(given.value) : value };
}

function finish(size: ListSize, values: readonly unknown[]): number {
  // An empty page is refused, or costs its statement.
  let length = 1;
  let isSliced = false;
  for (const value of values) {
    if (!isGiven(value)) continue;
    isSliced = true;
    length = Math.max(length, lengthOf(value));
  }
  const outer = isSliced ? Math.min(length, size.maxSize) : size.assumedSize;
  return Math.min(outer * size.innerSize, MAX_COST);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A value that doesn't fit its argument's type is refused before anything runs. */
function lengthOf(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === 'number' && !Number.isNaN(value) ? value : 1;
}
