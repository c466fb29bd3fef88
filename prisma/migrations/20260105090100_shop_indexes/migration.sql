-- One index per access path; prisma/INDEXES.md names the query that each serves. Prisma's schema language has
-- no INCLUDE: its diff takes included columns for key columns, and prisma/schema.prisma lists them as such.

-- Values of which there is one.
CREATE UNIQUE INDEX categories_slug_key ON categories (slug);
CREATE UNIQUE INDEX products_slug_key ON products (slug);
CREATE UNIQUE INDEX users_email_key ON users (email);
CREATE UNIQUE INDEX reviews_user_id_product_id_key ON reviews (user_id, product_id);
CREATE UNIQUE INDEX carts_user_id_key ON carts (user_id);
CREATE UNIQUE INDEX cart_items_cart_id_product_id_key ON cart_items (cart_id, product_id);
CREATE UNIQUE INDEX order_items_order_id_product_id_key ON order_items (order_id, product_id);
CREATE UNIQUE INDEX daily_product_stats_product_id_day_key ON daily_product_stats (product_id, day);

-- Lists of a whole table, in the orders that the API offers. An index is read either way, so ascending serves
-- descending; the primary key at the end makes the order total.
CREATE INDEX categories_sorted_idx ON categories (sort_order, id);
CREATE INDEX categories_named_idx ON categories (name, id);
CREATE INDEX products_newest_idx ON products (created_at, id);

-- Relations that are listed in an order: the key of the relation, the order, the primary key. Those read most
-- also hold what is read.
CREATE INDEX categories_children_idx ON categories (parent_id, sort_order, id);
CREATE INDEX products_category_idx ON products (category_id, id);
CREATE INDEX product_images_listed_idx ON product_images (product_id, position, id)
    INCLUDE (url, alt);
CREATE INDEX reviews_of_product_newest_idx ON reviews (product_id, created_at, id)
    INCLUDE (rating, user_id);
CREATE INDEX reviews_of_product_rating_idx ON reviews (product_id, rating, id);
CREATE INDEX reviews_by_user_newest_idx ON reviews (user_id, created_at, id);
CREATE INDEX cart_items_listed_idx ON cart_items (cart_id, added_at, id)
    INCLUDE (product_id, quantity);
CREATE INDEX cart_items_of_product_idx ON cart_items (product_id);
CREATE INDEX orders_of_user_newest_idx ON orders (user_id, placed_at, id)
    INCLUDE (status, total);
CREATE INDEX order_items_listed_idx ON order_items (order_id, id)
    INCLUDE (product_id, quantity, unit_price);
CREATE INDEX order_items_of_product_idx ON order_items (product_id, id);
CREATE INDEX subscriptions_of_user_expiry_idx ON subscriptions (user_id, expires_at, id)
    INCLUDE (plan, status);
CREATE INDEX product_views_of_product_newest_idx ON product_views (product_id, viewed_at, id);

-- Only the rows that are asked for.
CREATE INDEX categories_featured_idx ON categories (sort_order, id) WHERE is_featured = true;
CREATE INDEX products_published_category_newest_idx ON products (category_id, created_at, id)
    INCLUDE (slug, name, price) WHERE is_published = true;
CREATE INDEX products_published_category_price_idx ON products (category_id, price, id)
    WHERE is_published = true;
CREATE INDEX products_published_category_most_viewed_idx ON products (category_id, view_count, id)
    WHERE is_published = true;
CREATE INDEX products_published_newest_idx ON products (created_at, id)
    INCLUDE (slug, name, price) WHERE is_published = true;
CREATE INDEX products_published_price_idx ON products (price, id) WHERE is_published = true;
CREATE INDEX products_published_most_viewed_idx ON products (view_count, id) WHERE is_published = true;
CREATE INDEX subscriptions_active_expiry_idx ON subscriptions (expires_at, id) WHERE status = 'ACTIVE';
CREATE INDEX product_views_by_user_idx ON product_views (user_id, viewed_at, id) WHERE user_id IS NOT NULL;

-- Full text, and time in a table that is only appended to.
CREATE INDEX products_search_idx ON products USING gin (search);
CREATE INDEX product_views_viewed_at_idx ON product_views USING brin (viewed_at)
    WITH (pages_per_range = 32, autosummarize = on);
