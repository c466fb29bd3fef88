import { type Answer, type LiveShop, OPEN_TIMEOUT_MS, openLiveShop } from './live-shop.js';

let shop: LiveShop;
let customer: string;
let staff: string;
beforeAll(async () => {
  shop = await openLiveShop();
  customer = await shop.signIn({ userId: shop.shelf.newcomerKey });
  staff = await shop.signIn({ userId: 'till-3', tier: 'staff' });
}, OPEN_TIMEOUT_MS);
afterAll(() => shop.close());
afterEach(() => {
  // Nothing that a client sends is a defect of ours: the log tells more than a masked answer would.
  expect(shop.failures.splice(0)).toEqual([]);
});

/** Words of PostgreSQL, pg and Prisma, none of which says anything to those who know only the API. */
const DATABASE_WORDS =
  /postgres|prisma|invocation|syntax error at|invalid input syntax|invalid byte|out of range|violates|constraint|\bSELECT\b|\bINSERT\b|_fkey|_key\b|bigint|int4|\bcolumn\b|numeric|P20\d\d|\bat .*\.[tj]s:/i;

interface Wrong {
  readonly query: string;
  readonly variables?: unknown;
  readonly as?: 'customer' | 'staff';
  readonly operationName?: string;
  readonly code: string;
  /** What the message must name: the place that is to be mended. */
  readonly says: RegExp | string;
  readonly inputPath?: readonly (string | number)[];
}

const MUTATE = (field: string, input: string) => `mutation { ${field}(input: ${input}) { __typename } }`;
const nameOf = (id: string) => Buffer.from(id).toString('base64url');
const PRODUCT_ID = nameOf('Product:1');

/** What graphql-js or Apollo Server finds before anything runs. */
const MALFORMED: Record<string, Wrong> = {
  'a document cut short': { query: '{ categories { id }', code: 'GRAPHQL_PARSE_FAILED', says: '<EOF>' },
  'no document at all': { query: '', code: 'BAD_REQUEST', says: /query/i },
  'only a comment': { query: '# nothing', code: 'GRAPHQL_PARSE_FAILED', says: '<EOF>' },
  'a field that is not there': {
    query: '{ product(slug: "x") { titel } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Cannot query field "titel" on type "Product"',
  },
  'a misspelt field': {
    query: '{ products { nodes { nam } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Did you mean "name"',
  },
  'an argument that is not there': {
    query: '{ products(limit: 3) { nodes { id } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Unknown argument "limit" on field "Query.products"',
  },
  'a required argument left out': {
    query: '{ user { id } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'argument "id" of type "ID!" is required',
  },
  'an object without a selection': {
    query: '{ product(slug: "x") }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Field "product" of type "Product" must have a selection',
  },
  'a scalar with a selection': {
    query: '{ product(slug: "x") { price { cents } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Field "price" must not have a selection',
  },
  'a fragment that is not there': {
    query: '{ product(slug: "x") { ...Nowhere } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Unknown fragment "Nowhere"',
  },
  'fragments in a circle': {
    query:
      '{ product(slug: "x") { ...A } } fragment A on Product { category { ...B } } fragment B on Category { products { nodes { ...A } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Cannot spread fragment "A" within itself',
  },
  'a fragment that can never be': {
    query: '{ product(slug: "x") { ... on Category { id } } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'can never be of type "Category"',
  },
  'one name for two things': {
    query: '{ product(slug: "x") { a: name a: slug } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Fields "a" conflict',
  },
  'a directive that is not there': {
    query: '{ categories @cached { id } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Unknown directive "@cached"',
  },
  '@skip without a condition': {
    query: '{ categories @skip { id } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: '"@skip" argument "if"',
  },
  'a variable that nobody declared': {
    query: '{ category(slug: $slug) { id } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Variable "$slug" is not defined',
  },
  'a variable that nobody uses': {
    query: 'query ($slug: String) { categories { id } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Variable "$slug" is never used',
  },
  'a variable of the wrong type': {
    query: 'query ($slug: Int) { category(slug: $slug) { id } }',
    variables: { slug: 1 },
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Variable "$slug" of type "Int"',
  },
  'a variable of a type that is not there': {
    query: 'query ($f: ProduktFilter) { products(filter: $f) { totalCount } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: 'Unknown type "ProduktFilter"',
  },
  'a subscription, of which there are none': {
    query: 'subscription { productChanged { id } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: /subscription/i,
  },
  'two anonymous operations': {
    query: '{ categories { id } } { categories { id } }',
    code: 'GRAPHQL_VALIDATION_FAILED',
    says: /anonymous operation/,
  },
  'two operations and no word which': {
    query: 'query A { categories { id } } query B { categories { id } }',
    code: 'OPERATION_RESOLUTION_FAILURE',
    says: /operationName|operation name/i,
  },
  'an operation that is not there': {
    query: 'query A { categories { id } }',
    operationName: 'B',
    code: 'OPERATION_RESOLUTION_FAILURE',
    says: '"B"',
  },
  'fields nested beyond the limit': {
    query: `{ product(slug: "x") ${'{ category { products { nodes '.repeat(9)}{ id }${'} } } '.repeat(9)} }`,
    code: 'DEPTH_EXCEEDED',
    says: /29 levels of fields; at most 25/,
  },
  'brackets nested beyond all bounds': {
    query: `${'{ a '.repeat(5000)}${'}'.repeat(5000)}`,
    code: 'GRAPHQL_PARSE_FAILED',
    says: /nests more than 400 brackets/,
  },
  'more words than a document may have': {
    query: `{ ${'categories { id } '.repeat(3000)} }`,
    code: 'TOKENS_EXCEEDED',
    says: /10000 tokens/,
  },
  'variables that are no object': {
    query: '{ categories { id } }',
    variables: ['slug'],
    code: 'BAD_REQUEST',
    says: /variables/i,
  },
};

