import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { didYouMean } from '../kernel/suggestion.js';
import type { Model } from '../model/model-graph.js';
import { bindAggregate, isAggregateType } from './bind-aggregate.js';
import { ownRowsOfMembers } from './bind-objects.js';
import { bindRowsField, bindRowTarget } from './bind-rows-field.js';
import type { RootBinding, RowTarget, RowType, UniqueArgument, UniqueLookup } from './bindings.js';
import { findScalarMisfit } from './outputs/scalar-fit.js';
import { type SchemaScope, withWhere } from './schema-scope.js';
import { findDirective, findDirectiveName, findDirectiveNode } from './sdl/directive-arguments.js';

type Field = GraphQLField<unknown, unknown>;

/** Binds the fields of `Query` that nobody has written by hand. */
export function bindRoots(scope: SchemaScope): ReadonlyMap<string, RootBinding> {
  const roots = new Map<string, RootBinding>();
  const query = scope.schema.getQueryType();
  for (const field of Object.values(query?.getFields() ?? {})) {
    if (query == null || scope.hasResolver(query.name, field.name)) continue;
    const bound = bindRoot(field, `${query.name}.${field.name}`, scope);
    if (bound !== null) roots.set(field.name, bound);
  }
  return roots;
}

/** Fields of `Mutation` and `Subscription` are always written by hand; one without a resolver is a fault. */
export function checkOtherRoots(scope: SchemaScope): void {
  for (const type of [scope.schema.getMutationType(), scope.schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      if (type == null || scope.hasResolver(type.name, field.name)) continue;
      scope.faults.add(
        field.astNode,
        `${type.name}.${field.name} needs a resolver: nothing is bound below ${type.name}`,
      );
    }
  }
}

function bindRoot(field: Field, place: string, scope: SchemaScope): RootBinding | null {
  const type = getNamedType(field.type);
  if (type.name === 'Node') return bindNodeRoot(field, place, scope);
  const target = scope.findRowType(type);
  const connectionTarget = scope.findConnectionTarget(type);
  const isList = isListType(getNullableType(field.type));
  if (connectionTarget !== null && !isList) {
    return { kind: 'connection', ...bindRowsField(field, 'connection', connectionTarget, place, scope) };
  }
  if (target !== null && isList)
    return { kind: 'list', ...bindRowsField(field, 'list', target, place, scope) };
  if (target !== null) return bindOne(field, place, target, scope);
  const model = findSummarisedModel(field, type, scope);
  if (model !== null && isAggregateType(type)) {
    const rows = bindRowTarget(field, 'filtered', model, visibleRows(model, scope), place, scope);
    return { kind: 'aggregate', target: rows, aggregate: bindAggregate(type, model, scope) };
  }
  if (model !== null && type.name === 'Int') {
    return {
      kind: 'count',
      target: bindRowTarget(field, 'filtered', model, visibleRows(model, scope), place, scope),
    };
  }
  const named = findDirectiveName(field, 'model');
  const problem =
    named === null
      ? `${place} is not bound to a model and has no resolver: ${type.name} stands for no model`
      : `@model on ${place} names no model: "${named}"`;
  scope.faults.add(
    named === null ? field.astNode : findDirectiveNode(field, 'model'),
    `${problem}${didYouMean(named ?? type.name, scope.graph.models.keys())}`,
  );
  return null;
}

/** The model that a count or aggregate at the root is over: `@model(name:)`, or the type's own stem. */
function findSummarisedModel(field: Field, type: GraphQLNamedType, scope: SchemaScope): Model | null {
  const named = findDirectiveName(field, 'model');
  if (named !== null) return scope.graph.models.get(named) ?? null;
  if (findDirective(field, 'model') !== null || !isAggregateType(type)) return null;
  const stem = type.name.slice(0, -'Aggregate'.length);
  return scope.objects.get(stem)?.model ?? scope.graph.models.get(stem) ?? null;
}

/** Rows of the model that its type shows, where just one type stands for it. */
function visibleRows(model: Model, scope: SchemaScope): RowTarget['where'] {
  const types = scope.objectsOf(model);
  const [only] = types;
  const where = types.length === 1 && only !== undefined ? only.where : ownRowsOfMembers(types);
  return () => where;
}

