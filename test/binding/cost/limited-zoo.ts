import {
  defaultFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { type BoundApi, bindApi } from '../../../src/binding/bind-schema.js';
import type { FieldLedger } from '../../../src/binding/cost/field-ledger.js';
import type { RequestContext } from '../../../src/binding/request-context.js';
import type { Resolvers } from '../../../src/binding/resolvers.js';
import type { ModelGraph } from '../../../src/model/model-graph.js';
import { domainGraph } from '../../domain/domain-graph.js';
import type { Drivers } from '../agreement/drivers.js';
import { gatherValues } from '../agreement/gather-values.js';
import type { OperationSource } from '../agreement/random-operation.js';
import { openZooDrivers } from '../agreement/zoo-drivers.js';
import { EXTENDED_RESOLVERS, ZOO_EXTENSION } from '../agreement/zoo-extension.js';
import { LIMITS, ZOO_SDL } from '../zoo-schema.js';

/** The zoo, with weights, sizes that hold, and a limit on every field. */
export interface LimitedZoo {
  readonly api: BoundApi;
  readonly drivers: Drivers;
  readonly source: OperationSource;
  /** What requests from now on draw on; null: nothing. */
  useLedger(ledger: FieldLedger | null): void;
  /** Rows that resolvers returned to the request that draws on a ledger. */
  rowsOf(ledger: FieldLedger): number;
  close(): Promise<void>;
}

/** Sizes of lists that code returns: what the default assumes of them doesn't hold. */
const EXTENSION = {
  path: ZOO_EXTENSION.path,
  text: ZOO_EXTENSION.text
    .replace('heads(count: Int = 2): [Animal!]!', '$& @listSize(slicingArguments: ["count"])')
    .replace('company: [Subject]! @needs(columns: ["id", "carerId"])', '$& @listSize(assumedSize: 4)')
    .replace('size: Int!', '$& @cost(weight: "0.25")'),
};

/** Binds the zoo with a limit on every type, so that every field is charged. */
export function bindLimitedZoo(graph: ModelGraph, resolvers: Resolvers = EXTENDED_RESOLVERS): BoundApi {
  const sdl = [ZOO_SDL, EXTENSION];
  const { schema } = bindApi({ sdl, graph, resolvers, limits: LIMITS });
  const limited = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__') && type.name !== 'PageInfo')
    .map(({ name }) => `extend type ${name} @rateLimit(limit: 1000)`);
  return bindApi({
    sdl: [...sdl, { path: 'limits.graphql', text: limited.join('\n') }],
    graph,
    resolvers,
    limits: LIMITS,
  });
}

export async function openLimitedZoo(): Promise<LimitedZoo> {
  const graph = await domainGraph();
  const api = bindLimitedZoo(graph);
  const rows = countRows(api);
  let ledger: FieldLedger | null = null;
  const { drivers, close } = await openZooDrivers(api, graph, () => ledger);
  const pool = await gatherValues(drivers, graph, {
    models: { Birth: 'Event', Illness: 'Event', Transfer: 'Event' },
    known: {
      'Query.stub(id:)': [1, 2, 5, -1, 77],
      'Query.anything(kind:)': ['Keeper', 'Enclosure', 'Animal'],
      'Family.heads(count:)': [null, 0, 1, 2, 3],
    },
  });
  return {
    api,
    drivers,
    source: { schema: api.schema, pool, weights: { 'Query.census': 0 }, mutations: 0.02 },
    useLedger: (next) => {
      ledger = next;
    },
    rowsOf: (ledger) => rows.get(ledger) ?? 0,
    close,
  };
}

/** Counts the rows that resolvers return from now on. A request may be answered while some of them still run. */
function countRows({ schema, bindings }: BoundApi): ReadonlyMap<FieldLedger, number> {
  const rows = new Map<FieldLedger, number>();
  for (const field of fieldsOf(schema)) {
    const named = getNamedType(field.type);
    if (!bindings.objects.has(named.name) && !isAbstractType(named)) continue;
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (...args) => {
      const value = await resolve(...args);
      const items: unknown[] = Array.isArray(value) ? value : [value];
      const found = (await Promise.all(items)).filter((item) => item !== null && item !== undefined);
      const { fieldLedger } = args[2] as RequestContext;
      if (fieldLedger != null) rows.set(fieldLedger, (rows.get(fieldLedger) ?? 0) + found.length);
      return value;
    };
  }
  return rows;
}

function fieldsOf(schema: GraphQLSchema) {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) => (isObjectType(type) ? Object.values(type.getFields()) : []));
}
