import type { PrismaClient } from '../../../src/generated/prisma/client.js';
import { encodeGlobalId } from '../../../src/index.js';

const PRODUCTS = 25;
const REVIEWERS = 7;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

/** A category of known products beside what the seed brought, for tests that say exactly what they expect. */
export interface Shelf {
  readonly categoryId: string;
  readonly categorySlug: string;
  /** Global ids, oldest product first; names are `Lamp 01` to `Lamp 25`, prices 1.10 to 25.10. */
  readonly productIds: readonly string[];
  /** Keys of customers who have reviewed the first product, and nothing else. */
  readonly reviewerKeys: readonly number[];
  /** The key of a customer who has done nothing yet. */
  readonly newcomerKey: number;
}

export async function fillShelf(prisma: PrismaClient): Promise<Shelf> {
  const category = await prisma.category.create({
    data: {
      slug: 'clients-lamps',
      name: 'Lamps 💡',
      description: 'Lamps that tests know.',
      sortOrder: 1_000_000,
    },
  });
  const products = await prisma.product.createManyAndReturn({
    data: Array.from({ length: PRODUCTS }, (_, index) => {
      const number = String(index + 1).padStart(2, '0');
      return {
        categoryId: category.id,
        slug: `clients-lamp-${number}`,
        name: `Lamp ${number}`,
        description: `Lamp number ${number}, zyzzyvalight.`,
        price: `${index + 1}.10`,
        stock: 10,
        isPublished: true,
        ...(index === 0 && { ratingCount: REVIEWERS, ratingSum: sumOfRatings() }),
        createdAt: new Date(FIRST_DAY + index * DAY_MS),
      };
    }),
    select: { id: true },
  });
  const users = await prisma.user.createManyAndReturn({
    data: Array.from({ length: REVIEWERS + 1 }, (_, index) => ({
      name: `Reader ${index + 1}`,
      email: `reader-${index + 1}@clients.example`,
    })),
    select: { id: true },
  });
  const keys = users.map((user) => user.id);
  const reviewerKeys = keys.slice(0, REVIEWERS);
  await prisma.review.createMany({
    data: reviewerKeys.map((userId, index) => ({
      userId,
      productId: products[0]!.id,
      rating: ratingOf(index),
      title: `Opinion ${index + 1}`,
      body: 'It shines ✨.',
      createdAt: new Date(FIRST_DAY + index * DAY_MS),
    })),
  });
  return {
    categoryId: encodeGlobalId('Category', [category.id]),
    categorySlug: category.slug,
    productIds: products.map(({ id }) => encodeGlobalId('Product', [id])),
    reviewerKeys,
    newcomerKey: keys[REVIEWERS]!,
  };
}

function ratingOf(index: number): number {
  return (index % 5) + 1;
}

function sumOfRatings(): number {
  return Array.from({ length: REVIEWERS }, (_, index) => ratingOf(index)).reduce(
    (sum, rating) => sum + rating,
  );
}
