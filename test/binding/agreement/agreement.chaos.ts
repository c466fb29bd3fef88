import { expectAgreement } from './agreement.js';
import { openZooAgreement, type ZooAgreement } from './zoo-agreement.js';

const OPERATIONS = 100_000;

describe('compiled code, plans and loaders, over pg and over Prisma Client', () => {
  let zoo: ZooAgreement;

  beforeAll(async () => {
    zoo = await openZooAgreement();
  });

  afterAll(() => zoo.close());

  it('answer random operations alike, others in every run', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const tally = await expectAgreement({ ...zoo, operations: OPERATIONS, seed, prismaEvery: 4 });
    console.log(tally);
    expect(tally.asked).toBe(OPERATIONS);
  }, 7_200_000);
});
