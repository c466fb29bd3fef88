// A good program without any framework: node:http and pg. `two`: two statements on a pool, as most people write it.
// `one`: one statement with JSON on pipelined clients, the limit of what PostgreSQL and Node.js give together.
import http from 'node:http';
import pg from 'pg';
import { announce } from './announce.mjs';

const [port, databaseUrl, mode = 'two'] = process.argv.slice(2);
pg.types.setTypeParser(1700, (text) => text);
const run = mode === 'one' ? createPipelined() : createPooled();

function createPooled() {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
  return async (name, text, values) => (await pool.query({ name, text, values, rowMode: 'array' })).rows;
}

function createPipelined() {
  const clients = Array.from(
    { length: 3 },
    () => new pg.Client({ connectionString: databaseUrl, pipeline: true }),
  );
  const ready = Promise.all(
    clients.map(async (client) => {
      await client.connect();
      await client.query('SET plan_cache_mode = force_generic_plan');
    }),
  );
  let next = 0;
  return async (name, text, values) => {
    await ready;
    next = (next + 1) % clients.length;
    return (await clients[next].query({ name, text, values, rowMode: 'array' })).rows;
  };
}

const toReview = ([rating, name]) => ({ rating, author: { name } });
const toLongReview = ([rating, body, id, name]) => ({ rating, body, author: { id, name } });
const NEWEST_OF_PRODUCT =
  'SELECT * FROM reviews WHERE product_id = p.id ORDER BY created_at DESC, id DESC LIMIT';
const NEWEST_OF_USER = 'SELECT * FROM reviews WHERE user_id = u.id ORDER BY created_at DESC, id DESC LIMIT';
const WITH_CATEGORY = `SELECT p.id, p.name, p.price, c.id, c.name, p.stock
  FROM (SELECT * FROM products ORDER BY id LIMIT $1) p JOIN categories c ON c.id = p.category_id ORDER BY p.id`;

const toProduct = ([id, name, price, categoryId, categoryName]) => ({
  id,
  name,
  price,
  category: { id: categoryId, name: categoryName },
});
const toLabel = ([, , price, , , stock]) => `${price} (${stock} left)`;

/** One statement is enough for these, whichever way they are sent. */
const shared = {
  async page({ first, after }) {
    const rows = await run(
      'page',
      `SELECT p.id, p.name, p.price, c.id, c.name
       FROM (SELECT * FROM products WHERE id > $2 ORDER BY id LIMIT $1) p
       JOIN categories c ON c.id = p.category_id ORDER BY p.id`,
      [first + 1, after === null ? 0 : Number(after)],
    );
    const edges = rows.slice(0, first).map((row) => ({ cursor: String(row[0]), node: toProduct(row) }));
    return {
      productPage: {
        edges,
        pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null },
      },
    };
  },
  async wide({ first }) {
    const rows = await run(
      'wide',
      `SELECT id, slug, name, description, price, stock, is_published, view_count, rating_sum, rating_count, created_at,
         category_id FROM products ORDER BY id LIMIT $1`,
      [first],
    );
    return {
      products: rows.map((row) => ({
        id: row[0],
        slug: row[1],
        name: row[2],
        description: row[3],
        price: row[4],
        stock: row[5],
        isPublished: row[6],
        viewCount: row[7],
        ratingSum: row[8],
        ratingCount: row[9],
        createdAt: row[10],
        categoryId: row[11],
      })),
    };
  },
};

const two = {
  ...shared,
  async list({ first }) {
    const { rows, reviews } = await readList(first);
    return { products: rows.map((row) => ({ ...toProduct(row), reviews: reviews.get(row[0]) })) };
  },
  async mixed({ first }) {
    const { rows, reviews } = await readList(first);
    return {
      products: rows.map((row) => ({ ...toProduct(row), label: toLabel(row), reviews: reviews.get(row[0]) })),
    };
  },
  async detail({ id }) {
    const [[product], reviews] = await Promise.all([
      run(
        'detail-product',
        `SELECT p.id, p.name, p.price, c.id, c.name FROM products p JOIN categories c ON c.id = p.category_id
         WHERE p.id = $1`,
        [id],
      ),
      run(
        'detail-reviews',
        `SELECT r.rating, r.body, u.id, u.name
         FROM (SELECT * FROM reviews WHERE product_id = $1 ORDER BY created_at DESC, id DESC LIMIT 5) r
         JOIN users u ON u.id = r.user_id ORDER BY r.created_at DESC, r.id DESC`,
        [id],
      ),
    ]);
    if (product === undefined) return { product: null };
    return { product: { ...toProduct(product), reviews: reviews.map(toLongReview) } };
  },
  async deep({ id }) {
    const rows = await run(
      'deep-products',
      `SELECT c.id, c.name, p.id, p.name, p.price FROM categories c LEFT JOIN LATERAL
         (SELECT * FROM products WHERE category_id = c.id ORDER BY id LIMIT 10) p ON true
       WHERE c.id = $1 ORDER BY p.id`,
      [id],
    );
    if (rows.length === 0) return { category: null };
    const products = rows
      .filter((row) => row[2] !== null)
      .map(([, , productId, name, price]) => ({ id: productId, name, price, reviews: [] }));
    const byId = new Map(products.map((product) => [product.id, product]));
    const reviews = await run(
      'deep-reviews',
      `SELECT p.id, r.id, r.rating, r.title, u.id, u.name, s.rating, s.title
       FROM unnest($1::int[]) p(id) CROSS JOIN LATERAL (${NEWEST_OF_PRODUCT} 3) r
       JOIN users u ON u.id = r.user_id CROSS JOIN LATERAL (${NEWEST_OF_USER} 2) s
       ORDER BY p.id, r.created_at DESC, r.id DESC, s.created_at DESC, s.id DESC`,
      [[...byId.keys()]],
    );
    let lastId = null;
    let author = null;
    for (const [productId, reviewId, rating, title, userId, name, otherRating, otherTitle] of reviews) {
      if (reviewId !== lastId) {
        lastId = reviewId;
        author = { id: userId, name, reviews: [] };
        byId.get(productId).reviews.push({ rating, title, author });
      }
      author.reviews.push({ rating: otherRating, title: otherTitle });
    }
    return { category: { id: rows[0][0], name: rows[0][1], products } };
  },
};

