import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../../src/generated/prisma/client.js';
import { SluiceError } from '../../src/kernel/sluice-error.js';
import { translateDatabaseError } from '../../src/shop/database/constraint-faults.js';
import { createProduct, createUser } from './fixtures.js';
import { openShop, type ShopWorld } from './shop-world.js';

const NOBODY = 2_147_483_647;

let shop: ShopWorld;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** What a statement of Prisma's that must fail threw. */
async function errorOf(statement: Promise<unknown>): Promise<unknown> {
  try {
    await statement;
  } catch (error) {
    return error;
  }
  throw new Error('The statement did not fail.');
}

describe("Prisma's error", () => {
  it('for a broken constraint is the fault that the use case names for it', async () => {
    const { prisma } = shop;
    const own = new SluiceError('NOT_FOUND', 'No such product.');
    const views = await errorOf(prisma.productView.create({ data: { productId: NOBODY } }));
    expect(translateDatabaseError(views, { product_views_product_id_fkey: () => own })).toBe(own);
    const raw = await errorOf(
      prisma.$executeRaw`INSERT INTO product_views (product_id) VALUES (${NOBODY}::int)`,
    );
    expect(translateDatabaseError(raw, { product_views_product_id_fkey: () => own })).toBe(own);
  });

  it('is a general fault where the use case names none, and keeps its cause', async () => {
    const { prisma } = shop;
    const { email } = await prisma.user.findUniqueOrThrow({ where: { id: await createUser(prisma) } });
    const taken = await errorOf(prisma.user.create({ data: { name: 'Twin', email } }));
    expect(
      translateDatabaseError(taken, { another_key: () => new SluiceError('NOT_FOUND', '') }),
    ).toMatchObject({
      code: 'CONFLICT',
      cause: taken,
    });
    const referring = await errorOf(prisma.review.delete({ where: { id: NOBODY } }));
    expect(translateDatabaseError(referring)).toMatchObject({ code: 'NOT_FOUND' });
    const dangling = await errorOf(prisma.productView.create({ data: { productId: NOBODY } }));
    expect(translateDatabaseError(dangling)).toMatchObject({ code: 'CONFLICT' });
    const raw = await errorOf(prisma.$executeRaw`INSERT INTO users (name, email) VALUES ('Twin', ${email})`);
    expect(translateDatabaseError(raw)).toMatchObject({ code: 'CONFLICT', cause: raw });
    const wrong = await errorOf(prisma.$queryRaw`SELECT 1 / 0`);
    expect(translateDatabaseError(wrong)).toBe(wrong);
  });

  it('for a transaction that took too long says so, and nothing was changed', async () => {
    const { prisma } = shop;
    const productId = await createProduct(prisma, { stock: 3 });
    const late = await errorOf(
      prisma.$transaction(
        async (transaction) => {
          await transaction.product.update({ where: { id: productId }, data: { stock: 2 } });
          await transaction.$queryRaw`SELECT 1 FROM pg_sleep(0.4)`;
          await transaction.product.update({ where: { id: productId }, data: { stock: 1 } });
        },
        { timeout: 100 },
      ),
    );
    expect(translateDatabaseError(late)).toMatchObject({ code: 'TIMEOUT' });
    expect((await prisma.product.findUniqueOrThrow({ where: { id: productId } })).stock).toBe(3);
  });

  it('for a database that is away says that it is', async () => {
    const away = new URL(shop.url);
    away.port = '1';
    const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: away.href }) });
    const refused = await errorOf(prisma.user.count());
    await prisma.$disconnect();
    expect(translateDatabaseError(refused)).toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  });

  it.each([
    ['P1017', 'DATABASE_UNAVAILABLE'],
    ['P2037', 'DATABASE_UNAVAILABLE'],
    ['P2024', 'TIMEOUT'],
    ['P2034', 'CONFLICT'],
  ])('%s is %s', (code, translated) => {
    const error = new Prisma.PrismaClientKnownRequestError('', { code, clientVersion: '7' });
    expect(translateDatabaseError(error)).toMatchObject({ code: translated, cause: error });
  });

  it('that nobody foresaw stays what it is, to be masked', async () => {
    const defect = new Error('a defect');
    expect(translateDatabaseError(defect)).toBe(defect);
    const check = await errorOf(shop.prisma.product.updateMany({ data: { stock: -1 } }));
    expect(translateDatabaseError(check)).toBe(check);
    const odd = new Prisma.PrismaClientKnownRequestError('', { code: 'P9999', clientVersion: '7' });
    expect(translateDatabaseError(odd)).toBe(odd);
  });
});
