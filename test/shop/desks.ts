import type { PrismaClient } from '../../src/generated/prisma/client.js';

/** The rows that docs/shop.md speaks of, beside whatever the seed brought. Keys are given, as ids are in the document. */
export async function fillWithDesks(prisma: PrismaClient): Promise<void> {
  await prisma.category.create({
    data: {
      id: 1000,
      slug: 'hand-made',
      name: 'Made by hand',
      description: 'No two alike.',
      isFeatured: false,
      children: {
        create: {
          id: 1001,
          slug: 'hand-made-desks',
          name: 'Desks made by hand',
          description: 'To work at.',
          isFeatured: true,
        },
      },
    },
  });
  await prisma.user.createMany({
    data: [
      { id: 1001, name: 'Ada', email: 'ada@desks.example' },
      { id: 1002, name: 'Grace', email: 'grace@desks.example' },
    ],
  });
  const desk = { categoryId: 1001, isPublished: true, description: 'A handmade desk.' };
  await prisma.product.createMany({
    data: [
      {
        ...desk,
        id: 1001,
        slug: 'oak-desk-by-hand',
        name: 'Oak desk',
        price: '199.90',
        stock: 2,
        ratingSum: 4,
        ratingCount: 1,
        createdAt: new Date('2026-01-01T09:00:00Z'),
      },
      {
        ...desk,
        id: 1002,
        slug: 'walnut-desk-by-hand',
        name: 'Walnut desk',
        price: '349.00',
        stock: 5,
        createdAt: new Date('2026-01-02T09:00:00Z'),
      },
      {
        ...desk,
        id: 1003,
        slug: 'ash-desk-by-hand',
        name: 'Ash desk',
        price: '310.00',
        stock: 1,
        isPublished: false,
        createdAt: new Date('2026-01-03T09:00:00Z'),
      },
    ],
  });
  await prisma.productImage.create({
    data: { productId: 1001, url: '/images/oak-desk-1.jpg', alt: 'An oak desk' },
  });
  await prisma.review.create({
    data: {
      id: 1001,
      productId: 1001,
      userId: 1002,
      rating: 4,
      title: 'Sturdy',
      body: 'Carries three screens.',
      createdAt: new Date('2026-01-05T09:00:00Z'),
    },
  });
}
