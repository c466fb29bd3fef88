import { type GraphQLSchema, Kind, type OperationDefinitionNode, OperationTypeNode, print } from 'graphql';
import { Random } from './random.js';
import { RandomArguments } from './random-arguments.js';
import { RandomSelections } from './random-selections.js';
import { tidyDocument } from './tidy-document.js';
import type { ValuePool } from './value-pool.js';
import { WrittenValues } from './written-values.js';

/** A request: what a client sends. */
export interface Operation {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | null;
}

export interface OperationSource {
  readonly schema: GraphQLSchema;
  readonly pool: ValuePool;
  /** How often a field is chosen beside its siblings, by coordinate; 1 unless told. */
  readonly weights: Readonly<Record<string, number>>;
  /** The share of mutations. */
  readonly mutations: number;
}

/** Fields that every app has, which are answered by code. */
const ENGINE_WEIGHTS: Readonly<Record<string, number>> = {
  'Query.viewer': 0.2,
  'Query.rateLimit': 0.1,
  'Query.rateLimitBlocks': 0.05,
  'Query.caches': 0.05,
};

/** The operation of a seed. Nearly all are valid; some meet the rule that fields of one key must be one field. */
export function drawOperation(source: OperationSource, seed: number): Operation {
  const random = new Random(seed);
  const { schema, pool, weights } = source;
  const values = new WrittenValues(random);
  const isMutation = random.chance(source.mutations) && schema.getMutationType() != null;
  const selections = new RandomSelections({
    ...{ random, schema, values, args: new RandomArguments(random, pool) },
    budget: random.chance(0.1) ? random.int(24, 50) : random.int(2, 24),
    weightOf: (coordinate) => weights[coordinate] ?? ENGINE_WEIGHTS[coordinate] ?? 1,
  });
  const type = isMutation ? schema.getMutationType()! : schema.getQueryType()!;
  const selectionSet = selections.draw(type);
  const name = random.chance(0.3) ? 'Asked' : null;
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: isMutation ? OperationTypeNode.MUTATION : OperationTypeNode.QUERY,
    ...(name !== null && { name: { kind: Kind.NAME, value: name } }),
    variableDefinitions: values.definitions,
    selectionSet,
  };
  const definitions = [operation, ...selections.fragments];
  if (random.chance(0.3)) definitions.reverse();
  const also = name !== null && random.chance(0.1) ? '\nquery Other { __typename }' : '';
  return {
    text: `${print(tidyDocument({ kind: Kind.DOCUMENT, definitions }))}${also}`,
    variables: values.variables,
    operationName: also === '' ? (random.chance(0.5) ? name : null) : name,
  };
}
