import { createShopDatabase } from '../shop-database.js';
import { type OpenDatabase, openDatabase } from './shop-client.js';

/** A statement for each check that breaks it and nothing else. */
const VIOLATIONS: Readonly<Record<string, string>> = {
  categories_slug_form: `UPDATE categories SET slug = 'Oak Desks' WHERE id = 1`,
  categories_name_not_blank: `UPDATE categories SET name = ' ' WHERE id = 1`,
  categories_sort_order_range: 'UPDATE categories SET sort_order = -1 WHERE id = 1',
  categories_not_its_own_parent: 'UPDATE categories SET parent_id = id WHERE id = 1',
  products_slug_form: `UPDATE products SET slug = 'a--b' WHERE id = 1`,
  products_name_not_blank: `UPDATE products SET name = '' WHERE id = 1`,
  products_price_range: 'UPDATE products SET price = -0.01 WHERE id = 1',
  products_stock_range: 'UPDATE products SET stock = -1 WHERE id = 1',
  products_view_count_range: 'UPDATE products SET view_count = -1 WHERE id = 1',
  products_rating_count_range: 'UPDATE products SET rating_count = -1, rating_sum = -3 WHERE id = 1',
  products_rating_sum_range: 'UPDATE products SET rating_count = 2, rating_sum = 11 WHERE id = 1',
  product_images_url_is_a_path: `UPDATE product_images SET url = 'https://example.com/a.jpg' WHERE id = 1`,
  product_images_position_range: 'UPDATE product_images SET position = -1 WHERE id = 1',
  users_email_form: `UPDATE users SET email = 'Ada@example.com' WHERE id = 1`,
  users_password_hash_form: `UPDATE users SET password_hash = 'correct horse battery staple' WHERE id = 1`,
  users_name_not_blank: `UPDATE users SET name = ' ' WHERE id = 1`,
  reviews_rating_range: 'UPDATE reviews SET rating = 6 WHERE id = 1',
  reviews_title_not_blank: `UPDATE reviews SET title = '' WHERE id = 1`,
  cart_items_quantity_range: 'UPDATE cart_items SET quantity = 0 WHERE id = 1',
  orders_total_range: 'UPDATE orders SET total = -1 WHERE id = 1',
  order_items_quantity_range: 'UPDATE order_items SET quantity = 1000 WHERE id = 1',
  order_items_unit_price_range: 'UPDATE order_items SET unit_price = -1 WHERE id = 1',
  subscriptions_expires_after_start: 'UPDATE subscriptions SET expires_at = started_at WHERE id = 1',
  subscriptions_one_active_per_user: `INSERT INTO subscriptions (user_id, plan, expires_at)
    SELECT user_id, 'BASIC', 'infinity' FROM subscriptions WHERE status = 'ACTIVE' LIMIT 1`,
  daily_product_stats_views_range: `INSERT INTO daily_product_stats (product_id, day, views) VALUES (1, '2025-01-01', -1)`,
  daily_product_stats_units_sold_range: `INSERT INTO daily_product_stats (product_id, day, units_sold)
    VALUES (1, '2025-01-01', -1)`,
  daily_product_stats_revenue_range: `INSERT INTO daily_product_stats (product_id, day, revenue)
    VALUES (1, '2025-01-01', -0.01)`,
};

let shop: OpenDatabase;

beforeEach(async () => {
  shop = await openDatabase(createShopDatabase());
});

afterEach(() => shop.close());

async function count(sql: string): Promise<number> {
  const [row] = await shop.ask<{ count: number }>(`SELECT count(*)::int AS count FROM ${sql}`);
  return row!.count;
}

describe('every value that has a range', () => {
  it('is kept in it by the database', async () => {
    for (const [constraint, sql] of Object.entries(VIOLATIONS)) {
      await expect(shop.ask(sql)).rejects.toMatchObject({ constraint });
    }
  });

  it('is tried above', async () => {
    const rows = await shop.ask<{ name: string }>(
      `SELECT conname AS name FROM pg_constraint WHERE contype IN ('c', 'x') AND connamespace = 'public'::regnamespace`,
    );
    expect(rows.map((row) => row.name).sort()).toEqual(Object.keys(VIOLATIONS).sort());
  });
});

