import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
} from 'graphql';
import type { Shelf } from './shelf.js';

/** Lists below lists multiply: beyond this, answers grow past what a test has time for. */
const MAX_DEPTH = 7;
/** After as many fields, only leaves follow. */
const MAX_FIELDS = 60;
const KEYS = ['a', 'b', 'name', 'id'];

/**
 * A query that no one would write by hand: random fields, aliases that take other fields' names, fragments of every kind, conditions,
 * pages from either end. The same for the same seed. Now and then it is invalid, where keys of
 * different types conflict.
 */
export function createRandomQuery(schema: GraphQLSchema, shelf: Shelf, seed: number): string {
  return new RandomQuery(schema, shelf, seed).print();
}

/** Variables that every random query declares. */
export const RANDOM_QUERY_VARIABLES = { yes: true, no: false, few: 2 };

class RandomQuery {
  readonly #fragments: string[] = [];
  /** Compiled code answers what is bound throughout: one field of another kind, and all is for graphql-js. */
  readonly #isBound: boolean;
  #fields = 0;
  #state: number;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly shelf: Shelf,
    seed: number,
  ) {
    this.#state = seed >>> 0;
    this.#isBound = !this.#chance(3);
  }

  print(): string {
    const query = this.schema.getQueryType();
    if (query == null) throw new Error('The schema has no queries');
    const roots = this.#isBound ? BOUND_ROOTS : [...BOUND_ROOTS, 'node', 'nodes', 'searchProducts'];
    const fields = roots.flatMap((name) => query.getFields()[name] ?? []);
    const level = createLevel();
    const selection = this.#times(1, 3, () => this.#field(query.name, this.#pick(fields), level, 0)).join(
      ' ',
    );
    const head = 'query Q($yes: Boolean!, $no: Boolean! = false, $few: Int, $absent: Int)';
    const used =
      'used: __typename @include(if: $yes) @skip(if: $no) u: products(first: $few, last: $absent) { __typename }';
    return [`${head} { ${used} ${selection} }`, ...this.#fragments].join('\n');
  }

  #selection(type: GraphQLCompositeType, level: Level, depth: number): string {
    const parts = this.#times(1, this.#fields < MAX_FIELDS ? 5 : 1, () => this.#part(type, level, depth));
    return `{ ${parts.join(' ')} }`;
  }

  #part(type: GraphQLCompositeType, level: Level, depth: number): string {
    if (this.#fields < MAX_FIELDS && this.#chance(6)) return this.#fragment(type, level, depth);
    if (this.#chance(12) || !('getFields' in type)) return this.#keyed(level, '__typename', '').text;
    const fields = Object.values(type.getFields()).filter((field) => {
      if (this.#isBound && HAND_WRITTEN.has(`${type.name}.${field.name}`)) return false;
      const isLeaf = !isCompositeType(getNamedType(field.type));
      return depth < MAX_DEPTH && this.#fields < MAX_FIELDS ? !isLeaf || this.#chance(2) : isLeaf;
    });
    const [field] = fields.length === 0 ? [] : [this.#pick(fields)];
    return field === undefined ? '__typename' : this.#field(type.name, field, level, depth);
  }

  #field(owner: string, field: GraphQLField<unknown, unknown>, level: Level, depth: number): string {
    this.#fields += 1;
    const type = getNamedType(field.type);
    const { text, below } = this.#keyed(level, field.name, this.#arguments(owner, field));
    const selection = isCompositeType(type) ? ` ${this.#selection(type, below, depth + 1)}` : '';
    return `${text}${this.#condition()}${selection}`;
  }

  /** A field under its name or an alias: one that is new here, or that stands for the same already. */
  #keyed(level: Level, name: string, args: string): { readonly text: string; readonly below: Level } {
    const asked = `${name}${args}`;
    let key = this.#chance(4) ? this.#pick(KEYS) : name;
    while ((level.get(key)?.asked ?? asked) !== asked) key = `${key}_`;
    const entry = level.get(key) ?? { asked, below: createLevel() };
    level.set(key, entry);
    return { text: key === name ? asked : `${key}: ${asked}`, below: entry.below };
  }

  #fragment(type: GraphQLCompositeType, level: Level, depth: number): string {
    const objects = isAbstractType(type) ? this.schema.getPossibleTypes(type) : [type];
    const faces = isObjectType(type) ? type.getInterfaces() : [];
    const on = this.#pick<GraphQLCompositeType>([type, ...objects, ...faces]);
    if (this.#chance(3)) return `...${this.#condition()} ${this.#selection(type, level, depth)}`;
    if (this.#chance(2)) return `... on ${on.name}${this.#condition()} ${this.#selection(on, level, depth)}`;
    const body = this.#selection(on, level, depth);
    const name = `F${this.#fragments.length}`;
    this.#fragments.push(`fragment ${name} on ${on.name} ${body}`);
    return `...${name}${this.#condition()}`;
  }

  #arguments(owner: string, field: GraphQLField<unknown, unknown>): string {
    const { productIds, categoryId, categorySlug } = this.shelf;
    const id = JSON.stringify(
      this.#pick([...productIds.slice(0, 3), categoryId, 'UHJvZHVjdDox', 'Q2F0ZWdvcnk6MQ']),
    );
    const given: string[] = [];
    if (owner === 'Query') {
      switch (field.name) {
        case 'node':
          return `(id: ${id})`;
        case 'nodes':
          return `(ids: [${id}, "VXNlcjox", ${id}, "UmV2aWV3OjM", "T3JkZXI6Mg"])`;
        case 'product':
          return this.#chance(2) ? `(id: "${this.#pick(productIds)}")` : '(slug: "clients-lamp-01")';
        case 'category':
          return this.#chance(2) ? `(id: "${categoryId}")` : `(slug: "${categorySlug}")`;
        case 'searchProducts':
          return `(text: "${this.#pick(['zyzzyvalight', 'oak or lamp', ''])}", first: 2)`;
      }
    }
    const names = new Set(field.args.map((argument) => argument.name));
    if (names.has('first')) {
      const pages = [
        'first: 1',
        'first: 3',
        'first: $few',
        ...(names.has('last') ? ['last: 2', 'last: $few'] : []),
      ];
      given.push(this.#pick(pages));
    }
    const filters = FILTERS[field.name.replace(/Count$|Aggregate$/, '')];
    if (names.has('filter') && filters !== undefined && this.#chance(2))
      given.push(`filter: ${this.#pick(filters)}`);
    const orders = ORDERS[field.name];
    if (names.has('orderBy') && orders !== undefined && this.#chance(2))
      given.push(`orderBy: ${this.#pick(orders)}`);
    return given.length === 0 ? '' : `(${given.join(', ')})`;
  }

  #condition(): string {
    return this.#chance(8)
      ? ` @${this.#pick(['include', 'skip'])}(if: ${this.#pick(['$yes', '$no', 'true'])})`
      : '';
  }

  #times<Item>(least: number, most: number, make: () => Item): Item[] {
    return Array.from({ length: least + this.#below(most - least + 1) }, make);
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[this.#below(items.length)] as Item;
  }

  #chance(oneIn: number): boolean {
    return this.#below(oneIn) === 0;
  }

  /** Mulberry32, which is public domain: small, and the same everywhere. */
  #below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }
}

const BOUND_ROOTS = ['product', 'products', 'category', 'category', 'categories'];
const HAND_WRITTEN = new Set(['Product.averageRating', 'ProductImage.url']);

/** What the response keys of one object stand for so far. */
type Level = Map<string, { readonly asked: string; readonly below: Level }>;

const createLevel = (): Level => new Map();

const PRODUCTS = [
  '{ price: { lte: "20" } }',
  '{ or: [{ stock: { gt: 5 } }, { name: { contains: "1" } }] }',
  '{ reviews: { some: { rating: { gte: 4 } } } }',
  'null',
];
const REVIEWS = ['{ rating: { in: [1, 3, 5] } }', '{ not: { rating: { lt: 2 } } }', '{}'];
const FILTERS: Readonly<Record<string, readonly string[]>> = {
  products: PRODUCTS,
  reviews: REVIEWS,
  categories: ['{ isFeatured: { eq: true } }', '{ products: { some: {} } }', '{ parent: { is: {} } }'],
  children: ['{ name: { gt: "M" } }', '{ products: { none: {} } }'],
  orders: ['{ status: { ne: CANCELLED } }', '{ total: { gt: 100 } }'],
};
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  products: ['{ field: PRICE, direction: DESC }', '[{ field: VIEW_COUNT }, { field: CREATED_AT }]'],
  reviews: ['[{ field: RATING }, { field: CREATED_AT }]'],
  categories: ['{ field: NAME }'],
};
