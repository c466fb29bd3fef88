import type { Viewer } from '../../../src/identity/viewer.js';
import { domainGraph } from '../../domain/domain-graph.js';
import type { Driver } from '../agreement/drivers.js';
import { gatherValues } from '../agreement/gather-values.js';
import { Random } from '../agreement/random.js';
import { drawOperation, type Operation } from '../agreement/random-operation.js';
import { shrinkOperation } from '../agreement/shrink-operation.js';
import { compareWithNaive } from './expect-naive.js';
import type { ProtectedWorld } from './protected-world.js';
import { VIEWERS } from './protected-zoo.js';

export interface RandomViewersOptions {
  readonly world: ProtectedWorld;
  readonly operations: number;
  readonly seed: number;
  /** Every how many-th operation is asked of Prisma too, which takes longest. */
  readonly prismaEvery: number;
}

/** What was compared. */
export interface ViewersTally {
  asked: number;
  compiled: number;
  /** With something in the answer that the viewer might not have. */
  refused: number;
}

/** Asks all drivers random operations for random viewers. @throws Error with the smallest that is answered otherwise */
export async function expectNaiveAnswers(options: RandomViewersOptions): Promise<ViewersTally> {
  const { world, operations, prismaEvery } = options;
  const pool = await gatherValues(world.drivers, await domainGraph(), {
    models: { Birth: 'Event', Illness: 'Event', Transfer: 'Event' },
    known: {
      'Query.stub(id:)': [1, 2, 5, -1],
      'Query.anything(kind:)': ['Keeper', 'Enclosure', 'Animal', 'Food', 'Nonsense'],
    },
  });
  const weights = {
    ...{
      'Query.node': 0.6,
      'Query.nodes': 0.6,
      'Query.census': 0,
      'Query.specimens': 0.2,
      'Query.specimen': 0.2,
    },
    ...{ 'Animal.label': 0.3, 'Animal.summary': 0.3, 'Animal.self': 0.3, 'Animal.family': 0.2 },
    ...{ 'Animal.neighbour': 0.2, 'Animal.company': 0.2, 'Keeper.double': 0.2 },
    // What somebody owns.
    ...{ 'Query.shifts': 2, 'Keeper.shifts': 2, 'Animal.feedings': 2, 'Animal.passport': 2 },
  };
  const source = { schema: world.drivers.schema, pool, weights, mutations: 0 };
  const viewers = Object.values(VIEWERS);
  const tally: ViewersTally = { asked: 0, compiled: 0, refused: 0 };
  for (let seed = options.seed; tally.asked < operations; seed += 1) {
    const operation = drawOperation(source, seed);
    const document = world.drivers.parse(operation.text);
    if (document === null) continue;
    const viewer = new Random(seed).pick(viewers);
    tally.asked += 1;
    const drivers: readonly Driver[] =
      tally.asked % prismaEvery === 0 ? ['compiled', 'plan', 'pg', 'prisma'] : ['compiled', 'plan', 'pg'];
    const { different, isCompiled, isRefused } = await compareWithNaive(
      world,
      document,
      operation,
      viewer,
      drivers,
    );
    if (different.length > 0) throw await explain(world, operation, viewer, seed);
    if (isCompiled) tally.compiled += 1;
    if (isRefused) tally.refused += 1;
  }
  return tally;
}

async function explain(
  world: ProtectedWorld,
  operation: Operation,
  viewer: Viewer,
  seed: number,
): Promise<Error> {
  const compare = async (candidate: Operation) => {
    const document = world.drivers.parse(candidate.text);
    const all: readonly Driver[] = ['compiled', 'plan', 'pg', 'prisma'];
    return document === null ? null : compareWithNaive(world, document, candidate, viewer, all);
  };
  const smallest = await shrinkOperation(
    operation,
    async (candidate) => ((await compare(candidate))?.different.length ?? 0) > 0,
  );
  const { text, variables } = smallest;
  const comparison = await compare(smallest);
  return new Error(
    [
      `The drivers answer otherwise than the naive zoo (seed ${seed}): ${comparison?.different.join()}`,
      `viewer: ${JSON.stringify(viewer)}`,
      text,
      `variables: ${JSON.stringify(variables)}`,
      comparison?.report,
    ].join('\n'),
  );
}
