import type { AppDefinition } from '../index.js';

/** A product's price, raised and lowered again. */
export const cacheDemo: AppDefinition['cacheDemo'] = {
  query: '{ products(first: 2, orderBy: [{ field: PRICE, direction: DESC }]) { nodes { name price } } }',
  change:
    'UPDATE products SET price = price + 1 WHERE id = (SELECT id FROM products WHERE is_published ORDER BY price DESC, id DESC LIMIT 1)',
  restore:
    'UPDATE products SET price = price - 1 WHERE id = (SELECT id FROM products WHERE is_published ORDER BY price DESC, id DESC LIMIT 1)',
};
