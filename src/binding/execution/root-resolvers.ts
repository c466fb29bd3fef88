import { type GraphQLObjectType, type GraphQLResolveInfo, getNamedType } from 'graphql';
import { badUserInput } from '../../kernel/sluice-error.js';
import { allOf, type Condition } from '../../reads/condition.js';
import type { PlannedRow } from '../../reads/plan/hydrate.js';
import type { PlanInput, PlanShape } from '../../reads/plan/read-plan.js';
import type { PlannedRows } from '../../reads/request-reads.js';
import type { Key, Row, RowValue } from '../../reads/row.js';
import type { Bindings, RootBinding, RowType, UniqueLookup } from '../bindings.js';
import { decodeId, decodeKeyId, decodeNodeId } from '../decode-id.js';
import { keyColumnsOf } from '../global-id.js';
import { readColumnValue } from '../inputs/read-filter.js';
import { readInputs, SelectionPlanner } from '../planning/plan-selection.js';
import type { RequestContext } from '../request-context.js';
import type { FieldResolver, PageLimits } from '../resolvers.js';
import { readConnectionRequest } from './connection-request.js';
import { planAggregates } from './resolve-aggregate.js';
import { checkListLength, listLimit } from './resolve-list.js';
import { COUNT, type RowsArguments, readRowsRequest, readWhere } from './rows-request.js';
import { findRowNodes, findSelectedColumns, membersOf } from './selected-columns.js';
import { collectSelectedFields, type SelectionScope } from './selected-fields.js';

type Bound<Kind extends RootBinding['kind']> = Extract<RootBinding, { readonly kind: Kind }>;

/** The resolver of a bound field of `Query`. */
export function createRootResolver(root: RootBinding, bindings: Bindings, limits: PageLimits): FieldResolver {
  switch (root.kind) {
    case 'one':
      return resolveOne(root, limits);
    case 'list':
      return resolveList(root, limits);
    case 'connection':
      return resolveRootConnection(root, limits);
    case 'count':
      return async (_parent, args: RowsArguments, context) => {
        const where = readWhere(root.target, args);
        return (
          (await context.reads.aggregate({ model: root.target.model.name, where, aggregates: [COUNT] }))[0] ??
          0
        );
      };
    case 'aggregate':
      return resolveAggregate(root);
    case 'node':
      return (_parent, args: { id: string }, context, info) =>
        loadNode(args.id, ['id'], bindings, context, info, limits);
    case 'nodes':
      return (_parent, args: { ids: readonly string[] }, context, info) => {
        if (args.ids.length > limits.maxPageRows) {
          throw badUserInput(
            ['ids'],
            `lists ${args.ids.length} ids; at most ${limits.maxPageRows} are taken`,
          );
        }
        // Through loaders, which read all ids of one type in one statement.
        return args.ids.map((id, index) => loadNode(id, ['ids', index], bindings, context, info, null));
      };
  }
}

function resolveOne(root: Bound<'one'>, limits: PageLimits): FieldResolver {
  const target = root.target();
  const model = target.model.name;
  return async (_parent, args: Readonly<Record<string, unknown>>, context, info) => {
    const { lookup, key } = findLookup(root.uniques, args, target);
    const { keyColumns } = lookup;
    if (context.reads.canPlan) return readPlannedRow(target, keyColumns, key, context, info, limits);
    const columns = findSelectedColumns(info, target, info.fieldNodes);
    return context.reads.loadRow({ model, columns, keyColumns, where: target.where }, key);
  };
}

/** One row by its key, and all below it, in one statement. */
async function readPlannedRow(
  target: RowType,
  keyColumns: readonly string[],
  key: Key,
  context: RequestContext,
  info: GraphQLResolveInfo,
  limits: PageLimits,
): Promise<PlannedRow | null> {
  const where = allOf(target.where, ...keyColumns.map((column, index) => equals(column, key[index] ?? null)));
  const input = { where, order: [], limit: null, after: null };
  const planner = new SelectionPlanner(info, limits);
  const shape = planner.plan(target, info.fieldNodes);
  return (await readPlanned(planner, shape, input, null, context, info)).rows[0] ?? null;
}

function readPlanned(
  planner: SelectionPlanner,
  shape: PlanShape,
  root: PlanInput,
  total: Condition | null,
  context: RequestContext,
  info: GraphQLResolveInfo,
): Promise<PlannedRows> {
  return context.reads.readPlan({
    shape: context.reads.tagShape(shape),
    inputs: readInputs(root, planner.inputs, info.variableValues),
    total,
  });
}

export function equals(column: string, value: RowValue): Condition {
  return { kind: 'compare', column, op: 'eq', value };
}

