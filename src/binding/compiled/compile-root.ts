import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  getArgumentValues,
  getNamedType,
} from 'graphql';
import { allOf, type Condition } from '../../reads/condition.js';
import type { PlanInput, PlanShape, ReadPlan } from '../../reads/plan/read-plan.js';
import type { RequestReads } from '../../reads/request-reads.js';
import { checkInputs, checkLookup } from '../authorization/check-inputs.js';
import type { RootBinding, RowTarget, RowType } from '../bindings.js';
import { planAggregates } from '../execution/resolve-aggregate.js';
import { listLimit } from '../execution/resolve-list.js';
import { equals, findLookup } from '../execution/root-resolvers.js';
import { COUNT, type RowsArguments, readRowsRequest, readWhere } from '../execution/rows-request.js';
import { collectSelectedFields } from '../execution/selected-fields.js';
import { connectionInput, hasVariables, type InputSource } from '../planning/plan-inputs.js';
import { readInputs, SelectionPlanner } from '../planning/plan-selection.js';
import { BAIL } from './bail.js';
import { compileAggregate } from './compile-aggregate.js';
import { compileConnection, findOnlyRowNodes } from './compile-connection.js';
import type { Run } from './compile-object.js';
import { compileRow, showList } from './compile-row.js';
import type { CompileScope } from './compile-scope.js';
import { Uncompilable } from './uncompilable.js';

type Field = GraphQLField<unknown, unknown>;
type Variables = { readonly [name: string]: unknown };

/** Reads and shapes one root field. @throws Bail, or GraphQLError or SluiceError for faulty arguments */
export type RootCode = (reads: RequestReads, variables: Variables) => Promise<unknown>;

/** Compiles a bound root field. @throws Uncompilable, or Bail where it is these variables that are in the way */
export function compileRoot(
  scope: CompileScope,
  reads: RequestReads,
  field: Field,
  nodes: readonly FieldNode[],
  root: RootBinding,
): RootCode {
  const [node] = nodes;
  if (node === undefined) throw new Uncompilable(field.name);
  switch (root.kind) {
    case 'one':
      return compileOne(scope, reads, field, node, nodes, root);
    case 'list':
      return compileRootList(scope, reads, field, node, nodes, root);
    case 'connection':
      return compileRootConnection(scope, reads, field, node, nodes, root);
    case 'count':
    case 'aggregate': {
      const aggregates =
        root.kind === 'count' ? [COUNT] : planAggregates(scope.selection, root.aggregate, nodes).aggregates;
      const make = root.kind === 'count' ? null : compileAggregate(scope, root.aggregate, nodes);
      const readArguments = argumentReader(field, node, rowsCheck(scope, root.target));
      return async (requestReads, variables) => {
        const where = readWhere(root.target, readArguments(variables));
        const values =
          aggregates.length === 0
            ? []
            : await requestReads.aggregate({ model: root.target.model.name, where, aggregates });
        return make === null ? (values[0] ?? 0) : make(values, NO_RUN);
      };
    }
    default:
      throw new Uncompilable(field.name);
  }
}

const NO_RUN: Run = { inputs: [], total: null };

function compileOne(
  scope: CompileScope,
  reads: RequestReads,
  field: Field,
  node: FieldNode,
  nodes: readonly FieldNode[],
  root: Extract<RootBinding, { kind: 'one' }>,
): RootCode {
  const target = root.target();
  const { shape, sources, code } = compileRows(scope, reads, target, nodes);
  const readArguments = argumentReader(field, node, (args) => {
    const { access } = scope.selection;
    if (access !== undefined) checkLookup(access, target, root.uniques, args);
  });
  return async (requestReads, variables) => {
    const { lookup, key } = findLookup(root.uniques, readArguments(variables), target);
    const where = allOf(
      target.where,
      ...lookup.keyColumns.map((column, index) => equals(column, key[index] ?? null)),
    );
    const plan = createPlan(shape, { where, order: [], limit: null, after: null }, sources, variables, null);
    const { tuples, total } = await requestReads.readTuples(plan);
    const [tuple] = tuples;
    return tuple === undefined ? null : code(tuple, { inputs: plan.inputs, total });
  };
}

