import { randomInt } from 'node:crypto';
import { checkFreshness } from './check-freshness.js';
import { listFaults } from './faults.js';
import { openFreshWorld } from './fresh-world.js';
import { buildNodes, type NodeBuild } from './node/node-process.js';
import { SABOTAGES } from './node/sabotages.js';
import { READS } from './reads.js';
import { findSabotage } from './sabotage.js';
import { openViolentWorld } from './violent-world.js';

const READS_JUDGED = 1_000_000;
const NODES = 3;
/** Of each way to write one: single, in bulk, by cascade, by TRUNCATE, and undone. */
const WRITES = [
  ...['rename by a node', 'rename by SQL', 'feelAll by a node', 'feelEveryone by SQL'],
  ...['spoil by SQL', 'go by a node', 'fast by SQL', 'feel by a node, in vain', 'feel by SQL, in vain'],
];
/** What only a crash can show. */
const OF_CRASHES = 'the epoch is not looked at';
/** What shows little unless something breaks: then nothing else has to. */
const SHOWN_BY: ReadonlyMap<string, string> = new Map([
  ['the horizon is not looked at', 'the log is lost while a node is frozen'],
  ['a write that nobody was told of is forgotten', 'Redis is killed'],
  ['trust does not end', 'Redis does not answer'],
]);

let build: NodeBuild;
beforeAll(() => {
  build = buildNodes();
}, 60_000);
afterAll(() => build.remove());

describe('The checker', () => {
  const names = [...SABOTAGES.keys()].filter((name) => name !== OF_CRASHES);

  it.each(names)(
    'notices where %s',
    async (sabotage) => {
      const shownBy = SHOWN_BY.get(sabotage);
      const violations = await findSabotage({
        ...{ build, sabotage, open: openFreshWorld },
        faults: (world) => listFaults(world).filter(({ name }) => shownBy === undefined || name === shownBy),
      });
      expect(violations).not.toEqual([]);
    },
    300_000,
  );

  it(`notices where ${OF_CRASHES}`, async () => {
    const violations = await findSabotage({
      ...{ build, sabotage: OF_CRASHES },
      open: () => openViolentWorld(NODES),
      faults: (world) => world.faults.filter(({ name }) => name.includes('crashes')),
    });
    expect(violations).not.toEqual([]);
  }, 300_000);
});

describe('Each of a million answers', () => {
  it('shows what had been committed, and to nobody what is another one’s, whatever breaks', async () => {
    const fresh = await openViolentWorld(NODES);
    try {
      const outcome = await checkFreshness({
        ...{ fresh, build, faults: fresh.faults, nodes: NODES, reads: READS_JUDGED },
        readsBetweenFaults: 4_000,
        onProgress: (line) => process.stderr.write(`${line}\n`),
        seed: randomInt(2 ** 31),
      });
      console.log(outcome);
      expect(outcome.violations).toEqual([]);
      expect(outcome.judged).toBeGreaterThanOrEqual(READS_JUDGED);
      expect([...outcome.reads.keys()]).toEqual(expect.arrayContaining(READS.map(({ kind }) => kind)));
      expect([...outcome.faults.keys()].sort()).toEqual(fresh.faults.map(({ name }) => name).sort());
      expect(outcome.hits).toBeGreaterThan(outcome.judged * 0.4);
      expect([...outcome.writes.keys()]).toEqual(expect.arrayContaining(WRITES));
      expect(outcome.unchanged).toBeGreaterThan(outcome.judged * 0.01);
      expect(outcome.undone).toBeGreaterThan(0);
      expect(outcome.failed).toBeLessThan(outcome.judged * 0.05);
    } finally {
      await fresh.close();
    }
  }, 7_200_000);
});
