import { openProtectedWorld, type ProtectedWorld } from './protected-world.js';
import { expectNaiveAnswers } from './random-viewers.js';

const OPERATIONS = 50_000;

describe('random operations of random viewers', () => {
  let world: ProtectedWorld;

  beforeAll(async () => {
    world = await openProtectedWorld();
  });

  afterAll(() => world.close());

  it('are answered by every driver as by resolvers that check, others in every run', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const tally = await expectNaiveAnswers({ world, operations: OPERATIONS, seed, prismaEvery: 5 });
    console.log(tally);
    expect(tally.asked).toBe(OPERATIONS);
  }, 7_200_000);
});