/** Values that don't fit. */
const UNFIT: Record<string, Wrong> = {
  'a number where text is taken': {
    query: '{ category(slug: 5) { id } }',
    code: 'BAD_USER_INPUT',
    says: 'String cannot represent a non string value: 5',
    inputPath: ['slug'],
  },
  'a broken number': {
    query: '{ products(first: 1.5) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: 'Int cannot represent non-integer value: 1.5',
    inputPath: ['first'],
  },
  'a number beyond 32 bits': {
    query: '{ products(filter: { stock: { gt: 2147483648 } }) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: '2147483648',
    inputPath: ['filter', 'stock', 'gt'],
  },
  'an enum value that is not there': {
    query: '{ products(orderBy: [{ field: NAME }]) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: 'Value "NAME" does not exist in "ProductOrderField" enum',
    inputPath: ['orderBy', 0, 'field'],
  },
  'an input field that is not there': {
    query: '{ products(filter: { titel: { eq: "x" } }) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: 'Field "titel" is not defined by type "ProductFilter"',
    inputPath: ['filter', 'titel'],
  },
  'a required variable left out': {
    query: 'query ($id: ID!) { product(id: $id) { id } }',
    code: 'BAD_USER_INPUT',
    says: 'Variable "$id" of required type "ID!" was not provided',
    inputPath: ['id'],
  },
  'null for a variable that is required': {
    query: 'query ($id: ID!) { product(id: $id) { id } }',
    variables: { id: null },
    code: 'BAD_USER_INPUT',
    says: 'Variable "$id"',
    inputPath: ['id'],
  },
  'a fault deep in a variable': {
    query: 'query ($f: ProductFilter) { products(filter: $f) { totalCount } }',
    variables: { f: { or: [{ price: { eq: '1' } }, { and: [{ price: { gte: 'cheap' } }] }] } },
    code: 'BAD_USER_INPUT',
    says: 'f.or[1].and[0].price.gte',
    inputPath: ['f', 'or', 1, 'and', 0, 'price', 'gte'],
  },
  'a decimal number that is none': {
    query: '{ products(filter: { price: { eq: "1,50" } }) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: /Decimal/,
    inputPath: ['filter', 'price', 'eq'],
  },
  'a day that never was': {
    query: '{ products(filter: { createdAt: { gt: "2026-02-30T00:00:00Z" } }) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: /DateTime/,
    inputPath: ['filter', 'createdAt', 'gt'],
  },
  'a moment without a zone': {
    query: '{ products(filter: { createdAt: { gt: "2026-02-03T00:00:00" } }) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: /DateTime/,
    inputPath: ['filter', 'createdAt', 'gt'],
  },
  'a UUID that is none': {
    query: '{ cart(id: "123") { id } }',
    code: 'BAD_USER_INPUT',
    says: /UUID/,
    inputPath: ['id'],
  },
  'a global id that is none': {
    query: '{ product(id: "42") { id } }',
    code: 'BAD_USER_INPUT',
    says: /^id is not a global id of type Product/,
    inputPath: ['id'],
  },
  'the global id of another type': {
    query: `{ product(id: "${nameOf('Category:1')}") { id } }`,
    code: 'BAD_USER_INPUT',
    says: /^id is not a global id of type Product/,
    inputPath: ['id'],
  },
  'a global id of no type': {
    query: `{ node(id: "${nameOf('Produkt:1')}") { id } }`,
    code: 'BAD_USER_INPUT',
    says: /^id is not a global id/,
    inputPath: ['id'],
  },
  'a global id beyond any key': {
    query: `{ node(id: "${nameOf('Product:99999999999999999999')}") { id } }`,
    code: 'BAD_USER_INPUT',
    says: /^id is not a global id/,
    inputPath: ['id'],
  },
  'a global id just beyond the keys': {
    query: `{ nodes(ids: ["${PRODUCT_ID}", "${nameOf('Product:2147483648')}"]) { id } }`,
    code: 'BAD_USER_INPUT',
    says: /^ids\.1 is not a global id/,
    inputPath: ['ids', 1],
  },
  'a global id with SQL in it': {
    query: `{ node(id: "${nameOf("Product:1' OR '1'='1")}") { id } }`,
    code: 'BAD_USER_INPUT',
    says: /^id is not a global id/,
    inputPath: ['id'],
  },
  'more nodes than a list may have': {
    query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
    variables: { ids: Array(1001).fill(PRODUCT_ID) },
    code: 'BAD_USER_INPUT',
    says: /^ids lists 1001 ids; at most 1000/,
    inputPath: ['ids'],
  },
  'a filter with a wrong id among right ones': {
    query: `{ products(filter: { categoryId: { in: ["${nameOf('Category:1')}", "${PRODUCT_ID}"] } }) { totalCount } }`,
    code: 'BAD_USER_INPUT',
    says: /^filter\.categoryId\.in\.1 is not a global id of type Category/,
    inputPath: ['filter', 'categoryId', 'in', 1],
  },
  'null as a value to compare with': {
    query: '{ products(filter: { name: { eq: null } }) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: /^filter\.name\.eq must not be null.*isNull/,
    inputPath: ['filter', 'name', 'eq'],
  },
  'null in the place of a condition': {
    query: '{ products(filter: { not: null }) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: /^filter\.not must not be null/,
    inputPath: ['filter', 'not'],
  },
  'more values than a filter takes': {
    query: 'query ($names: [String!]!) { products(filter: { name: { in: $names } }) { totalCount } }',
    variables: { names: Array(10_001).fill('x') },
    code: 'BAD_USER_INPUT',
    says: /^filter\.name\.in lists 10001 values; at most 10000/,
    inputPath: ['filter', 'name', 'in'],
  },
  'a filter nested beyond the limit': {
    query: `{ products(filter: ${'{ not: '.repeat(13)}{}${' }'.repeat(13)}) { totalCount } }`,
    code: 'BAD_USER_INPUT',
    says: /nested more than 12 levels/,
    inputPath: ['filter', ...Array(13).fill('not')],
  },
  'text with a character that no text can hold': {
    query: String.raw`{ categories(filter: { name: { contains: "a\u0000b" } }) { id } }`,
    code: 'BAD_USER_INPUT',
    says: /^filter\.name\.contains must not contain the character U\+0000/,
    inputPath: ['filter', 'name', 'contains'],
  },
  'a slug with a character that no text can hold': {
    query: 'query ($slug: String) { product(slug: $slug) { id } }',
    variables: { slug: '\0' },
    code: 'BAD_USER_INPUT',
    says: /^slug must not contain the character U\+0000/,
    inputPath: ['slug'],
  },
  'half a character': {
    query: 'query ($text: String!) { searchProducts(text: $text) { totalCount } }',
    variables: { text: '\ud83d' },
    code: 'BAD_USER_INPUT',
    says: /^text must be well-formed Unicode/,
    inputPath: ['text'],
  },
  'a search text that is too long': {
    query: `{ searchProducts(text: "${'x '.repeat(300)}") { totalCount } }`,
    code: 'BAD_USER_INPUT',
    says: /^text must have at most 500 characters/,
    inputPath: ['text'],
  },
};

