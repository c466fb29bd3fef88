import { expectAgreement } from './agreement.js';
import { openZooAgreement, type ZooAgreement } from './zoo-agreement.js';

/** Fixed, so that the same operations are asked every time; agreement.chaos.ts asks others. */
const SEED = 1;

describe('compiled code, plans and loaders, over pg and over Prisma Client', () => {
  let zoo: ZooAgreement;

  beforeAll(async () => {
    zoo = await openZooAgreement();
  });

  afterAll(() => zoo.close());

  it('answer random operations alike', async () => {
    const tally = await expectAgreement({ ...zoo, operations: 2_000, seed: SEED, prismaEvery: 10 });
    console.log(tally);
    expect(tally.compiled).toBeGreaterThan(0.4 * tally.asked);
  }, 120_000);
});
