import { type GraphQLResolveInfo, getNamedType } from 'graphql';
import { isPromise } from '../../kernel/is-promise.js';
import { ALWAYS, type Condition } from '../../reads/condition.js';
import type { Row, RowValue } from '../../reads/row.js';
import { ownRowsOfMembers } from '../bind-objects.js';
import type { Bindings, ObjectBinding, RowType } from '../bindings.js';
import { keyOf } from '../global-id.js';
import type { RequestContext } from '../request-context.js';
import { createPerSelection } from './per-selection.js';
import { findSelectedColumns } from './selected-columns.js';
import { isInexact, toRowValue } from './to-row-value.js';

interface RowSpec {
  readonly model: string;
  readonly columns: readonly string[];
  readonly keyColumns: readonly string[];
  readonly where: Condition;
}

/** Makes whatever a resolver returned for bound types into rows that hold all selected columns. */
export type CompleteResult = (result: unknown, context: RequestContext, info: GraphQLResolveInfo) => unknown;

/**
 * Completes what hand-written code returns where a bound type is expected. An object that has every selected column
 * passes; one that lacks some is read by its key, together with all others of its selection in one statement. One of a
 * type that has an owner is always read, so that nobody is shown another's row whichever way it came.
 */
export function createResultCompleter(bindings: Bindings): CompleteResult {
  const specs = createPerSelection<Map<string, RowSpec>>();

  function getSpec(target: RowType, info: GraphQLResolveInfo): RowSpec {
    const byType = specs(info, () => new Map());
    let spec = byType.get(target.typeName);
    if (spec === undefined) {
      const columns = findSelectedColumns(info, target, info.fieldNodes);
      spec = {
        model: target.model.name,
        columns,
        keyColumns: target.model.primaryKey ?? [],
        where: ownRows(target),
      };
      byType.set(target.typeName, spec);
    }
    return spec;
  }

  function completeObject(
    value: object,
    target: RowType,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): unknown {
    const spec = getSpec(target, info);
    const given = value as Readonly<Record<string, unknown>>;
    // Whose a row is, is for the database to say, unless it just has: a connection's rows were read so.
    if (spec.where !== ALWAYS && !context.reads.wasShown(value, target.typeName))
      return readOwnRow(given, target, spec, context);
    const isComplete = spec.columns.every((name) => given[name] !== undefined && !isForeign(given[name]));
    return isComplete ? value : readRow(given, target, spec, context, info);
  }

  /** Null where the row isn't the viewer's, is gone, or can't be told from others. */
  async function readOwnRow(
    given: Readonly<Record<string, unknown>>,
    target: RowType,
    spec: RowSpec,
    context: RequestContext,
  ): Promise<Row | null> {
    const normal: Record<string, RowValue> = {};
    for (const name of spec.keyColumns) {
      const column = target.model.columns.get(name);
      if (column !== undefined) normal[name] = toRowValue(column, given[name]);
    }
    const key = keyOf(normal, spec.keyColumns);
    const row = key === null || key.length === 0 ? null : await context.reads.loadRow(spec, key);
    return row === null || typeof given.__typename !== 'string'
      ? row
      : { ...row, __typename: given.__typename };
  }

  async function readRow(
    given: Readonly<Record<string, unknown>>,
    target: RowType,
    spec: RowSpec,
    context: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<Row | null> {
    const normal: Record<string, RowValue> = {};
    const exact: Record<string, RowValue> = {};
    for (const column of target.model.columns.values()) {
      const item = given[column.name];
      if (item === undefined) continue;
      normal[column.name] = toRowValue(column, item);
      if (!isInexact(item)) exact[column.name] = toRowValue(column, item);
    }
    const typeName: Row = typeof given.__typename === 'string' ? { __typename: given.__typename } : {};
    if (spec.columns.every((name) => exact[name] !== undefined)) return { ...exact, ...typeName };
    const key = keyOf(normal, spec.keyColumns);
    const row = key === null || key.length === 0 ? null : await context.reads.loadRow(spec, key);
    if (row !== null) return { ...row, ...exact, ...typeName };
    // The row is gone, as after a delete, or has no key: what was given is all there is.
    if (spec.columns.every((name) => normal[name] !== undefined)) return { ...normal, ...typeName };
    if (key !== null && key.length > 0) return null;
    const place = `${info.parentType.name}.${info.fieldName}`;
    const wanted = spec.keyColumns.length === 0 ? 'all selected columns' : spec.keyColumns.join(', ');
    throw new TypeError(`The resolver of ${place} gave a ${target.typeName} without ${wanted}`);
  }

  function complete(result: unknown, context: RequestContext, info: GraphQLResolveInfo): unknown {
    if (result === null || result === undefined || typeof result !== 'object' || result instanceof Error)
      return result;
    if (isPromise<unknown>(result)) return result.then((settled) => complete(settled, context, info));
    if (Array.isArray(result)) return result.map((item) => complete(item, context, info));
    const target = findTarget(result, bindings, info);
    return target === null ? result : completeObject(result, target, context, info);
  }

  return complete;
}

/** Rows of the type that are the viewer's; all where it has no owner. */
function ownRows(target: RowType): Condition {
  return 'members' in target ? ownRowsOfMembers(target.members) : (target.own ?? ALWAYS);
}

function findTarget(value: object, bindings: Bindings, info: GraphQLResolveInfo): RowType | null {
  const typeName = '__typename' in value && typeof value.__typename === 'string' ? value.__typename : null;
  const named: ObjectBinding | undefined = typeName === null ? undefined : bindings.objects.get(typeName);
  if (named !== undefined) return named;
  const declared = getNamedType(info.returnType).name;
  return bindings.objects.get(declared) ?? bindings.abstracts.get(declared) ?? null;
}

/** Values of a class, which rows don't hold. */
function isForeign(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (Array.isArray(value)) return value.some(isForeign);
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== Object.prototype;
}