const GARBAGE_CURSOR = Buffer.from(JSON.stringify(['AAAAAAAA', 'x', 1])).toString('base64url');

/** Pages and look-ups that make no sense. */
const LOST: Record<string, Wrong> = {
  'a page of nothing': {
    query: '{ products(first: 0) { totalCount } }',
    code: 'BAD_USER_INPUT',
    says: /^first must be at least 1, not 0/,
    inputPath: ['first'],
  },
  'a page of less than nothing': {
    query: '{ product(slug: "clients-lamp-01") { reviews(last: -1) { nodes { id } } } }',
    code: 'BAD_USER_INPUT',
    says: /^last must be at least 1, not -1/,
    inputPath: ['last'],
  },
  'a page beyond the limit': {
    query: '{ categories(first: 1001) { id } }',
    code: 'BAD_USER_INPUT',
    says: /^first must be at most 1000, not 1001/,
    inputPath: ['first'],
  },
  'a page with two directions': {
    query: '{ products(first: 1, last: 1) { nodes { id } } }',
    code: 'BAD_USER_INPUT',
    says: /^first and last can't be given together/,
    inputPath: ['first'],
  },
  'a cursor that is none': {
    query: '{ products(after: "💡") { nodes { id } } }',
    code: 'BAD_USER_INPUT',
    says: /^after is not a cursor/,
    inputPath: ['after'],
  },
  'a cursor that somebody made up': {
    query: `{ products(before: "${GARBAGE_CURSOR}", last: 2) { nodes { id } } }`,
    code: 'BAD_USER_INPUT',
    says: /^before is a cursor of another order/,
    inputPath: ['before'],
  },
  'two keys for one thing': {
    query: `{ product(id: "${PRODUCT_ID}", slug: "x") { id } }`,
    code: 'BAD_USER_INPUT',
    says: /exactly one of: id; slug/,
    inputPath: [],
  },
  'no key for one thing': {
    query: '{ category { id } }',
    code: 'BAD_USER_INPUT',
    says: /exactly one of: id; slug/,
    inputPath: [],
  },
};

