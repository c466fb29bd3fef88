-- The shop's tables, with the foreign keys between them and a check for every value that has a range.
-- Prisma's schema language has no word for checks and generated columns; its diff looks past the former, and
-- takes the latter as prisma/schema.prisma writes it.

CREATE TYPE user_tier AS ENUM ('STANDARD', 'PREMIUM', 'STAFF');

CREATE TYPE order_status AS ENUM ('PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED');

CREATE TYPE subscription_plan AS ENUM ('BASIC', 'PLUS', 'PREMIUM');

CREATE TYPE subscription_status AS ENUM ('ACTIVE', 'PAST_DUE', 'CANCELLED', 'EXPIRED');

CREATE TABLE categories (
    id SERIAL NOT NULL,
    parent_id INTEGER,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    sort_order INTEGER NOT NULL DEFAULT 0,
    is_featured BOOLEAN NOT NULL DEFAULT false,
    CONSTRAINT categories_pkey PRIMARY KEY (id),
    CONSTRAINT categories_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT categories_name_not_blank CHECK (btrim(name) <> ''),
    CONSTRAINT categories_sort_order_range CHECK (sort_order >= 0),
    CONSTRAINT categories_not_its_own_parent CHECK (parent_id <> id)
);

CREATE TABLE products (
    id SERIAL NOT NULL,
    category_id INTEGER NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    price DECIMAL(10,2) NOT NULL,
    stock INTEGER NOT NULL DEFAULT 0,
    is_published BOOLEAN NOT NULL DEFAULT false,
    view_count INTEGER NOT NULL DEFAULT 0,
    rating_sum INTEGER NOT NULL DEFAULT 0,
    rating_count INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    -- Prisma knows this column as Unsupported("tsvector"): read-only, and left out of its client.
    search tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('pg_catalog.english', name), 'A')
        || setweight(to_tsvector('pg_catalog.english', description), 'B')
    ) STORED,
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    CONSTRAINT products_name_not_blank CHECK (btrim(name) <> ''),
    CONSTRAINT products_price_range CHECK (price >= 0),
    CONSTRAINT products_stock_range CHECK (stock >= 0),
    CONSTRAINT products_view_count_range CHECK (view_count >= 0),
    CONSTRAINT products_rating_count_range CHECK (rating_count >= 0),
    CONSTRAINT products_rating_sum_range CHECK (rating_sum BETWEEN rating_count AND 5 * rating_count)
);

CREATE TABLE product_images (
    id SERIAL NOT NULL,
    product_id INTEGER NOT NULL,
    url TEXT NOT NULL,
    alt TEXT NOT NULL,
    position INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT product_images_pkey PRIMARY KEY (id),
    CONSTRAINT product_images_url_is_a_path CHECK (url LIKE '/_%'),
    CONSTRAINT product_images_position_range CHECK (position >= 0)
);

CREATE TABLE users (
    id SERIAL NOT NULL,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    tier user_tier NOT NULL DEFAULT 'STANDARD',
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_email_form CHECK (email = lower(email) AND email LIKE '_%@_%'),
    CONSTRAINT users_name_not_blank CHECK (btrim(name) <> '')
);

CREATE TABLE reviews (
    id SERIAL NOT NULL,
    product_id INTEGER NOT NULL,
    user_id INTEGER NOT NULL,
    rating SMALLINT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT reviews_pkey PRIMARY KEY (id),
    CONSTRAINT reviews_rating_range CHECK (rating BETWEEN 1 AND 5),
    CONSTRAINT reviews_title_not_blank CHECK (btrim(title) <> '')
);

CREATE TABLE carts (
    id UUID NOT NULL DEFAULT gen_random_uuid(),
    user_id INTEGER,
    created_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT carts_pkey PRIMARY KEY (id)
);

