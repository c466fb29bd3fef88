import { type GraphQLObjectType, getNamedType } from 'graphql';
import type { Condition } from '../../reads/condition.js';
import { findPlanned, type PlannedRow } from '../../reads/plan/hydrate.js';
import type { RelatedRowSpec } from '../../reads/read-spec.js';
import type { Key, Row, RowValue } from '../../reads/row.js';
import type { RowsQuery } from '../../reads/row-reader.js';
import type { FieldBinding, ObjectBinding } from '../bindings.js';
import { encodeGlobalId, keyOf } from '../global-id.js';
import { slotOf, totalSlotOf } from '../planning/slots.js';
import type { RequestContext } from '../request-context.js';
import type { FieldResolver, PageLimits } from '../resolvers.js';
import { type ConnectionRequest, readConnectionRequest } from './connection-request.js';
import { createPerSelection } from './per-selection.js';
import { type AggregatePlan, planAggregates } from './resolve-aggregate.js';
import { checkListLength, listLimit } from './resolve-list.js';
import { COUNT, type RowsArguments, readRowsRequest, readWhere } from './rows-request.js';
import { findRowNodes, findSelectedColumns } from './selected-columns.js';

type Bound<Kind extends FieldBinding['kind']> = Extract<FieldBinding, { readonly kind: Kind }>;

/** The resolver of a field of a bound object type; null for one that is written by hand. */
export function createFieldResolver(
  owner: ObjectBinding,
  field: FieldBinding,
  limits: PageLimits,
): FieldResolver | null {
  switch (field.kind) {
    case 'column':
      return resolveColumn(field);
    case 'globalId':
      return (row: Row) => encodeGlobalId(owner.typeName, keyOf(row, owner.model.primaryKey ?? []) ?? []);
    case 'toOne':
      return resolveToOne(owner, field);
    case 'arc':
      return resolveArc(owner, field);
    case 'toMany':
      return resolveToMany(owner, field, limits);
    case 'connection':
      return resolveRelatedConnection(owner, field, limits);
    case 'count':
      return resolveCount(owner, field);
    case 'aggregate':
      return resolveAggregate(owner, field);
    case 'resolver':
      return null;
  }
}

function resolveColumn(field: Bound<'column'>): FieldResolver {
  const { name } = field.column;
  const { globalIdType } = field;
  if (globalIdType === null) return (row: Row) => row[name];
  return (row: Row) => {
    const value = row[name];
    return value === null || value === undefined ? null : encodeGlobalId(globalIdType, [value]);
  };
}

function resolveToOne(owner: ObjectBinding, field: Bound<'toOne'>): FieldResolver {
  const perSelection = createPerSelection<RelatedRowSpec>();
  const target = field.target();
  return (row: PlannedRow, _args, context, info) => {
    const planned = findPlanned(row, slotOf(owner.typeName, info.path.key));
    if (planned !== undefined) return planned;
    const spec = perSelection(info, () => ({
      ...relationSpec(owner, field.relation.name),
      columns: findSelectedColumns(info, target, info.fieldNodes),
      where: target.where,
    }));
    return context.reads.loadRelatedRow(spec, parentKey(row, field.columns));
  };
}

function resolveArc(owner: ObjectBinding, field: Bound<'arc'>): FieldResolver {
  const perSelection = createPerSelection<readonly RelatedRowSpec[]>();
  return async (row: PlannedRow, _args, context, info) => {
    const slot = slotOf(owner.typeName, info.path.key);
    const specs = perSelection(info, () =>
      field.arms.map(({ relation, target }) => ({
        ...relationSpec(owner, relation.name),
        columns: findSelectedColumns(info, target, info.fieldNodes),
        where: target.where,
      })),
    );
    for (const [index, arm] of field.arms.entries()) {
      const spec = specs[index];
      const key = parentKey(row, arm.relation.link.local);
      if (spec === undefined || key.includes(null)) continue;
      const planned = findPlanned(row, `${slot}/${arm.relation.name}`) as Row | null | undefined;
      const related = planned === undefined ? await context.reads.loadRelatedRow(spec, key) : planned;
      if (related !== null) return { ...related, __typename: arm.target.typeName };
    }
    return null;
  };
}