const REVIEW = (fields: string) => MUTATE('createReview', `{ productId: "${PRODUCT_ID}", ${fields} }`);
const PRODUCT = (fields: string) =>
  MUTATE('createProduct', `{ categoryId: "${nameOf('Category:1')}", name: "n", description: "", ${fields} }`);

/** Writes that must not happen. */
const REFUSED: Record<string, Wrong> = {
  'a review by nobody': {
    query: REVIEW('rating: 3, title: "t", body: "b"'),
    code: 'UNAUTHENTICATED',
    says: /signed in/,
  },
  'six stars': {
    query: REVIEW('rating: 6, title: "t", body: "b"'),
    as: 'customer',
    code: 'BAD_USER_INPUT',
    says: /^input\.rating must lie between 1 and 5/,
    inputPath: ['input', 'rating'],
  },
  'a review without words': {
    query: REVIEW('rating: 3, title: " ", body: "b"'),
    as: 'customer',
    code: 'BAD_USER_INPUT',
    says: /^input\.title must not be empty/,
    inputPath: ['input', 'title'],
  },
  'a review with a character that no text can hold': {
    query: REVIEW(String.raw`rating: 3, title: "t", body: "\u0000"`),
    as: 'customer',
    code: 'BAD_USER_INPUT',
    says: /^input\.body must not contain/,
    inputPath: ['input', 'body'],
  },
  'a review of nothing': {
    query: MUTATE(
      'createReview',
      `{ productId: "${nameOf('Product:2000000000')}", rating: 3, title: "t", body: "b" }`,
    ),
    as: 'customer',
    code: 'NOT_FOUND',
    says: 'input.productId',
    inputPath: ['input', 'productId'],
  },
  'a change to a review that is not there': {
    query: MUTATE('updateReview', `{ id: "${nameOf('Review:2000000000')}", rating: 3 }`),
    as: 'customer',
    code: 'NOT_FOUND',
    says: 'input.id',
    inputPath: ['input', 'id'],
  },
  "a change to somebody else's review": {
    query: MUTATE('updateReview', `{ id: "${nameOf('Review:1')}", rating: 3 }`),
    as: 'customer',
    code: 'FORBIDDEN',
    says: /somebody else/,
    inputPath: ['input', 'id'],
  },
  'nothing put into a cart': {
    query: MUTATE('addToCart', `{ productId: "${PRODUCT_ID}", quantity: 0 }`),
    code: 'BAD_USER_INPUT',
    says: /^input\.quantity must lie between 1 and 999/,
    inputPath: ['input', 'quantity'],
  },
  'a cart that is not there': {
    query: MUTATE(
      'addToCart',
      `{ cartId: "00000000-0000-4000-8000-000000000000", productId: "${PRODUCT_ID}" }`,
    ),
    code: 'NOT_FOUND',
    says: 'input.cartId',
    inputPath: ['input', 'cartId'],
  },
  'a checkout of nothing': {
    query: MUTATE('checkout', '{}'),
    as: 'customer',
    code: 'NOT_FOUND',
    says: /cart/,
  },
  'a product by a customer': {
    query: PRODUCT('slug: "s", price: 1'),
    as: 'customer',
    code: 'FORBIDDEN',
    says: /staff/,
  },
  'a price below nothing': {
    query: PRODUCT('slug: "s", price: "-0.01"'),
    as: 'staff',
    code: 'BAD_USER_INPUT',
    says: /^input\.price must not be negative/,
    inputPath: ['input', 'price'],
  },
  'a price that is no number': {
    query: PRODUCT('slug: "s", price: "NaN"'),
    as: 'staff',
    code: 'BAD_USER_INPUT',
    says: /^input\.price/,
    inputPath: ['input', 'price'],
  },
  'a price beyond all bounds': {
    query: PRODUCT('slug: "s", price: 1e999'),
    as: 'staff',
    code: 'BAD_USER_INPUT',
    says: /^input\.price must be below 100000000/,
    inputPath: ['input', 'price'],
  },
  'a slug that is taken': {
    query: PRODUCT('slug: "clients-lamp-01", price: 1'),
    as: 'staff',
    code: 'CONFLICT',
    says: 'input.slug',
    inputPath: ['input', 'slug'],
  },
  'a slug that is none': {
    query: PRODUCT('slug: "Lamp 1", price: 1'),
    as: 'staff',
    code: 'BAD_USER_INPUT',
    says: /^input\.slug must consist of/,
    inputPath: ['input', 'slug'],
  },
  'a product in no category': {
    query: MUTATE(
      'createProduct',
      `{ categoryId: "${nameOf('Category:2000000000')}", slug: "s", name: "n", description: "", price: 1 }`,
    ),
    as: 'staff',
    code: 'NOT_FOUND',
    says: 'input.categoryId',
    inputPath: ['input', 'categoryId'],
  },
  'a name taken away': {
    query: MUTATE('updateProduct', `{ id: "${PRODUCT_ID}", name: null }`),
    as: 'staff',
    code: 'BAD_USER_INPUT',
    says: /^input\.name must not be null/,
    inputPath: ['input', 'name'],
  },
  'the end of a product that is not there': {
    query: MUTATE('deleteProduct', `{ id: "${nameOf('Product:2000000000')}" }`),
    as: 'staff',
    code: 'NOT_FOUND',
    says: 'input.id',
    inputPath: ['input', 'id'],
  },
};