async function readList(first) {
  const rows = await run('list-products', WITH_CATEGORY, [first]);
  const found = await run(
    'list-reviews',
    `SELECT p.id, r.rating, u.name FROM unnest($1::int[]) WITH ORDINALITY p(id, place)
     CROSS JOIN LATERAL (${NEWEST_OF_PRODUCT} 3) r
     JOIN users u ON u.id = r.user_id ORDER BY p.place, r.created_at DESC, r.id DESC`,
    [rows.map((row) => row[0])],
  );
  const reviews = new Map(rows.map((row) => [row[0], []]));
  for (const [id, ...review] of found) reviews.get(id).push(toReview(review));
  return { rows, reviews };
}

const LIST_IN_ONE = `SELECT p.id, p.name, p.price, c.id, c.name, p.stock,
    (SELECT json_agg(json_build_array(q.rating, q.name)) FROM
      (SELECT r.rating, u.name FROM (${NEWEST_OF_PRODUCT} 3) r JOIN users u ON u.id = r.user_id
       ORDER BY r.created_at DESC, r.id DESC) q)
  FROM (SELECT * FROM products ORDER BY id LIMIT $1) p JOIN categories c ON c.id = p.category_id ORDER BY p.id`;

const one = {
  ...shared,
  async list({ first }) {
    const rows = await run('list', LIST_IN_ONE, [first]);
    return {
      products: rows.map((row) => ({ ...toProduct(row), reviews: (row[6] ?? []).map(toReview) })),
    };
  },
  async mixed({ first }) {
    const rows = await run('list', LIST_IN_ONE, [first]);
    return {
      products: rows.map((row) => ({
        ...toProduct(row),
        label: toLabel(row),
        reviews: (row[6] ?? []).map(toReview),
      })),
    };
  },
  async detail({ id }) {
    const [row] = await run(
      'detail',
      `SELECT p.id, p.name, p.price, c.id, c.name,
         (SELECT json_agg(json_build_array(q.rating, q.body, q.id, q.name)) FROM
           (SELECT r.rating, r.body, u.id, u.name FROM (${NEWEST_OF_PRODUCT} 5) r JOIN users u ON u.id = r.user_id
            ORDER BY r.created_at DESC, r.id DESC) q)
       FROM products p JOIN categories c ON c.id = p.category_id WHERE p.id = $1`,
      [id],
    );
    if (row === undefined) return { product: null };
    return { product: { ...toProduct(row), reviews: (row[5] ?? []).map(toLongReview) } };
  },
  async deep({ id }) {
    const [row] = await run(
      'deep',
      `SELECT c.id, c.name, (SELECT json_agg(json_build_array(p.id, p.name, p.price::text,
         (SELECT json_agg(json_build_array(r.rating, r.title, u.id, u.name,
           (SELECT json_agg(json_build_array(s.rating, s.title) ORDER BY s.created_at DESC, s.id DESC)
            FROM (${NEWEST_OF_USER} 2) s)) ORDER BY r.created_at DESC, r.id DESC)
          FROM (${NEWEST_OF_PRODUCT} 3) r JOIN users u ON u.id = r.user_id)) ORDER BY p.id)
         FROM (SELECT * FROM products WHERE category_id = c.id ORDER BY id LIMIT 10) p)
       FROM categories c WHERE c.id = $1`,
      [id],
    );
    if (row === undefined) return { category: null };
    const toReviews = (reviews) => (reviews ?? []).map(([rating, title]) => ({ rating, title }));
    const products = (row[2] ?? []).map(([productId, name, price, reviews]) => ({
      id: productId,
      name,
      price,
      reviews: (reviews ?? []).map(([rating, title, userId, userName, others]) => ({
        rating,
        title,
        author: { id: userId, name: userName, reviews: toReviews(others) },
      })),
    }));
    return { category: { id: row[0], name: row[1], products } };
  },
};

const handlers = { two, one }[mode];
const server = http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const { operationName, variables } = JSON.parse(Buffer.concat(chunks).toString());
  const body = Buffer.from(JSON.stringify({ data: await handlers[operationName.toLowerCase()](variables) }));
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': body.length,
  });
  response.end(body);
});
server.listen(Number(port), '127.0.0.1', announce);
