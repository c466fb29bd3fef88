import { randomInt } from 'node:crypto';
import { checkFreshness } from './check-freshness.js';
import { type Fault, listFaults } from './faults.js';
import type { FreshWorld } from './fresh-world.js';
import type { Violation } from './judge.js';
import type { NodeBuild } from './node/node-process.js';

export interface SabotageOptions<World extends FreshWorld> {
  readonly build: NodeBuild;
  readonly sabotage: string;
  readonly open: () => Promise<World>;
  /** Default: all that a fresh world has. */
  readonly faults?: (world: World) => readonly Fault[];
}

/** Each is found within a few thousand; no more than these are tried. */
const MAX_READS = 60_000;
const NODES = 3;

/** The first violations of nodes that break a rule; none, if nobody notices. */
export async function findSabotage<World extends FreshWorld>({
  build,
  sabotage,
  open,
  faults = listFaults,
}: SabotageOptions<World>): Promise<readonly Violation[]> {
  const fresh = await open();
  try {
    const outcome = await checkFreshness({
      ...{ fresh, build, sabotage, nodes: NODES, reads: MAX_READS },
      faults: faults(fresh),
      readsBetweenFaults: 500,
      seed: randomInt(2 ** 31),
    });
    return outcome.violations;
  } finally {
    await fresh.close();
  }
}
