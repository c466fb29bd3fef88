import type { Catalogue } from './catalogue.js';
import { RowRandom } from './row-random.js';
import { type SeedTable, toDecimal, toTimestamp } from './seed-table.js';
import { PICTURE_VIEWS } from './words/product-words.js';

/** What customers did with each product; the entry of product n is n - 1. */
export interface ProductTallies {
  readonly views: Int32Array;
  readonly ratingSums: Int32Array;
  readonly ratingCounts: Int32Array;
}

const SOLD_OUT_SHARE = 0.04;
const MOST_STOCK = 240;
const PICTURES = [1, 2, 2, 3, 3, 4] as const;

export function productTable(catalogue: Catalogue, tallies: ProductTallies): SeedTable {
  return {
    name: 'products',
    columns: [
      'id',
      'category_id',
      'slug',
      'name',
      'description',
      'price',
      'stock',
      'is_published',
      'view_count',
      'rating_sum',
      'rating_count',
      'created_at',
    ],
    expectedRows: catalogue.count,
    *rows() {
      for (let id = 1; id <= catalogue.count; id++) {
        const { slug, name, description } = catalogue.texts(id);
        yield [
          id,
          catalogue.shelf(id).id,
          slug,
          name,
          description,
          toDecimal(catalogue.priceCents(id)),
          chooseStock(id),
          catalogue.isPublished(id),
          tallies.views[id - 1] ?? 0,
          tallies.ratingSums[id - 1] ?? 0,
          tallies.ratingCounts[id - 1] ?? 0,
          toTimestamp(catalogue.createdAt(id)),
        ];
      }
    },
  };
}

export function productImageTable(catalogue: Catalogue): SeedTable {
  return {
    name: 'product_images',
    columns: ['id', 'product_id', 'url', 'alt', 'position'],
    expectedRows: Math.round(catalogue.count * 2.5),
    *rows() {
      let id = 0;
      for (let productId = 1; productId <= catalogue.count; productId++) {
        const { slug, name } = catalogue.texts(productId);
        const pictures = new RowRandom('image', productId).pick(PICTURES);
        for (const [position, view] of PICTURE_VIEWS.slice(0, pictures).entries()) {
          const url = `/images/products/${slug}-${position + 1}.jpg`;
          yield [++id, productId, url, view.replace('{name}', name), position];
        }
      }
    },
  };
}

function chooseStock(id: number): number {
  const random = new RowRandom('productStock', id);
  if (random.chance(SOLD_OUT_SHARE)) return 0;
  return 1 + Math.floor(MOST_STOCK * random.fraction() ** 2);
}
