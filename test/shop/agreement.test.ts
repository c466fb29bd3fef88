import { expectAgreement } from '../binding/agreement/agreement.js';
import { openShopAgreement, type ShopAgreement } from './shop-agreement.js';

describe('Compiled code, plans and loaders, over pg and over Prisma Client', () => {
  let shop: ShopAgreement;

  beforeAll(async () => {
    shop = await openShopAgreement();
  });

  afterAll(() => shop.close());

  it('answer random operations on the shop alike', async () => {
    const tally = await expectAgreement({ ...shop, operations: 300, seed: 1, prismaEvery: 10 });
    console.log(tally);
    expect(tally.compiled).toBeGreaterThan(0.4 * tally.asked);
  }, 120_000);
});
