import { createCategory, createProduct, createUser, uniqueName } from './fixtures.js';
import { globalId, openShop, type ShopWorld, STAFF, signedIn } from './shop-world.js';

let shop: ShopWorld;
let productId: string;
let categoryId: string;
beforeAll(async () => {
  shop = await openShop();
  productId = globalId('Product', await createProduct(shop.prisma));
  categoryId = globalId('Category', await createCategory(shop.prisma));
});
afterAll(() => shop.close());

const REVIEW = `mutation ($input: CreateReviewInput!) { createReview(input: $input) { review { id title body } } }`;
const PRODUCT = `mutation ($input: CreateProductInput!) { createProduct(input: $input) {
  product { id name description price } } }`;

async function review(changes: object) {
  const viewer = signedIn(await createUser(shop.prisma));
  const input = { productId, rating: 3, title: 'Title', body: 'Body', ...changes };
  return shop.ask(REVIEW, { variables: { input }, viewer });
}

const product = (changes: object) =>
  shop.ask(PRODUCT, {
    variables: {
      input: { categoryId, slug: uniqueName('x'), name: 'X', description: 'X', price: '1.00', ...changes },
    },
    viewer: STAFF,
  });

const LONG_TITLE = '💡'.repeat(201);

describe('faulty input', () => {
  it.each([
    ['rating', { rating: 0 }, 'input.rating must lie between 1 and 5'],
    ['rating', { rating: 6 }, 'input.rating must lie between 1 and 5'],
    ['title', { title: ' \n\t ' }, 'input.title must not be empty'],
    ['title', { title: LONG_TITLE }, 'input.title must have at most 200 characters'],
    ['title', { title: 'a\0b' }, 'input.title must not contain the character U+0000'],
    ['body', { body: 'a\uD83D' }, 'input.body must be well-formed Unicode text'],
    ['body', { body: 'b'.repeat(10_001) }, 'input.body must have at most 10000 characters'],
  ])('of a review is named by its path: %s', async (field, changes, message) => {
    expect((await review(changes)).faults).toEqual([
      { code: 'BAD_USER_INPUT', inputPath: ['input', field], message },
    ]);
  });

  it.each([
    ['slug', ''],
    ['slug', 'Oak'],
    ['slug', 'a--b'],
    ['slug', '-a'],
    ['slug', 'a b'],
    ['slug', 'ä'],
    ['slug', 'a\n'],
    ['slug', 'a'.repeat(101)],
    ['name', ''],
    ['name', 'n'.repeat(201)],
    ['description', 'd'.repeat(10_001)],
    ['price', '-0.01'],
    ['price', '0.001'],
    ['price', '100000000'],
    ['price', 'NaN'],
    ['price', 'Infinity'],
    ['price', '1e9999'],
    ['price', '1e-9999'],
    ['stock', -1],
    ['stock', 1_000_001],
  ])('of a product is named by its path: %s %j', async (field, value) => {
    expect((await product({ [field]: value })).faults).toMatchObject([
      { code: 'BAD_USER_INPUT', inputPath: ['input', field] },
    ]);
  });

  it.each([
    '',
    '1',
    'not an id',
    'UHJvZHVjdDo',
    globalId('Category', 1),
    globalId('Product', 'x'),
    globalId('Product', '-1'),
    globalId('Product', '1.5'),
    globalId('Product', 2_147_483_648),
    globalId('Product', '1; DROP TABLE products'),
    'A'.repeat(5_000),
  ])('that is no global id of the type asked for is named by its path: %j', async (id) => {
    const fault = [{ code: 'BAD_USER_INPUT', inputPath: ['input', 'productId'] }];
    expect((await review({ productId: id })).faults).toMatchObject(fault);
    for (const name of [
      'addToCart(input: { productId: $id })',
      'setCartQuantity(input: { productId: $id, quantity: 0 })',
    ]) {
      const document = `mutation ($id: ID!) { ${name} { cart { id } } }`;
      expect((await shop.ask(document, { variables: { id } })).faults).toMatchObject(fault);
    }
    const view = 'mutation ($id: ID!) { recordProductView(input: { productId: $id }) { product { id } } }';
    expect((await shop.ask(view, { variables: { id } })).faults).toMatchObject(fault);
  });
});

describe('good input', () => {
  it.each([
    ['a title as long as can be', { title: '💡'.repeat(200) }],
    ['SQL', { title: `'; DROP TABLE reviews; --`, body: `$1 \\' "x" %s #{x}` }],
    ['every script', { title: 'Größe 太い مرحبا e\u0301 👩‍👩‍👧', body: '\u202Eright to left\u2028new line' }],
    ['markup', { title: '<script>alert(1)</script>', body: '&amp; </textarea>' }],
  ])('comes back as it went in: %s', async (_what, texts) => {
    const { data, faults } = await review(texts);
    expect(faults).toEqual([]);
    expect(data.createReview.review).toMatchObject(texts);
  });

  it.each([
    ['0', '0.00'],
    ['99999999.99', '99999999.99'],
    ['1e2', '100.00'],
    ['.5', '0.50'],
    ['7.', '7.00'],
    ['-0', '0.00'],
    [12.3, '12.30'],
  ])('keeps prices exact: %s is %s', async (price, shown) => {
    const { data, faults } = await product({ price, description: '' });
    expect(faults).toEqual([]);
    expect(data.createProduct.product).toMatchObject({ price: shown, description: '' });
  });
});
