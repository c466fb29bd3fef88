import { checkFreshness } from './check-freshness.js';
import { type FreshWorld, openFreshWorld } from './fresh-world.js';
import { buildNodes, type NodeBuild } from './node/node-process.js';

let build: NodeBuild;
let fresh: FreshWorld;
beforeAll(async () => {
  build = buildNodes();
  fresh = await openFreshWorld();
}, 60_000);
afterAll(async () => {
  await fresh.close();
  build.remove();
});

describe('An answer', () => {
  it('of a node that nothing happens to shows what had been committed', async () => {
    const outcome = await checkFreshness({ ...fresh, build, nodes: 1, reads: 5_000, seed: 1 });
    expect(outcome).toMatchObject({ violations: [], failed: 0 });
    expect(outcome.hits).toBeGreaterThan(outcome.judged * 0.4);
  }, 120_000);
});
