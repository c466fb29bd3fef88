import { bindApi } from '../../../src/binding/bind-schema.js';
import { domainGraph } from '../../domain/domain-graph.js';
import { LIMITS, ZOO_SDL } from '../zoo-schema.js';
import type { Drivers } from './drivers.js';
import { gatherValues } from './gather-values.js';
import type { OperationSource } from './random-operation.js';
import { openZooDrivers } from './zoo-drivers.js';
import { EXTENDED_RESOLVERS, ZOO_EXTENSION } from './zoo-extension.js';

export interface ZooAgreement {
  readonly drivers: Drivers;
  readonly source: OperationSource;
  close(): Promise<void>;
}

/** The zoo behind every driver, and what operations on it are drawn from. */
export async function openZooAgreement(): Promise<ZooAgreement> {
  const graph = await domainGraph();
  const api = bindApi({
    sdl: [ZOO_SDL, ZOO_EXTENSION],
    graph,
    resolvers: EXTENDED_RESOLVERS,
    limits: LIMITS,
  });
  const { drivers, close } = await openZooDrivers(api, graph);
  const pool = await gatherValues(drivers, graph, {
    models: { Birth: 'Event', Illness: 'Event', Transfer: 'Event' },
    known: {
      'Query.stub(id:)': [1, 2, 5, -1, 77],
      'Query.anything(kind:)': ['Keeper', 'Enclosure', 'Animal', 'Food', 'Nonsense'],
    },
  });
  const weights = {
    ...{
      'Query.node': 0.5,
      'Query.nodes': 0.5,
      'Query.favourite': 0.3,
      'Query.stub': 0.3,
      'Query.anything': 0.3,
    },
    ...{ 'Animal.label': 0.3, 'Animal.summary': 0.3, 'Animal.self': 0.3, 'Animal.family': 0.2 },
    ...{
      'Animal.neighbour': 0.2,
      'Animal.company': 0.2,
      'Keeper.double': 0.2,
      'Query.keeperConnection': 0.2,
    },
    // Among what they hold is what their scalars refuse to show.
    ...{ 'Specimen.ratio': 4, 'Specimen.single': 2 },
    // Rows without a key have no order: every reader may show them in its own.
    'Query.census': 0,
  };
  return {
    drivers,
    source: { schema: api.schema, pool, weights, mutations: 0.02 },
    close,
  };
}