CREATE TABLE cart_items (
    id SERIAL NOT NULL,
    cart_id UUID NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    added_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT cart_items_pkey PRIMARY KEY (id),
    CONSTRAINT cart_items_quantity_range CHECK (quantity BETWEEN 1 AND 999)
);

CREATE TABLE orders (
    id SERIAL NOT NULL,
    user_id INTEGER NOT NULL,
    status order_status NOT NULL DEFAULT 'PENDING',
    placed_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    total DECIMAL(12,2) NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_total_range CHECK (total >= 0)
);

CREATE TABLE order_items (
    id SERIAL NOT NULL,
    order_id INTEGER NOT NULL,
    product_id INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    unit_price DECIMAL(10,2) NOT NULL,
    CONSTRAINT order_items_pkey PRIMARY KEY (id),
    CONSTRAINT order_items_quantity_range CHECK (quantity BETWEEN 1 AND 999),
    CONSTRAINT order_items_unit_price_range CHECK (unit_price >= 0)
);

CREATE TABLE subscriptions (
    id SERIAL NOT NULL,
    user_id INTEGER NOT NULL,
    plan subscription_plan NOT NULL,
    status subscription_status NOT NULL DEFAULT 'ACTIVE',
    started_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    expires_at TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT subscriptions_pkey PRIMARY KEY (id),
    CONSTRAINT subscriptions_expires_after_start CHECK (expires_at > started_at),
    -- Not a unique index: Prisma would take a user's id for the key of a subscription.
    CONSTRAINT subscriptions_one_active_per_user EXCLUDE USING btree (user_id WITH =) WHERE (status = 'ACTIVE')
);

CREATE TABLE product_views (
    id BIGSERIAL NOT NULL,
    product_id INTEGER NOT NULL,
    user_id INTEGER,
    viewed_at TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT product_views_pkey PRIMARY KEY (id)
);

CREATE TABLE daily_product_stats (
    id SERIAL NOT NULL,
    product_id INTEGER NOT NULL,
    day DATE NOT NULL,
    views INTEGER NOT NULL DEFAULT 0,
    units_sold INTEGER NOT NULL DEFAULT 0,
    revenue DECIMAL(12,2) NOT NULL DEFAULT 0,
    CONSTRAINT daily_product_stats_pkey PRIMARY KEY (id),
    CONSTRAINT daily_product_stats_views_range CHECK (views >= 0),
    CONSTRAINT daily_product_stats_units_sold_range CHECK (units_sold >= 0),
    CONSTRAINT daily_product_stats_revenue_range CHECK (revenue >= 0)
);

-- What is part of something goes with it (CASCADE); what accounts or ratings rest on stays (NO ACTION: RESTRICT is
-- reported under another SQLSTATE since PostgreSQL 18); a view of a product outlives the user without naming
-- them (SET NULL).
ALTER TABLE categories ADD CONSTRAINT categories_parent_id_fkey
    FOREIGN KEY (parent_id) REFERENCES categories (id) ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE products ADD CONSTRAINT products_category_id_fkey
    FOREIGN KEY (category_id) REFERENCES categories (id) ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE product_images ADD CONSTRAINT product_images_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE reviews ADD CONSTRAINT reviews_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE reviews ADD CONSTRAINT reviews_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE carts ADD CONSTRAINT carts_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE cart_items ADD CONSTRAINT cart_items_cart_id_fkey
    FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE cart_items ADD CONSTRAINT cart_items_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE order_items ADD CONSTRAINT order_items_order_id_fkey
    FOREIGN KEY (order_id) REFERENCES orders (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE order_items ADD CONSTRAINT order_items_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE NO ACTION ON UPDATE CASCADE;
ALTER TABLE subscriptions ADD CONSTRAINT subscriptions_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE product_views ADD CONSTRAINT product_views_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE product_views ADD CONSTRAINT product_views_user_id_fkey
    FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE daily_product_stats ADD CONSTRAINT daily_product_stats_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id) ON DELETE CASCADE ON UPDATE CASCADE;
