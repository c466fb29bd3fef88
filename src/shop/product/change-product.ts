import type { PrismaClient } from '../../generated/prisma/client.js';
import { runTransaction } from '../database/run-transaction.js';
import { parseChange } from '../input/changes.js';
import { productNotFound } from './product-faults.js';
import { PRODUCT_FAULTS, PRODUCT_INPUT } from './product-input.js';

/** What to change; what is left out stays. */
export interface ProductChanges {
  readonly categoryId?: number | null;
  readonly slug?: string | null;
  readonly name?: string | null;
  readonly description?: string | null;
  readonly price?: string | null;
  readonly stock?: number | null;
  readonly isPublished?: boolean | null;
}

/** @throws `BAD_USER_INPUT`; `NOT_FOUND` without such a product or category; `CONFLICT` where the slug is taken. */
export async function changeProduct(
  prisma: PrismaClient,
  id: number,
  changes: ProductChanges,
): Promise<{ id: number }> {
  const data = {
    categoryId: parseChange(['input', 'categoryId'], changes.categoryId, (_path, value) => value),
    slug: parseChange(['input', 'slug'], changes.slug, PRODUCT_INPUT.slug),
    name: parseChange(['input', 'name'], changes.name, PRODUCT_INPUT.name),
    description: parseChange(['input', 'description'], changes.description, PRODUCT_INPUT.description),
    price: parseChange(['input', 'price'], changes.price, PRODUCT_INPUT.price),
    stock: parseChange(['input', 'stock'], changes.stock, PRODUCT_INPUT.stock),
    isPublished: parseChange(['input', 'isPublished'], changes.isPublished, PRODUCT_INPUT.isPublished),
  };
  return runTransaction(
    prisma,
    async (transaction) => {
      const { count } = await transaction.product.updateMany({ where: { id }, data });
      if (count === 0) throw productNotFound(['input', 'id']);
      return { id };
    },
    PRODUCT_FAULTS,
  );
}
