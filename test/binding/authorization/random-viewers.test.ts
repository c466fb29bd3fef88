import { openProtectedWorld, type ProtectedWorld } from './protected-world.js';
import { expectNaiveAnswers } from './random-viewers.js';

/** Fixed, so that the same is asked every time; random-viewers.chaos.ts asks otherwise. */
const SEED = 1;

describe('random operations of random viewers', () => {
  let world: ProtectedWorld;

  beforeAll(async () => {
    world = await openProtectedWorld();
  });

  afterAll(() => world.close());

  it('are answered by every driver as by resolvers that check, over rows that were filtered before', async () => {
    const tally = await expectNaiveAnswers({ world, operations: 1_000, seed: SEED, prismaEvery: 10 });
    console.log(tally);
    expect(tally.refused).toBeGreaterThan(0.2 * tally.asked);
    expect(tally.compiled).toBeGreaterThan(0.2 * tally.asked);
  }, 120_000);
});
