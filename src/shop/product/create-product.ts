import type { PrismaClient } from '../../generated/prisma/client.js';
import { runTransaction } from '../database/run-transaction.js';
import { PRODUCT_FAULTS, PRODUCT_INPUT } from './product-input.js';

/** A new product as the API takes it; `price` is a Decimal's text. */
export interface NewProduct {
  readonly categoryId: number;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly price: string;
  readonly stock: number;
  readonly isPublished: boolean;
}

/** @throws `BAD_USER_INPUT`; `NOT_FOUND` without such a category; `CONFLICT` where the slug is taken. */
export async function createProduct(prisma: PrismaClient, product: NewProduct): Promise<{ id: number }> {
  const data = {
    categoryId: product.categoryId,
    slug: PRODUCT_INPUT.slug(['input', 'slug'], product.slug),
    name: PRODUCT_INPUT.name(['input', 'name'], product.name),
    description: PRODUCT_INPUT.description(['input', 'description'], product.description),
    price: PRODUCT_INPUT.price(['input', 'price'], product.price),
    stock: PRODUCT_INPUT.stock(['input', 'stock'], product.stock),
    isPublished: product.isPublished,
  };
  return runTransaction(
    prisma,
    (transaction) => transaction.product.create({ data, select: { id: true } }),
    PRODUCT_FAULTS,
  );
}
