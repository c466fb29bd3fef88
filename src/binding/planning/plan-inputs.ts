import { type FieldNode, type GraphQLField, getArgumentValues, Kind, visit } from 'graphql';
import type { PlanInput } from '../../reads/plan/read-plan.js';
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

/** Rows that a type stands for. */
export function typeInput(target: RowType): InputSource {
  const input: PlanInput = { where: target.where, order: [], limit: null, after: null };
  return { read: () => input };
}

/** The rows of a list. */
export function listInput(rows: RowTarget, field: Field, node: FieldNode, limits: PageLimits): InputSource {
  return fromArguments(field, node, (args) => ({
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
  limits: PageLimits,
): InputSource<ConnectionInput> {
  return fromArguments(field, node, (args) => {
    const connection = readConnectionRequest(rows.model, readRowsRequest(rows, args), [], args, limits);
    const { where, order, limit, after } = connection.query;
    return { where, order, limit, after, connection };
  });
}

/** All rows of a connection, for its total count. */
export function countedInput(rows: RowTarget, field: Field, node: FieldNode): InputSource {
  return filteredInput(rows, field, node);
}

/** The rows that a count or an aggregate takes in. */
export function filteredInput(rows: RowTarget, field: Field, node: FieldNode): InputSource {
  return fromArguments(field, node, (args) => ({
    where: readWhere(rows, args),
    order: [],
    limit: null,
    after: null,
  }));
}

type Field = GraphQLField<unknown, unknown>;

/** Arguments without variables are read once. */
function fromArguments<Input extends PlanInput>(
  field: Field,
  node: FieldNode,
  toInput: (args: RowsArguments) => Input,
): InputSource<Input> {
  const read = (variables: Variables) => toInput(getArgumentValues(field, node, variables));
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