/** The one unique key that the given arguments make up. @throws SluiceError `BAD_USER_INPUT` where there isn't just one */
export function findLookup(
  uniques: readonly UniqueLookup[],
  args: Readonly<Record<string, unknown>>,
  target: RowType,
) {
  const given = Object.keys(args).filter((name) => args[name] !== undefined && args[name] !== null);
  const lookup = uniques.find(
    (unique) =>
      unique.arguments.length === given.length &&
      unique.arguments.every((argument) => given.includes(argument.name)),
  );
  if (lookup === undefined) {
    const choices = uniques.map((unique) => unique.arguments.map((argument) => argument.name).join(' and '));
    const problem =
      choices.length === 1 ? `give ${choices[0]}` : `give exactly one of: ${choices.join('; ')}`;
    throw badUserInput(
      [],
      given.length === 0 ? `${problem} (nothing was given)` : `${problem} (${given.join(', ')} was given)`,
    );
  }
  const types = membersOf(target).map((member) => member.typeName);
  const key: Key = lookup.arguments.flatMap(({ name, column, globalIdTypes }) => {
    if (column === null) return decodeId(String(args[name]), types, keyColumnsOf(target.model), [name]);
    if (globalIdTypes.length > 0) return [decodeKeyId(String(args[name]), globalIdTypes, column, [name])];
    return [readColumnValue(column, args[name], [name])];
  });
  return { lookup, key };
}

function resolveList(root: Bound<'list'>, limits: PageLimits): FieldResolver {
  return async (_parent, args: RowsArguments, context, info) => {
    const target = root.target();
    const page = { ...readRowsRequest(root.rows, args), limit: listLimit(args.first, limits), after: null };
    const planner = new SelectionPlanner(info, limits);
    const rows = context.reads.canPlan
      ? (await readPlanned(planner, planner.plan(target, info.fieldNodes), page, null, context, info)).rows
      : await context.reads.findRows({
          model: root.rows.model.name,
          columns: findSelectedColumns(info, target, info.fieldNodes),
          ...page,
          offset: 0,
        });
    return checkListLength(rows as readonly Row[], `Query.${info.fieldName}`, limits);
  };
}

function resolveRootConnection(root: Bound<'connection'>, limits: PageLimits): FieldResolver {
  const { model } = root.rows;
  return async (_parent, args: RowsArguments, context, info) => {
    const target = root.target();
    const type = getNamedType(info.returnType) as GraphQLObjectType;
    const nodes = findRowNodes(info, type, info.fieldNodes);
    const columns = findSelectedColumns(info, target, nodes);
    const request = readConnectionRequest(model, readRowsRequest(root.rows, args), columns, args, limits);
    if (!context.reads.canPlan) {
      const rows = await context.reads.findRows({ model: model.name, ...request.query });
      context.reads.noteShown(rows, target.typeName);
      return request.finish(rows, async () => {
        const spec = { model: model.name, where: request.counted, aggregates: [COUNT] };
        return Number((await context.reads.aggregate(spec))[0] ?? 0);
      });
    }
    const isCounted = collectSelectedFields(info, type, info.fieldNodes).has('totalCount');
    const planner = new SelectionPlanner(info, limits);
    const shape = planner.planConnection(target, type, info.fieldNodes, request.query.columns);
    const total = isCounted ? request.counted : null;
    const found = await readPlanned(planner, shape, request.query, total, context, info);
    context.reads.noteShown(found.rows, target.typeName);
    return request.finish(found.rows as readonly Row[], async () => found.total ?? 0);
  };
}

function resolveAggregate(root: Bound<'aggregate'>): FieldResolver {
  return async (_parent, args: RowsArguments, context, info) => {
    const { aggregates, shape } = planAggregates(info, root.aggregate, info.fieldNodes);
    const where = readWhere(root.target, args);
    if (aggregates.length === 0) return shape([]);
    return shape(await context.reads.aggregate({ model: root.target.model.name, where, aggregates }));
  };
}

async function loadNode(
  id: string,
  path: readonly (string | number)[],
  bindings: Bindings,
  context: RequestContext,
  info: GraphQLResolveInfo,
  limits: PageLimits | null,
): Promise<unknown> {
  const { binding, key } = decodeNodeId(id, bindings.objects, path);
  const { access }: SelectionScope = info;
  // The id says the type, so nothing is read to learn that it may not be seen, nor is it told whether the row exists.
  access?.checkType(binding.typeName);
  const keyColumns = binding.model.primaryKey ?? [];
  const row =
    limits !== null && context.reads.canPlan
      ? await readPlannedRow(binding, keyColumns, key, context, info, limits)
      : await context.reads.loadRow(
          {
            model: binding.model.name,
            columns: findSelectedColumns(info, binding, info.fieldNodes),
            keyColumns,
            where: binding.where,
          },
          key,
        );
  return row === null ? null : { ...row, __typename: binding.typeName };
}
