import { type GraphQLField, getNamedType, isInputObjectType } from 'graphql';
import { didYouMean } from '../kernel/suggestion.js';
import type { Model } from '../model/model-graph.js';
import { allOf } from '../reads/condition.js';
import type { FilterTable, OrderTable, RowsFieldBinding, RowTarget, RowType } from './bindings.js';
import { bindOrder } from './inputs/bind-order.js';
import type { SchemaScope } from './schema-scope.js';

const PAGE_ARGUMENTS: ReadonlyMap<string, string> = new Map([
  ['first', 'Int'],
  ['last', 'Int'],
  ['after', 'String'],
  ['before', 'String'],
]);

/** Arguments that each kind of field over many rows takes. */
const ARGUMENTS = {
  list: ['filter', 'orderBy', 'first'],
  connection: ['filter', 'orderBy', 'first', 'after', 'last', 'before'],
  filtered: ['filter'],
} as const;

/** Binds the arguments of a list, connection, count or aggregate; what it doesn't know is a fault. */
export function bindRowTarget(
  field: GraphQLField<unknown, unknown>,
  kind: keyof typeof ARGUMENTS,
  model: Model,
  where: RowTarget['where'],
  place: string,
  scope: SchemaScope,
): RowTarget {
  let filter: FilterTable | null = null;
  let order: OrderTable | null = null;
  const allowed: readonly string[] = ARGUMENTS[kind];
  for (const argument of field.args) {
    const at = `${place}(${argument.name}:)`;
    const type = getNamedType(argument.type);
    if (!allowed.includes(argument.name)) {
      const problem = `${at} is an unknown argument of a bound ${kind === 'filtered' ? 'count or aggregate' : kind}`;
      scope.faults.add(
        argument.astNode,
        `${problem}${didYouMean(argument.name, allowed)}; it takes ${allowed.join(', ')}`,
      );
    } else if (argument.name === 'filter') {
      if (isInputObjectType(type)) filter = scope.filters.bind(type, model);
      else scope.faults.add(argument.astNode, `${at} must be an input object, not ${type.name}`);
    } else if (argument.name === 'orderBy') {
      order = bindOrder(argument, model, at, scope.faults);
    } else if (PAGE_ARGUMENTS.get(argument.name) !== type.name) {
      scope.faults.add(
        argument.astNode,
        `${at} must be of type ${PAGE_ARGUMENTS.get(argument.name)}, not ${type.name}`,
      );
    }
  }
  const own = scope.owners.find(field, model, place);
  return {
    model,
    where: own === null ? where : () => allOf(where(), own.where),
    filter,
    order,
    rowType: null,
  };
}

/** Binds a list or connection of `target`'s rows. */
export function bindRowsField(
  field: GraphQLField<unknown, unknown>,
  kind: 'list' | 'connection',
  target: RowType,
  place: string,
  scope: SchemaScope,
): RowsFieldBinding {
  const rows = bindRowTarget(field, kind, target.model, () => target.where, place, scope);
  if (kind === 'connection' && target.model.primaryKey === null) {
    const problem = `${place}: rows of ${target.model.name} have no key, so no page can end at one: use a list`;
    scope.faults.add(field.astNode, problem);
  }
  return { target: () => target, rows: { ...rows, rowType: target } };
}
