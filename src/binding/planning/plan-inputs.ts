import { type FieldNode, type GraphQLField, getArgumentValues, Kind, visit } from 'graphql';
import type { PlanInput } from '../../reads/plan/read-plan.js';
import type { Access } from '../authorization/access.js';
import { checkInputs } from '../authorization/check-inputs.js';
import type { RowTarget, RowType } from '../bindings.js';
import { type ConnectionRequest, readConnectionRequest } from '../execution/connection-request.js';
import { listLimit } from '../execution/resolve-list.js';
import { type RowsArguments, readRowsRequest, readWhere } from '../execution/rows-request.js';
import type { PageLimits } from '../resolvers.js';

type Variables = { readonly [name: string]: unknown };

/** The input of a connection, with what makes a page of its rows. */
export interface ConnectionInput extends PlanInput {
  readonly connection: ConnectionRequest;
}

/** Where a plan's input comes from: a field's arguments, or its type alone. */
export interface InputSource<Input extends PlanInput = PlanInput> {
  /** @throws GraphQLError or SluiceError where the arguments are faulty. */
  readonly read: (variables: Variables) => Input;
}

/** What arguments are held to: how much a page may hold, and what the viewer may ask for (undefined: everything). */
export interface InputOptions {
  readonly limits: PageLimits;
  readonly access: Access | undefined;
}

/** Rows that a type stands for. */
export function typeInput(target: RowType): InputSource {
  const input: PlanInput = { where: target.where, order: [], limit: null, after: null };
  return { read: () => input };
}

/** The rows of a list. */
export function listInput(
  rows: RowTarget,
  field: Field,
  node: FieldNode,
  { limits, access }: InputOptions,
): InputSource {
  return fromArguments(rows, field, node, access, (args) => ({
    ...readRowsRequest(rows, args),
    limit: listLimit(args.first, limits),
    after: null,
  }));
}

/** The page of a connection, one row more than it shows. */
export function connectionInput(
  rows: RowTarget,
  field: Field,
  node: FieldNode,
  { limits, access }: InputOptions,
): InputSource<ConnectionInput> {
  return fromArguments(rows, field, node, access, (args) => {
    const connection = readConnectionRequest(rows.model, readRowsRequest(rows, args), [], args, limits);
    const { where, order, limit, after } = connection.query;
    return { where, order, limit, after, connection };
  });
}

/** All rows that a count or an aggregate takes in; of a connection, for its total. */
export function filteredInput(
  rows: RowTarget,
  field: Field,
  node: FieldNode,
  access: Access | undefined,
): InputSource {
  return fromArguments(rows, field, node, access, (args) => ({
    where: readWhere(rows, args),
    order: [],
    limit: null,
    after: null,
  }));
}

type Field = GraphQLField<unknown, unknown>;

/** Arguments without variables are read once. */
function fromArguments<Input extends PlanInput>(
  rows: RowTarget,
  field: Field,
  node: FieldNode,
  access: Access | undefined,
  toInput: (args: RowsArguments) => Input,
): InputSource<Input> {
  const read = (variables: Variables) => {
    const args = getArgumentValues(field, node, variables);
    if (access !== undefined) checkInputs(access, rows, args);
    return toInput(args);
  };
  if (hasVariables(node)) return { read };
  let known: Input | null = null;
  return {
    read: () => {
      known ??= read({});
      return known;
    },
  };
}

/** Whether a field's own arguments mention variables. */
export function hasVariables(node: FieldNode): boolean {
  let found = false;
  for (const argument of node.arguments ?? []) {
    visit(argument, {
      [Kind.VARIABLE]() {
        found = true;
      },
    });
  }
  return found;
}
