import { randomInt } from 'node:crypto';
import { checkFreshness } from './check-freshness.js';
import { listFaults } from './faults.js';
import { openFreshWorld } from './fresh-world.js';
import { buildNodes, type NodeBuild } from './node/node-process.js';
import { READS } from './reads.js';
import { findSabotage } from './sabotage.js';

const READS_JUDGED = 50_000;

let build: NodeBuild;
beforeAll(() => {
  build = buildNodes();
}, 60_000);
afterAll(() => build.remove());

describe('An answer', () => {
  it('shows what had been committed, and to nobody what is another one’s, whatever breaks', async () => {
    const fresh = await openFreshWorld();
    try {
      const faults = listFaults(fresh);
      const outcome = await checkFreshness({
        ...{ fresh, build, faults, nodes: 3, reads: READS_JUDGED },
        readsBetweenFaults: 2_000,
        seed: randomInt(2 ** 31),
      });
      expect(outcome.violations).toEqual([]);
      // It did test: each thing was asked and each thing broke, and yet most was answered from what was kept.
      expect(outcome.judged).toBeGreaterThanOrEqual(READS_JUDGED);
      expect([...outcome.reads.keys()]).toEqual(expect.arrayContaining(READS.map(({ kind }) => kind)));
      expect([...outcome.faults.keys()].sort()).toEqual(faults.map(({ name }) => name).sort());
      expect(outcome.hits).toBeGreaterThan(outcome.judged * 0.4);
      expect(outcome.unchanged).toBeGreaterThan(outcome.judged * 0.01);
      expect(outcome.collapsed).toBeGreaterThan(100);
      expect(outcome.commits).toBeGreaterThan(200);
      expect(outcome.failed).toBeLessThan(outcome.judged * 0.05);
    } finally {
      await fresh.close();
    }
  }, 300_000);
});

describe('The checker', () => {
  // The long run has fifteen.
  it.each([['own writes are not told of before they are answered', 'stale']])(
    'notices where %s',
    async (sabotage, rule) => {
      const violations = await findSabotage({ build, sabotage, open: openFreshWorld });
      expect(violations.map((violation) => violation.rule)).toContain(rule);
    },
    120_000,
  );
});
