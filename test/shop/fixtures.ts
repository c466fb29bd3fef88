import { randomBytes } from 'node:crypto';
import type { Prisma, PrismaClient } from '../../src/generated/prisma/client.js';

/** Different at every call, fit for slugs and emails. */
export function uniqueName(stem: string): string {
  return `${stem}-${randomBytes(6).toString('hex')}`;
}

export async function createUser(prisma: PrismaClient, name = 'Ada'): Promise<number> {
  const { id } = await prisma.user.create({ data: { name, email: `${uniqueName('ada')}@example.com` } });
  return id;
}

export async function createUsers(prisma: PrismaClient, count: number): Promise<number[]> {
  const users = await prisma.user.createManyAndReturn({
    data: Array.from({ length: count }, (_, index) => ({
      name: `User ${index}`,
      email: `${uniqueName('u')}@example.com`,
    })),
    select: { id: true },
  });
  return users.map((user) => user.id);
}

export async function createCategory(
  prisma: PrismaClient,
  data: Partial<Prisma.CategoryUncheckedCreateInput> = {},
): Promise<number> {
  const slug = uniqueName('desks');
  const category = await prisma.category.create({
    data: { slug, name: 'Desks', description: 'To work at.', ...data },
  });
  return category.id;
}

/** A published product with stock, in a category of its own unless one is given. */
export async function createProduct(
  prisma: PrismaClient,
  data: Partial<Prisma.ProductUncheckedCreateInput> = {},
): Promise<number> {
  const categoryId = data.categoryId ?? (await createCategory(prisma));
  const product = await prisma.product.create({
    data: {
      slug: uniqueName('oak-desk'),
      name: 'Oak desk',
      description: 'Solid.',
      price: '199.90',
      stock: 10,
      isPublished: true,
      ...data,
      categoryId,
    },
  });
  return product.id;
}

/** A cart with these products in it; a guest's unless a user is given. */
export async function createCart(
  prisma: PrismaClient,
  quantities: ReadonlyMap<number, number>,
  userId: number | null = null,
): Promise<string> {
  const cart = await prisma.cart.create({
    data: {
      userId,
      items: { create: [...quantities].map(([productId, quantity]) => ({ productId, quantity })) },
    },
  });
  return cart.id;
}