describe('deleting', () => {
  it('a product that nobody has ordered takes its pictures, reviews, views and places in carts along', async () => {
    const [row] = await shop.ask<{ id: number }>(
      `INSERT INTO products (category_id, slug, name, description, price) SELECT category_id, 'x', 'X', '', 1
       FROM products WHERE id = 1 RETURNING id`,
    );
    const id = row!.id;
    await shop.ask(`INSERT INTO product_images (product_id, url, alt) VALUES (${id}, '/x.jpg', '')`);
    await shop.ask(
      `INSERT INTO reviews (product_id, user_id, rating, title, body) VALUES (${id}, 1, 5, 'X', '')`,
    );
    await shop.ask(`INSERT INTO product_views (product_id) VALUES (${id})`);
    await shop.ask(`INSERT INTO daily_product_stats (product_id, day) VALUES (${id}, '2025-01-01')`);
    await shop.ask(`INSERT INTO cart_items (cart_id, product_id, quantity) SELECT id, ${id}, 1 FROM carts`);
    await shop.ask(`DELETE FROM products WHERE id = ${id}`);
    for (const table of ['product_images', 'reviews', 'product_views', 'daily_product_stats', 'cart_items']) {
      expect(await count(`${table} WHERE product_id = ${id}`)).toBe(0);
    }
  });

  it.each([
    ['a product that was ordered', 'DELETE FROM products WHERE id = 1', 'order_items_product_id_fkey'],
    ['a category with children', 'DELETE FROM categories WHERE id = 1', 'categories_parent_id_fkey'],
    [
      'a category with products',
      'DELETE FROM categories WHERE id = (SELECT category_id FROM products WHERE id = 1)',
      'products_category_id_fkey',
    ],
    [
      'a customer with orders',
      'DELETE FROM users WHERE id = (SELECT min(user_id) FROM orders)',
      /^(orders|reviews)_user_id_fkey$/,
    ],
  ])('%s is refused', async (_what, sql, constraint) => {
    await expect(shop.ask(sql)).rejects.toMatchObject({
      constraint: typeof constraint === 'string' ? constraint : expect.stringMatching(constraint),
    });
  });

  it('an order takes its items along', async () => {
    await shop.ask('DELETE FROM orders WHERE id = 1');
    expect(await count('order_items WHERE order_id = 1')).toBe(0);
  });

  it('a customer without orders and reviews takes cart and subscriptions along, and leaves views behind unnamed', async () => {
    const [row] = await shop.ask<{ id: number }>(
      `INSERT INTO users (email, name) VALUES ('x@x', 'X') RETURNING id`,
    );
    const id = row!.id;
    await shop.ask(`INSERT INTO carts (user_id) VALUES (${id})`);
    await shop.ask(
      `INSERT INTO subscriptions (user_id, plan, expires_at) VALUES (${id}, 'BASIC', 'infinity')`,
    );
    await shop.ask(`INSERT INTO product_views (product_id, user_id) VALUES (1, ${id})`);
    const views = await count('product_views');
    await shop.ask(`DELETE FROM users WHERE id = ${id}`);
    expect(await count(`carts WHERE user_id = ${id}`)).toBe(0);
    expect(await count(`subscriptions WHERE user_id = ${id}`)).toBe(0);
    expect(await count('product_views')).toBe(views);
  });
});

describe('the search column', () => {
  it('follows name and description, and can not be written', async () => {
    await shop.ask(`UPDATE products SET name = 'Zeppelin' WHERE id = 1`);
    expect(await count(`products WHERE search @@ to_tsquery('english', 'zeppelins')`)).toBe(1);
    await expect(shop.ask(`UPDATE products SET search = '' WHERE id = 1`)).rejects.toThrow(
      'can only be updated to DEFAULT',
    );
  });
});
