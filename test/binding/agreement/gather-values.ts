import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import type { Row } from '../../../src/reads/row.js';
import { rowsQuery } from '../../reads/queries.js';
import type { Drivers } from './drivers.js';
import { globalId, type KnownCursor, ValuePool, type ValueSource } from './value-pool.js';

type Field = GraphQLField<unknown, unknown>;

/** Rows whose connections are asked for cursors, of each type. */
const PARENTS = 6;

/** Reads all that operations' values are drawn from out of a database. */
export async function gatherValues(
  drivers: Drivers,
  graph: ModelGraph,
  hints: Pick<ValueSource, 'models' | 'known'>,
): Promise<ValuePool> {
  const rows = await readAllRows(drivers, graph);
  const cursors = await gatherCursors(drivers, graph, rows);
  const node = drivers.schema.getType('Node');
  const nodeTypes = isInterfaceType(node)
    ? drivers.schema.getPossibleTypes(node).map(({ name }) => name)
    : [];
  return new ValuePool({ graph, rows, cursors, nodeTypes, ...hints });
}

async function readAllRows(
  drivers: Drivers,
  graph: ModelGraph,
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const entries = [...graph.models.values()].map(async ({ name, columns }) => {
    const query = rowsQuery({ model: name, columns: [...columns.keys()] });
    return [name, await drivers.readers.pg.findRows(query)] as const;
  });
  return new Map(await Promise.all(entries));
}

/** Asks each connection, at the root and below nodes, for its cursors in every order of one column. */
async function gatherCursors(
  drivers: Drivers,
  graph: ModelGraph,
  rows: ReadonlyMap<string, readonly Row[]>,
): Promise<readonly KnownCursor[]> {
  const gathered: KnownCursor[] = [];
  for (const type of Object.values(drivers.schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const connection = getNamedType(field.type);
      if (!connection.name.endsWith('Connection') || field.args.some(({ type }) => `${type}`.endsWith('!')))
        continue;
      for (const orderBy of ordersOf(field)) {
        const operation = writeQuestion(drivers, graph, rows, type, field, orderBy);
        if (operation === null) break;
        const { answer } = await drivers.ask('pg', operation.document, {
          ...operation,
          text: '',
          operationName: null,
        });
        for (const [, cursor] of (answer.data ?? '').matchAll(/"cursor":"([^"]+)"/g)) {
          gathered.push({ connection: connection.name, orderBy, cursor: cursor! });
        }
      }
    }
  }
  return gathered;
}

function writeQuestion(
  drivers: Drivers,
  graph: ModelGraph,
  rows: ReadonlyMap<string, readonly Row[]>,
  type: GraphQLObjectType,
  field: Field,
  orderBy: unknown,
): { readonly document: DocumentNode; readonly variables: Readonly<Record<string, unknown>> } | null {
  const order = field.args.find(({ name }) => name === 'orderBy');
  const [defined, given] =
    orderBy === undefined ? ['', ''] : [`, $orderBy: ${order?.type}`, '(orderBy: $orderBy)'];
  const asked = `${field.name}${given} { edges { cursor } }`;
  const isRoot = type === drivers.schema.getQueryType();
  const model = graph.models.get(type.name);
  if (!isRoot && model?.primaryKey?.length !== 1) return null;
  const ids = (rows.get(type.name) ?? []).map((row) =>
    globalId(type.name, String(row[model!.primaryKey![0]!])),
  );
  const text = isRoot
    ? `query ($unused: Boolean = true${defined}) { ${asked} __typename @include(if: $unused) }`
    : `query ($ids: [ID!]!${defined}) { nodes(ids: $ids) { ... on ${type.name} { ${asked} } } }`;
  const document = drivers.parse(text);
  return document === null ? null : { document, variables: { ids: ids.slice(0, PARENTS), orderBy } };
}

/** No order, and each enum value in both directions. */
function ordersOf(field: Field): readonly unknown[] {
  const argument = field.args.find(({ name }) => name === 'orderBy');
  const input = argument === undefined ? null : getNamedType(argument.type);
  const column = isInputObjectType(input) ? getNamedType(input.getFields().field?.type) : null;
  if (argument === undefined || !isInputObjectType(input) || !isEnumType(column)) return [undefined];
  const isList = `${argument.type}`.startsWith('[');
  const isNullable = 'nulls' in input.getFields();
  const terms = column
    .getValues()
    .flatMap(({ name }) => [
      { field: name },
      { field: name, direction: 'DESC', ...(isNullable && { nulls: 'LAST' }) },
    ]);
  return [undefined, ...terms.map((term) => (isList ? [term] : term))];
}