function resolveToMany(owner: ObjectBinding, field: Bound<'toMany'>, limits: PageLimits): FieldResolver {
  const perSelection = createPerSelection<RelationSpec & Omit<RowsQuery, 'model'>>();
  return async (row: PlannedRow, args: RowsArguments, context, info) => {
    const place = `${owner.typeName}.${info.fieldName}`;
    const planned = findPlanned(row, slotOf(owner.typeName, info.path.key));
    if (planned !== undefined) return checkListLength(planned as readonly Row[], place, limits);
    const spec = perSelection(info, () => ({
      ...relationSpec(owner, field.relation.name),
      columns: findSelectedColumns(info, field.target(), info.fieldNodes),
      ...readRowsRequest(field.rows, args),
      limit: listLimit(args.first, limits),
      offset: 0,
      after: null,
    }));
    return checkListLength(
      await context.reads.loadRelatedRows(spec, parentKey(row, field.columns)),
      place,
      limits,
    );
  };
}

function resolveRelatedConnection(
  owner: ObjectBinding,
  field: Bound<'connection'>,
  limits: PageLimits,
): FieldResolver {
  const perSelection = createPerSelection<{
    readonly request: ConnectionRequest;
    readonly rows: RelationSpec & Omit<RowsQuery, 'model'>;
    readonly count: CountSpec;
  }>();
  return async (row: PlannedRow, args: RowsArguments, context, info) => {
    // Every parent asks the same, so one spec serves all and they share a loader.
    const { request, rows, count } = perSelection(info, () => {
      const connection = getNamedType(info.returnType) as GraphQLObjectType;
      const columns = findSelectedColumns(
        info,
        field.target(),
        findRowNodes(info, connection, info.fieldNodes),
      );
      const made = readConnectionRequest(
        field.rows.model,
        readRowsRequest(field.rows, args),
        columns,
        args,
        limits,
      );
      const spec = relationSpec(owner, field.relation.name);
      return {
        request: made,
        rows: { ...spec, ...made.query },
        count: { ...spec, where: made.counted, aggregates: [COUNT] },
      };
    });
    const slot = slotOf(owner.typeName, info.path.key);
    const key = parentKey(row, field.columns);
    const planned = findPlanned(row, slot) as readonly Row[] | undefined;
    const found = planned ?? (await context.reads.loadRelatedRows(rows, key));
    context.reads.noteShown(found, field.target().typeName);
    return request.finish(found, async () => {
      const total = findPlanned(row, totalSlotOf(slot)) as readonly RowValue[] | undefined;
      return Number((total ?? (await context.reads.loadRelatedAggregate(count, key)))[0] ?? 0);
    });
  };
}

function resolveCount(owner: ObjectBinding, field: Bound<'count'>): FieldResolver {
  const perSelection = createPerSelection<CountSpec>();
  return async (row: PlannedRow, args: RowsArguments, context, info) => {
    const planned = findPlanned(row, slotOf(owner.typeName, info.path.key)) as
      | readonly RowValue[]
      | undefined;
    if (planned !== undefined) return planned[0];
    const spec = perSelection(info, () => ({
      ...relationSpec(owner, field.relation.name),
      where: readWhere(field.target, args),
      aggregates: [COUNT],
    }));
    const [count] = await context.reads.loadRelatedAggregate(spec, parentKey(row, field.columns));
    return count ?? 0;
  };
}

function resolveAggregate(owner: ObjectBinding, field: Bound<'aggregate'>): FieldResolver {
  const perSelection = createPerSelection<{
    readonly plan: AggregatePlan;
    readonly spec: RelationSpec & { where: Condition; aggregates: AggregatePlan['aggregates'] };
  }>();
  return async (row: PlannedRow, args: RowsArguments, context: RequestContext, info) => {
    const { plan, spec } = perSelection(info, () => {
      const made = planAggregates(info, field.aggregate, info.fieldNodes);
      const where = readWhere(field.target, args);
      return {
        plan: made,
        spec: { ...relationSpec(owner, field.relation.name), where, aggregates: made.aggregates },
      };
    });
    if (spec.aggregates.length === 0) return plan.shape([]);
    const planned = findPlanned(row, slotOf(owner.typeName, info.path.key)) as
      | readonly RowValue[]
      | undefined;
    return plan.shape(
      planned ?? (await context.reads.loadRelatedAggregate(spec, parentKey(row, field.columns))),
    );
  };
}

type CountSpec = RelationSpec & { readonly where: Condition; readonly aggregates: readonly [typeof COUNT] };

interface RelationSpec {
  readonly parentModel: string;
  readonly relation: string;
}

function relationSpec(owner: ObjectBinding, relation: string): RelationSpec {
  return { parentModel: owner.model.name, relation };
}

function parentKey(row: PlannedRow, columns: readonly string[]): Key {
  return columns.map((name) => (row[name] as RowValue | undefined) ?? null);
}
