import { type FieldNode, type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import type { SelectionLayout, Tuple } from '../../reads/plan/read-plan.js';
import type { RowValue } from '../../reads/row.js';
import { countRowPlaces, findRowNodes } from '../execution/selected-columns.js';
import { collectResponseFields, nameOfField, type SelectionScope } from '../execution/selected-fields.js';
import { encodeCursor } from '../pagination/cursor.js';
import type { ConnectionInput } from '../planning/plan-inputs.js';
import { compileObject, type FieldCode, type ObjectField, type TupleCode } from './compile-object.js';
import type { CompileScope } from './compile-scope.js';
import { Uncompilable } from './uncompilable.js';

/** A connection's rows as they were read, one more than the page shows where there is one more. */
export interface ConnectionTuples {
  readonly tuples: readonly Tuple[];
  /** The index of its input. */
  readonly input: number;
  readonly total: number | null;
}

/** A page in reading order. */
interface Page {
  readonly tuples: readonly Tuple[];
  readonly hasMore: boolean;
  readonly request: ConnectionInput['connection'];
  readonly total: number | null;
}

/** Shapes a connection as the selection asks: edges, nodes, page info and total count. */
export function compileConnection(
  scope: CompileScope,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  node: TupleCode,
  layout: SelectionLayout,
): FieldCode<ConnectionTuples> {
  const cursor = compileCursor(layout);
  const fields: ObjectField<Page>[] = [];
  for (const [key, fieldNodes] of collectResponseFields(scope.selection, type, nodes)) {
    const name = nameOfField(fieldNodes);
    fields.push({ key, code: compileField(scope, type, name, fieldNodes, node, cursor) });
  }
  const make = compileObject(fields, scope.size);
  return ({ tuples, input, total }, run) => {
    const request = (run.inputs[input] as ConnectionInput).connection;
    const { limit, isBackward } = request.page;
    const page = tuples.length >= limit ? tuples.slice(0, limit - 1) : tuples;
    const inOrder = isBackward ? [...page].reverse() : page;
    return make({ tuples: inOrder, hasMore: tuples.length >= limit, request, total }, run);
  };
}

/**
 * The field nodes under which a connection's rows are selected. `nodes` beside `edges { node }`, or one of them under
 * several aliases, show the same rows differently.
 *
 * @throws Uncompilable where the answer shows the rows in more than one place
 */
export function findOnlyRowNodes(
  scope: SelectionScope,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): readonly FieldNode[] {
  if (countRowPlaces(scope, type, nodes) > 1) throw new Uncompilable(`${type.name}.nodes`);
  return findRowNodes(scope, type, nodes);
}

type CursorOf = (tuple: Tuple, page: Page) => string;

function compileField(
  scope: CompileScope,
  type: GraphQLObjectType,
  name: string,
  nodes: readonly FieldNode[],
  node: TupleCode,
  cursor: CursorOf,
): FieldCode<Page> {
  const field = type.getFields()[name];
  const named = field === undefined ? null : getNamedType(field.type);
  switch (name) {
    case '__typename':
      return () => type.name;
    case 'totalCount':
      return (page) => page.total ?? 0;
    case 'nodes':
      return (page, run) => page.tuples.map((tuple) => node(tuple, run));
    case 'edges': {
      if (!isObjectType(named)) throw new Uncompilable(`${type.name}.edges`);
      const edge = compileEdge(scope, named, nodes, node, cursor);
      return (page, run) => page.tuples.map((tuple) => edge({ tuple, page }, run));
    }
    case 'pageInfo':
      if (!isObjectType(named)) throw new Uncompilable(`${type.name}.pageInfo`);
      return compilePageInfo(scope, named, nodes, cursor);
    default:
      throw new Uncompilable(`${type.name}.${name}`);
  }
}

function compileEdge(
  scope: CompileScope,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  node: TupleCode,
  cursor: CursorOf,
): FieldCode<{ readonly tuple: Tuple; readonly page: Page }> {
  const fields: ObjectField<{ readonly tuple: Tuple; readonly page: Page }>[] = [];
  for (const [key, fieldNodes] of collectResponseFields(scope.selection, type, nodes)) {
    const name = fieldNodes[0]?.name.value;
    if (name === '__typename') fields.push({ key, code: () => type.name });
    else if (name === 'cursor') fields.push({ key, code: ({ tuple, page }) => cursor(tuple, page) });
    else if (name === 'node') fields.push({ key, code: ({ tuple }, run) => node(tuple, run) });
    else throw new Uncompilable(`${type.name}.${name}`);
  }
  return compileObject(fields, scope.size);
}

function compilePageInfo(
  scope: CompileScope,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  cursor: CursorOf,
): FieldCode<Page> {
  const at = (index: number) => (page: Page) => {
    const tuple = page.tuples.at(index);
    return tuple === undefined ? null : cursor(tuple, page);
  };
  const known: Readonly<Record<string, FieldCode<Page>>> = {
    __typename: () => type.name,
    hasNextPage: ({ request, hasMore }) => (request.page.isBackward ? request.page.before !== null : hasMore),
    hasPreviousPage: ({ request, hasMore }) =>
      request.page.isBackward ? hasMore : request.page.after !== null,
    startCursor: at(0),
    endCursor: at(-1),
  };
  const fields: ObjectField<Page>[] = [];
  for (const [key, fieldNodes] of collectResponseFields(scope.selection, type, nodes)) {
    const code = known[nameOfField(fieldNodes)];
    if (code === undefined) throw new Uncompilable(`${type.name}.${key}`);
    fields.push({ key, code });
  }
  return compileObject(fields, scope.size);
}

function compileCursor(layout: SelectionLayout): CursorOf {
  const readers = new Map(layout.columns.map((column, index) => [column.name, { ...column, index }]));
  return (tuple, { request }) => {
    const values = request.query.order.map(({ column }): RowValue => {
      const reader = readers.get(column);
      const cell = reader === undefined ? null : tuple[reader.index];
      return reader === undefined || cell === null ? null : reader.decode(cell);
    });
    return encodeCursor(request.cursors.orderName, values);
  };
}