async function ask({ query, variables, as, operationName }: Wrong): Promise<Answer> {
  const token = as === undefined ? undefined : { staff, customer }[as];
  return shop.ask(query, { variables: variables as object, operationName, token });
}

function expectFault(answer: Answer, { code, says, inputPath }: Wrong): void {
  const errors = answer.errors ?? [];
  expect({ ...errors[0]?.extensions, message: errors[0]?.message }).toEqual({
    code,
    message: says instanceof RegExp ? expect.stringMatching(says) : expect.stringContaining(says),
    ...(inputPath && { inputPath }),
  });
  for (const { message, extensions } of errors) {
    expect(extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    expect(message).not.toMatch(DATABASE_WORDS);
  }
}

describe("a stranger's mistakes", () => {
  it.each(Object.entries({ ...MALFORMED }))('refuses %s as a whole', async (_name, wrong) => {
    const answer = await ask(wrong);
    expect(answer.status).toBe(400);
    expect(answer).not.toHaveProperty('data');
    expectFault(answer, wrong);
  });

  it.each(Object.entries({ ...UNFIT, ...LOST, ...REFUSED }))(
    'says what is wrong with %s',
    async (_name, wrong) => {
      const answer = await ask(wrong);
      expect([200, 400]).toContain(answer.status);
      expectFault(answer, wrong);
    },
  );

  it('takes no cursor that somebody has tampered with for one of its own', async () => {
    const first = await shop.ask('{ products(first: 1) { edges { cursor } } }');
    const parts = JSON.parse(Buffer.from(first.data.products.edges[0].cursor, 'base64url').toString());
    const foreign = [
      'x',
      true,
      1.5,
      ['NaN'],
      '\0',
      '2026-02-30T00:00:00Z',
      "'; DROP TABLE products; --",
      1e20,
    ];
    for (const place of parts.keys()) {
      for (const value of foreign) {
        const after = nameOf(JSON.stringify(parts.with(place, value)));
        const answer = await ask({
          query: 'query ($after: String) { products(after: $after) { nodes { id } } }',
          variables: { after },
          code: 'BAD_USER_INPUT',
          says: '',
        });
        expect([value, answer.errors?.[0]?.extensions.code]).toEqual([value, 'BAD_USER_INPUT']);
        expect(answer.errors?.[0]?.message).not.toMatch(DATABASE_WORDS);
      }
    }
  });

  it('says the same whatever the language that the client asks for', async () => {
    const headers = { 'accept-language': 'de' };
    const { errors } = await shop.ask('{ products(first: 0) { totalCount } }', { headers });
    expect(errors?.[0]?.message).toBe('first must be at least 1, not 0');
  });
});
