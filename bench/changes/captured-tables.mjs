// Tables as an API's are: a list of items by category, filtered and ordered in a few ways, with notes that go when
// their item goes.

export const ITEMS = 100_000;
const NOTES = 300_000;
const CATEGORIES = 200;

/** Both tables in a schema of their own. */
export async function createTables(client, schema) {
  await client.query(`
    CREATE SCHEMA ${schema};
    CREATE TABLE ${schema}.categories (id int PRIMARY KEY, name text NOT NULL);
    INSERT INTO ${schema}.categories SELECT n, 'category ' || n FROM generate_series(1, ${CATEGORIES}) AS n;
    CREATE TABLE ${schema}.items (
      id int PRIMARY KEY,
      category_id int NOT NULL REFERENCES ${schema}.categories,
      name text NOT NULL,
      description text NOT NULL,
      price numeric(10, 2) NOT NULL,
      stock int NOT NULL DEFAULT 0,
      is_published bool NOT NULL DEFAULT true,
      view_count int NOT NULL DEFAULT 0,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    INSERT INTO ${schema}.items (id, category_id, name, description, price)
      SELECT n, 1 + n % ${CATEGORIES}, 'item ' || n, repeat(md5(n::text), 6), n % 1000 FROM generate_series(1, ${ITEMS}) AS n;
    CREATE INDEX ON ${schema}.items (category_id, price, id);
    CREATE INDEX ON ${schema}.items (category_id, created_at, id);
    CREATE INDEX ON ${schema}.items (created_at, id);
    CREATE TABLE ${schema}.notes (
      id int PRIMARY KEY,
      item_id int NOT NULL REFERENCES ${schema}.items ON DELETE CASCADE,
      rating int NOT NULL,
      text text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
    INSERT INTO ${schema}.notes (id, item_id, rating, text)
      SELECT n, 1 + n % ${ITEMS}, 1 + n % 5, md5(n::text) FROM generate_series(1, ${NOTES}) AS n;
    CREATE INDEX ON ${schema}.notes (item_id, created_at, id);
    CREATE INDEX ON ${schema}.notes (item_id, rating, id)`);
}

/** What an API asks of them: slices beside those of the relations, and columns to filter and order by. */
export const CAPTURE_DEMAND = new Map([
  ['Item', { slices: [['isPublished']], columns: ['price', 'viewCount', 'createdAt', 'name'] }],
  ['Note', { slices: [], columns: ['rating', 'createdAt'] }],
]);

const column = (name, dbName, type, pgType) => ({
  name,
  dbName,
  type,
  enumName: null,
  pgType,
  isList: false,
  isNullable: false,
  isReadOnly: false,
  hasDefault: false,
  description: null,
});

const relation = (name, target, local, foreign, keyOn) => ({
  name,
  target,
  relationName: [name, target].join(),
  cardinality: keyOn === 'local' ? 'one' : 'many',
  isNullable: false,
  link: { kind: 'columns', local: [local], foreign: [foreign], keyOn },
  description: null,
});

const model = (name, dbName, columns, relations) => ({
  name,
  dbName,
  dbSchema: 'captured',
  kind: 'table',
  description: null,
  columns,
  relations,
  primaryKey: ['id'],
  uniques: [['id']],
});

const id = column('id', 'id', 'Int', 'int4');
const createdAt = column('createdAt', 'created_at', 'DateTime', 'timestamptz');

export const CAPTURED_GRAPH = {
  version: 1,
  hash: 'bench',
  enums: [],
  models: [
    model(
      'Category',
      'categories',
      [id, column('name', 'name', 'String', 'text')],
      [relation('items', 'Item', 'id', 'categoryId', 'foreign')],
    ),
    model(
      'Item',
      'items',
      [
        id,
        column('categoryId', 'category_id', 'Int', 'int4'),
        column('name', 'name', 'String', 'text'),
        column('price', 'price', 'Decimal', 'numeric'),
        column('stock', 'stock', 'Int', 'int4'),
        column('isPublished', 'is_published', 'Boolean', 'bool'),
        column('viewCount', 'view_count', 'Int', 'int4'),
        createdAt,
      ],
      [
        relation('category', 'Category', 'categoryId', 'id', 'local'),
        relation('notes', 'Note', 'id', 'itemId', 'foreign'),
      ],
    ),
    model(
      'Note',
      'notes',
      [id, column('itemId', 'item_id', 'Int', 'int4'), column('rating', 'rating', 'Int', 'int4'), createdAt],
      [relation('item', 'Item', 'itemId', 'id', 'local')],
    ),
  ],
};