function compileRootList(
  scope: CompileScope,
  reads: RequestReads,
  field: Field,
  node: FieldNode,
  nodes: readonly FieldNode[],
  root: Extract<RootBinding, { kind: 'list' }>,
): RootCode {
  const { shape, sources, code } = compileRows(scope, reads, root.target(), nodes);
  const readArguments = argumentReader(field, node, rowsCheck(scope, root.rows));
  return async (requestReads, variables) => {
    const args = readArguments(variables);
    const input = {
      ...readRowsRequest(root.rows, args),
      limit: listLimit(args.first, scope.limits),
      after: null,
    };
    const plan = createPlan(shape, input, sources, variables, null);
    const { tuples, total } = await requestReads.readTuples(plan);
    return showList(tuples, code, { inputs: plan.inputs, total }, scope.limits);
  };
}

function compileRootConnection(
  scope: CompileScope,
  reads: RequestReads,
  field: Field,
  node: FieldNode,
  nodes: readonly FieldNode[],
  root: Extract<RootBinding, { kind: 'connection' }>,
): RootCode {
  const type = getNamedType(field.type) as GraphQLObjectType;
  const rowNodes = findOnlyRowNodes(scope.selection, type, nodes);
  const source = connectionInput(root.rows, field, node, {
    limits: scope.limits,
    access: scope.selection.access,
  });
  const order = source.read(scope.selection.variableValues).order.map((term) => term.column);
  const { shape, sources, layout, code } = compileRows(scope, reads, root.target(), rowNodes, order);
  const make = compileConnection(scope, type, nodes, code, layout);
  const isCounted = collectSelectedFields(scope.selection, type, nodes).has('totalCount');
  return async (requestReads, variables) => {
    const input = source.read(variables);
    const total = isCounted ? input.connection.counted : null;
    const plan = createPlan(shape, input, sources, variables, total);
    const result = await requestReads.readTuples(plan);
    return make(
      { tuples: result.tuples, input: 0, total: result.total },
      { inputs: plan.inputs, total: result.total },
    );
  };
}

/** The plan of a root field's rows, and the code that makes an answer of each. `alsoColumns` are read in any case. */
function compileRows(
  scope: CompileScope,
  reads: RequestReads,
  target: RowType,
  nodes: readonly FieldNode[],
  alsoColumns: readonly string[] = [],
) {
  const planner = new SelectionPlanner(scope.selection, scope.limits);
  const shape = reads.tagShape(planner.plan(target, nodes, alsoColumns));
  if (planner.isFaulty) throw BAIL;
  const layout = reads.getLayout(shape);
  return { shape, layout, sources: planner.inputs, code: compileRow(scope, target, nodes, shape, layout) };
}

function createPlan(
  shape: PlanShape,
  root: PlanInput,
  sources: readonly (InputSource | null)[],
  variables: Variables,
  total: Condition | null,
): ReadPlan {
  return { shape, inputs: readInputs(root, sources, variables), total };
}

type CheckArguments = (args: Variables) => void;

/** Whether the viewer may ask so of these rows. */
function rowsCheck({ selection: { access } }: CompileScope, rows: RowTarget): CheckArguments {
  return (args) => {
    if (access !== undefined) checkInputs(access, rows, args);
  };
}

/** A field's arguments for given variables; read and checked once where they mention none. */
function argumentReader(
  field: Field,
  node: FieldNode,
  check: CheckArguments,
): (variables: Variables) => RowsArguments & Variables {
  const read = (variables: Variables) => {
    const args = getArgumentValues(field, node, variables);
    check(args);
    return args;
  };
  if (hasVariables(node)) return read;
  let known: (RowsArguments & Variables) | null = null;
  return () => {
    known ??= read({});
    return known;
  };
}
