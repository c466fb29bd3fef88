import { expectAgreement } from '../binding/agreement/agreement.js';
import { openShopAgreement, type ShopAgreement } from './shop-agreement.js';

const OPERATIONS = 20_000;

describe('Compiled code, plans and loaders, over pg and over Prisma Client', () => {
  let shop: ShopAgreement;

  beforeAll(async () => {
    shop = await openShopAgreement();
  });

  afterAll(() => shop.close());

  it('answer random operations on the shop alike, others in every run', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const tally = await expectAgreement({ ...shop, operations: OPERATIONS, seed, prismaEvery: 4 });
    console.log(tally);
    expect(tally.asked).toBe(OPERATIONS);
  }, 7_200_000);
});
