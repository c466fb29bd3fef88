import { Carts } from '../../../src/shop/seed/carts.js';
import { Catalogue } from '../../../src/shop/seed/catalogue.js';
import { CategoryTree } from '../../../src/shop/seed/category-tree.js';
import { Customers } from '../../../src/shop/seed/customers.js';
import { Timeline } from '../../../src/shop/seed/timeline.js';

describe('the carts of the seed', () => {
  it('have ids of their own, also at the hundredfold scale', () => {
    const timeline = new Timeline('2026-01-01');
    const catalogue = new Catalogue(20, new CategoryTree(2), timeline);
    const carts = new Carts(catalogue, new Customers(200_000, timeline), timeline);
    const ids = Array.from(carts.table().rows(), ([id]) => String(id));
    expect(ids).toHaveLength(37_500);
    expect(new Set(ids).size).toBe(ids.length);
    expect(
      ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
    ).toEqual([]);
  });
});
