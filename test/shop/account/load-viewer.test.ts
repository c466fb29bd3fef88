import app from '../../../src/shop/app.js';
import { uniqueName } from '../fixtures.js';
import { openShop, type ShopWorld } from '../shop-world.js';

let shop: ShopWorld;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const load = (id: string) => app.loadViewer!(id, shop.prisma);

describe('What the shop says of a viewer', () => {
  it.each([
    ['STANDARD', 'authenticated'],
    ['PREMIUM', 'premium'],
    ['STAFF', 'staff'],
  ] as const)('is for a %s user that their tier is %s', async (tier, expected) => {
    const { id } = await shop.prisma.user.create({
      data: { name: 'Ada', email: `${uniqueName('ada')}@example.com`, tier },
    });
    expect(await load(String(id))).toEqual({ tier: expected });
  });

  it.each(['2147483647', '2147483648', '0', '-1', '01', '1.5', 'till-3', ''])(
    'is that there is nobody with the id %j',
    async (id) => {
      expect(await load(id)).toBeNull();
    },
  );
});