function bindNodeRoot(field: Field, place: string, scope: SchemaScope): RootBinding | null {
  const isList = isListType(getNullableType(field.type));
  const expected = isList ? 'ids' : 'id';
  const [argument, ...others] = field.args;
  if (argument?.name !== expected || others.length > 0 || getNamedType(argument.type).name !== 'ID') {
    const shape = isList ? 'nodes(ids: [ID!]!): [Node]!' : 'node(id: ID!): Node';
    scope.faults.add(field.astNode, `${place} must be declared ${shape}`);
    return null;
  }
  const item = isList ? getListItem(field) : field.type;
  if (isNonNullType(item)) {
    scope.faults.add(
      field.astNode,
      `${place} is declared ${field.type}, but an object may be gone: drop the "!"`,
    );
  }
  return { kind: isList ? 'nodes' : 'node' };
}

function getListItem(field: Field): unknown {
  const list = getNullableType(field.type);
  return isListType(list) ? list.ofType : list;
}

function bindOne(field: Field, place: string, target: RowType, scope: SchemaScope): RootBinding | null {
  const { model } = target;
  if (isNonNullType(field.type)) {
    scope.faults.add(
      field.astNode,
      `${place} is declared ${field.type}, but no row may have the key: drop the "!"`,
    );
  }
  const given: UniqueArgument[] = [];
  for (const argument of field.args) {
    const at = `${place}(${argument.name}:)`;
    const isGlobalId = argument.name === 'id' && 'isNode' in target && target.isNode;
    const name = findDirectiveName(argument, 'column') ?? argument.name;
    const column = model.columns.get(name);
    if (isGlobalId) {
      given.push({ name: argument.name, column: null, globalIdTypes: [] });
    } else if (column === undefined) {
      scope.faults.add(
        argument.astNode,
        `${at} is no column of ${model.name}${didYouMean(name, model.columns.keys())}`,
      );
    } else {
      const misfit = findScalarMisfit(column, getNamedType(argument.type), scope.graph);
      if (misfit !== null) scope.faults.add(argument.astNode, `${at} ${misfit}`);
      const globalIdTypes = scope.globalIdTypesOf(model, column, getNamedType(argument.type));
      given.push({ name: argument.name, column, globalIdTypes });
    }
  }
  const uniques = findUniques(model, given);
  const covered = new Set(uniques.flatMap((unique) => unique.arguments.map((argument) => argument.name)));
  for (const argument of field.args) {
    if (covered.has(argument.name) || !given.some((known) => known.name === argument.name)) continue;
    const known = model.uniques.map((unique) => unique.join(' + ')).join(', ');
    const problem = `${place}(${argument.name}:) belongs to no unique key of ${model.name}`;
    scope.faults.add(argument.astNode, `${problem}; these identify one row: ${known || 'none'}`);
  }
  if (field.args.length === 0) {
    scope.faults.add(field.astNode, `${place} needs an argument that identifies one row of ${model.name}`);
  }
  const where = scope.ownRows(target, field, place);
  const shown = withWhere(target, where);
  return { kind: 'one', target: () => shown, uniques };
}

function findUniques(model: Model, given: readonly UniqueArgument[]): readonly UniqueLookup[] {
  const byId = given.filter((argument) => argument.column === null);
  const lookups: UniqueLookup[] = byId.map((argument) => ({
    keyColumns: model.primaryKey ?? [],
    arguments: [argument],
  }));
  for (const unique of model.uniques) {
    const parts = unique.flatMap((name) => given.find((argument) => argument.column?.name === name) ?? []);
    if (parts.length === unique.length) lookups.push({ keyColumns: unique, arguments: parts });
  }
  return lookups;
}

/** A connection's own fields and its edges': those that the engine provides, or hand-written ones. */
export function checkConnectionTypes(scope: SchemaScope): void {
  const provided = new Set(['edges', 'nodes', 'pageInfo', 'totalCount']);
  for (const type of Object.values(scope.schema.getTypeMap())) {
    if (!isObjectType(type) || scope.findConnectionTarget(type) === null) continue;
    for (const field of Object.values(type.getFields())) {
      if (provided.has(field.name) || scope.hasResolver(type.name, field.name)) continue;
      const problem = `${type.name}.${field.name} is neither edges, nodes, pageInfo nor totalCount, and has no resolver`;
      scope.faults.add(field.astNode, `${problem}${didYouMean(field.name, provided)}`);
    }
    const edges = type.getFields().edges;
    const edge = edges === undefined ? null : getNamedType(edges.type);
    if (!isObjectType(edge)) continue;
    for (const field of Object.values(edge.getFields())) {
      if (field.name === 'node' || field.name === 'cursor' || scope.hasResolver(edge.name, field.name))
        continue;
      scope.faults.add(
        field.astNode,
        `${edge.name}.${field.name} is neither node nor cursor, and has no resolver`,
      );
    }
  }
}
