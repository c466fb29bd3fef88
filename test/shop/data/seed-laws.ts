/** What holds in every seeded shop: each query finds the rows that break its law. */
export const SEED_LAWS: Readonly<Record<string, string>> = {
  'categories form a tree of three levels': `
    WITH RECURSIVE tree AS (
      SELECT id, 1 AS level FROM categories WHERE parent_id IS NULL
      UNION ALL SELECT c.id, level + 1 FROM categories c JOIN tree ON c.parent_id = tree.id
    )
    SELECT c.id FROM categories c LEFT JOIN tree USING (id) WHERE coalesce(tree.level, 9) > 3`,
  'siblings have places of their own': `
    SELECT 1 FROM categories GROUP BY parent_id, sort_order HAVING count(*) > 1`,
  'products stand in categories without children': `
    SELECT p.id FROM products p JOIN categories c ON c.parent_id = p.category_id`,
  'ratings are those of the reviews': `
    SELECT p.id FROM products p
    LEFT JOIN (SELECT product_id, sum(rating) AS sum, count(*) AS count FROM reviews GROUP BY 1) r ON r.product_id = p.id
    WHERE (p.rating_sum, p.rating_count) IS DISTINCT FROM (coalesce(r.sum, 0), coalesce(r.count, 0))`,
  'view counts are those of the views': `
    SELECT p.id FROM products p
    LEFT JOIN (SELECT product_id, count(*) AS count FROM product_views GROUP BY 1) v ON v.product_id = p.id
    WHERE p.view_count <> coalesce(v.count, 0)`,
  'orders have items, and their total is the sum of them': `
    SELECT o.id FROM orders o
    LEFT JOIN (SELECT order_id, sum(quantity * unit_price) AS sum FROM order_items GROUP BY 1) i ON i.order_id = o.id
    WHERE o.total IS DISTINCT FROM i.sum`,
  'nobody reviews, buys or looks at what is not there yet, or not shown': `
    SELECT p.id FROM products p JOIN reviews r ON r.product_id = p.id
      WHERE r.created_at < p.created_at OR NOT p.is_published
    UNION ALL SELECT p.id FROM products p JOIN product_views v ON v.product_id = p.id
      WHERE v.viewed_at < p.created_at OR NOT p.is_published
    UNION ALL SELECT p.id FROM products p JOIN order_items i ON i.product_id = p.id JOIN orders o ON o.id = i.order_id
      WHERE o.placed_at < p.created_at OR NOT p.is_published
    UNION ALL SELECT p.id FROM products p JOIN cart_items i ON i.product_id = p.id
      WHERE i.added_at < p.created_at OR NOT p.is_published`,
  'nobody does anything before signing up': `
    SELECT u.id FROM users u JOIN reviews r ON r.user_id = u.id WHERE r.created_at < u.created_at
    UNION ALL SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE o.placed_at < u.created_at
    UNION ALL SELECT u.id FROM users u JOIN product_views v ON v.user_id = u.id WHERE v.viewed_at < u.created_at
    UNION ALL SELECT u.id FROM users u JOIN carts c ON c.user_id = u.id WHERE c.created_at < u.created_at
    UNION ALL SELECT u.id FROM users u JOIN subscriptions s ON s.user_id = u.id WHERE s.started_at < u.created_at`,
  'all happens in the two years before 2026': `
    SELECT t FROM (
      SELECT created_at AS t FROM products UNION ALL SELECT created_at FROM users UNION ALL SELECT created_at FROM reviews
      UNION ALL SELECT placed_at FROM orders UNION ALL SELECT viewed_at FROM product_views
      UNION ALL SELECT created_at FROM carts UNION ALL SELECT added_at FROM cart_items
      UNION ALL SELECT started_at FROM subscriptions
    ) AS times WHERE t NOT BETWEEN '2024-01-01Z' AND '2025-12-31 23:59:59.999Z'`,
  'ids of what happens grow with time': `
    SELECT id FROM (SELECT id, viewed_at AS t, lag(viewed_at) OVER (ORDER BY id) AS before FROM product_views) v
      WHERE t < before
    UNION ALL
    SELECT id FROM (SELECT id, placed_at AS t, lag(placed_at) OVER (ORDER BY id) AS before FROM orders) o
      WHERE t < before
    UNION ALL
    SELECT id FROM (SELECT id, created_at AS t, lag(created_at) OVER (ORDER BY id) AS before FROM reviews) r
      WHERE t < before`,
  'a subscription is active or past due until its end, and expired after it': `
    SELECT id FROM subscriptions
    WHERE (status = 'EXPIRED') <> (expires_at <= '2026-01-01Z')`,
  'who has the premium tier pays for a plan above the basic one, and nobody else does': `
    SELECT u.id FROM users u WHERE (tier = 'PREMIUM') <> EXISTS (
      SELECT FROM subscriptions s WHERE s.user_id = u.id AND s.status IN ('ACTIVE', 'PAST_DUE')
        AND s.plan <> 'BASIC')`,
  'pictures are numbered from 0, and every product has one': `
    SELECT p.id FROM products p LEFT JOIN product_images i ON i.product_id = p.id
    GROUP BY p.id HAVING count(i.id) = 0 OR max(i.position) <> count(*) - 1 OR count(DISTINCT i.position) <> count(*)`,
  'texts are whole: no placeholder, no double space, a full stop at the end': `
    SELECT description FROM products WHERE description ~ '[{}]|  |undefined' OR description !~ '[.]$'
    UNION ALL SELECT description FROM categories WHERE description ~ '[{}]|  |undefined' OR description !~ '[.]$'
    UNION ALL SELECT body FROM reviews WHERE body ~ '[{}]|  |undefined' OR body !~ '[.]$'
    UNION ALL SELECT alt FROM product_images WHERE alt ~ '[{}]|  |undefined'`,
  'sequences go on behind the last row': `
    SELECT 1 FROM pg_sequences s WHERE s.sequencename <> 'daily_product_stats_id_seq' AND coalesce(last_value, 0) <>
      (xpath('/row/max/text()', query_to_xml(
        format('SELECT max(id) FROM %I', left(s.sequencename::text, -7)), false, true, '')))[1]::text::bigint`,
};
