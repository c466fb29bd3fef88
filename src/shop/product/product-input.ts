import type { Prisma } from '../../generated/prisma/client.js';
import { SluiceError } from '../../index.js';
import { parseIntWithin, parsePrice } from '../input/number-input.js';
import { parseSlug, parseText } from '../input/text-input.js';

type InputPath = readonly (string | number)[];

/** Reads each field of a product's input: a column's value, or a `BAD_USER_INPUT` that names the field. */
export const PRODUCT_INPUT = {
  slug: parseSlug,
  name: (path: InputPath, value: string): string => parseText(path, value, { min: 1, max: 200 }),
  description: (path: InputPath, value: string): string => parseText(path, value, { min: 0, max: 10_000 }),
  price: (path: InputPath, value: string): Prisma.Decimal => parsePrice(path, value),
  stock: (path: InputPath, value: number): number => parseIntWithin(path, value, [0, 1_000_000]),
  isPublished: (_path: InputPath, value: boolean): boolean => value,
} as const;

/** What breaking a constraint means when a product is written. */
export const PRODUCT_FAULTS = {
  products_slug_key: () =>
    new SluiceError('CONFLICT', 'Another product has the slug in input.slug already.', {
      inputPath: ['input', 'slug'],
    }),
  products_category_id_fkey: () =>
    new SluiceError('NOT_FOUND', 'There is no category with the id in input.categoryId.', {
      inputPath: ['input', 'categoryId'],
    }),
} as const;
