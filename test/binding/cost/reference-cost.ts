import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  getOperationAST,
  getVariableValues,
  isAbstractType,
  isCompositeType,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import type { CostTable, FieldCost } from '../../../src/binding/cost/cost-table.js';
import type { Operation } from '../agreement/random-operation.js';

/** An operation's cost and charges, told by walking it as graphql-js executes it, object by object. */
export interface ReferenceCost {
  readonly cost: number;
  readonly amounts: Readonly<Record<string, number>>;
}

interface Walk {
  readonly schema: GraphQLSchema;
  readonly table: CostTable;
  readonly fragments: Record<string, FragmentDefinitionNode>;
  readonly variables: { [name: string]: unknown };
}

type Amounts = Map<string, number>;
interface Part {
  readonly cost: number;
  readonly amounts: Amounts;
}

/** Null where the operation is refused before it runs. */
export function referenceCost(
  schema: GraphQLSchema,
  table: CostTable,
  document: DocumentNode,
  { variables, operationName }: Operation,
): ReferenceCost | null {
  const operation = getOperationAST(document, operationName)!;
  const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], variables);
  if (coerced === undefined) return null;
  const fragments = Object.fromEntries(
    document.definitions.flatMap((definition) =>
      definition.kind === 'FragmentDefinition' ? [[definition.name.value, definition]] : [],
    ),
  );
  const walk: Walk = { schema, table, fragments, variables: coerced };
  const root = schema.getRootType(operation.operation)!;
  try {
    const fields = collectFields(schema, fragments, coerced, root, operation.selectionSet);
    const whole = sum([...fields.values()].map((nodes) => walkField(walk, root, nodes, null)));
    return { cost: Math.max(1, whole.cost), amounts: Object.fromEntries(whole.amounts) };
  } catch (error) {
    // A variable that an argument needs was left out.
    if (error instanceof Error && error.name === 'GraphQLError') return null;
    throw error;
  }
}

function walkField(
  walk: Walk,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  around: { readonly fields: readonly string[]; readonly length: number } | null,
): Part {
  const [node] = nodes;
  const name = node!.name.value;
  if (name.startsWith('__')) return { cost: 0, amounts: new Map() };
  const field = type.getFields()[name]!;
  const known = walk.table.types.get(type.name)!.get(name)!;
  const args = getArgumentValues(field, node!, walk.variables);
  const length = known.size === null ? 1 : lengthOf(known, args);
  const objects = around?.fields.includes(name) ? around.length : known.sizedFields.length > 0 ? 1 : length;
  let cost = 0;
  const amounts: Amounts = new Map(known.limit === null ? [] : [[known.limit.coordinate, 1]]);
  for (const [argument, weight] of known.argumentWeights) {
    if (node!.arguments!.some((item) => item.name.value === argument)) cost += weight;
  }
  const named = getNamedType(field.type);
  const below = isCompositeType(named)
    ? (isAbstractType(named) ? walk.schema.getPossibleTypes(named) : [named]).map((member) => {
        const fields = collectSubfields(
          walk.schema,
          walk.fragments,
          walk.variables,
          member,
          nodes as FieldNode[],
        );
        const sized = known.sizedFields.length === 0 ? null : { fields: known.sizedFields, length };
        const whole = sum([...fields.values()].map((child) => walkField(walk, member, child, sized)));
        return { ...whole, cost: whole.cost + (known.memberWeights?.get(member.name) ?? 0) };
      })
    : [];
  let shown = 0;
  for (let object = 0; object < objects; object += 1) {
    shown += known.weight + Math.max(0, ...below.map((part) => part.cost));
    for (const coordinate of new Set(below.flatMap((part) => [...part.amounts.keys()]))) {
      const most = Math.max(...below.map((part) => part.amounts.get(coordinate) ?? 0));
      amounts.set(coordinate, (amounts.get(coordinate) ?? 0) + most);
    }
  }
  return { cost: cost + Math.max(shown, length * known.pageWeight), amounts };
}

function lengthOf({ size }: FieldCost, args: { readonly [name: string]: unknown }): number {
  const { slicingArguments, assumedSize, maxSize } = size!;
  const given = slicingArguments.map((name) => args[name]).filter((value) => value != null);
  if (given.length === 0) return assumedSize;
  const longest = Math.max(...given.map((value) => (Array.isArray(value) ? value.length : Number(value))));
  return Math.min(Math.max(longest, 1), maxSize);
}

function sum(parts: readonly Part[]): Part {
  const amounts: Amounts = new Map();
  for (const part of parts) {
    for (const [coordinate, amount] of part.amounts) {
      amounts.set(coordinate, (amounts.get(coordinate) ?? 0) + amount);
    }
  }
  return { cost: parts.reduce((total, part) => total + part.cost, 0), amounts };
}
