import { recordProductView } from '../../src/shop/product/record-product-view.js';
import { createCart, createCategory, createProduct, createUser, uniqueName } from './fixtures.js';
import { globalId, openShop, type ShopWorld, STAFF, signedIn } from './shop-world.js';

const NOBODY = 2_147_483_647;

let shop: ShopWorld;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const FIELDS = 'id slug name description price stock isPublished category { id }';
const CREATE = `mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { ${FIELDS} } } }`;
const UPDATE = `mutation ($input: UpdateProductInput!) { updateProduct(input: $input) { product { ${FIELDS} } } }`;
const DELETE = 'mutation ($id: ID!) { deleteProduct(input: { id: $id }) { deletedProductId } }';
const VIEW = `mutation ($productId: ID!) { recordProductView(input: { productId: $productId }) {
  product { id viewCount } } }`;

const write = (document: string, input: object) =>
  shop.ask(document, { variables: { input }, viewer: STAFF });

async function newProductInput() {
  const categoryId = globalId('Category', await createCategory(shop.prisma));
  return { categoryId, slug: uniqueName('oak-desk'), name: 'Oak desk', description: '', price: '199.9' };
}

describe('creating a product', () => {
  it('answers with it, unpublished and without stock unless told otherwise', async () => {
    const input = await newProductInput();
    const { data, faults } = await write(CREATE, input);
    expect(faults).toEqual([]);
    const { categoryId, ...rest } = input;
    expect(data.createProduct.product).toEqual({
      ...rest,
      id: expect.any(String),
      price: '199.90',
      stock: 0,
      isPublished: false,
      category: { id: categoryId },
    });
  });

  it('refuses a slug that is taken, also by somebody who is just as fast', async () => {
    const input = await newProductInput();
    const answers = await Promise.all([write(CREATE, input), write(CREATE, input), write(CREATE, input)]);
    const faults = answers.flatMap((answer) => answer.faults);
    expect(faults).toHaveLength(2);
    for (const fault of faults)
      expect(fault).toMatchObject({ code: 'CONFLICT', inputPath: ['input', 'slug'] });
  });

  it('refuses a category that does not exist', async () => {
    const input = { ...(await newProductInput()), categoryId: globalId('Category', NOBODY) };
    expect((await write(CREATE, input)).faults).toMatchObject([
      { code: 'NOT_FOUND', inputPath: ['input', 'categoryId'] },
    ]);
  });
});

describe('updating a product', () => {
  it('changes what is given, and nothing else', async () => {
    const { prisma } = shop;
    const key = await createProduct(prisma, { name: 'Oak desk', stock: 7 });
    const id = globalId('Product', key);
    const before = await prisma.product.findUniqueOrThrow({ where: { id: key } });
    expect((await write(UPDATE, { id })).faults).toEqual([]);
    expect(await prisma.product.findUniqueOrThrow({ where: { id: key } })).toEqual(before);
    await write(UPDATE, { id, price: '1.20', isPublished: false });
    const { price, ...others } = await prisma.product.findUniqueOrThrow({ where: { id: key } });
    expect(price.toFixed(2)).toBe('1.20');
    expect({ ...others, price: before.price }).toEqual({ ...before, isPublished: false });
    const categoryId = globalId('Category', await createCategory(prisma));
    const slug = uniqueName('pine-desk');
    const all = {
      categoryId,
      slug,
      name: 'Pine desk',
      description: 'Light.',
      price: '0.00',
      stock: 1_000_000,
      isPublished: true,
    };
    const { data } = await write(UPDATE, { id, ...all });
    const { categoryId: _, ...rest } = all;
    expect(data.updateProduct.product).toEqual({ id, ...rest, category: { id: categoryId } });
  });

  it('refuses null, a taken slug, and what does not exist', async () => {
    const { prisma } = shop;
    const slug = uniqueName('taken');
    await createProduct(prisma, { slug });
    const id = globalId('Product', await createProduct(prisma));
    for (const field of ['categoryId', 'slug', 'name', 'description', 'price', 'stock', 'isPublished']) {
      expect((await write(UPDATE, { id, [field]: null })).faults).toMatchObject([
        { code: 'BAD_USER_INPUT', inputPath: ['input', field] },
      ]);
    }
    expect((await write(UPDATE, { id, slug })).faults).toMatchObject([
      { code: 'CONFLICT', inputPath: ['input', 'slug'] },
    ]);
    const categoryId = globalId('Category', NOBODY);
    expect((await write(UPDATE, { id, categoryId })).faults).toMatchObject([
      { code: 'NOT_FOUND', inputPath: ['input', 'categoryId'] },
    ]);
    expect((await write(UPDATE, { id: globalId('Product', NOBODY), stock: 1 })).faults).toMatchObject([
      { code: 'NOT_FOUND', inputPath: ['input', 'id'] },
    ]);
  });
});

describe('deleting a product', () => {
  const remove = (id: string) => shop.ask(DELETE, { variables: { id }, viewer: STAFF });

  it('takes it out of carts, with all that is part of it', async () => {
    const { prisma } = shop;
    const key = await createProduct(prisma);
    const cartId = await createCart(prisma, new Map([[key, 1]]));
    await recordProductView(shop, { productId: key, userId: null });
    const id = globalId('Product', key);
    expect((await remove(id)).data).toEqual({ deleteProduct: { deletedProductId: id } });
    expect(await prisma.cartItem.count({ where: { cartId } })).toBe(0);
    expect(await prisma.productView.count({ where: { productId: key } })).toBe(0);
    expect((await remove(id)).faults).toMatchObject([{ code: 'NOT_FOUND', inputPath: ['input', 'id'] }]);
  });

  it('is refused once it was ordered, and leaves everything', async () => {
    const { prisma } = shop;
    const key = await createProduct(prisma);
    const userId = await createUser(prisma);
    await createCart(prisma, new Map([[key, 1]]), userId);
    await shop.ask('mutation { checkout(input: {}) { order { id } } }', { viewer: signedIn(userId) });
    const other = await createCart(prisma, new Map([[key, 1]]));
    const { faults } = await remove(globalId('Product', key));
    expect(faults).toMatchObject([{ code: 'CONFLICT', inputPath: ['input', 'id'] }]);
    expect(faults[0]!.message).toContain('unpublish');
    expect(await prisma.cartItem.count({ where: { cartId: other } })).toBe(1);
  });
});

describe('a view of a product', () => {
  it('is counted and kept, with the customer who looked', async () => {
    const { prisma } = shop;
    const key = await createProduct(prisma);
    const userId = await createUser(prisma);
    const productId = globalId('Product', key);
    const guest = await shop.ask(VIEW, { variables: { productId } });
    expect(guest.data.recordProductView.product).toEqual({ id: productId, viewCount: 1 });
    const customer = await shop.ask(VIEW, { variables: { productId }, viewer: signedIn(userId) });
    expect(customer.data.recordProductView.product.viewCount).toBe(2);
    // Staff without an account look as guests do.
    await shop.ask(VIEW, { variables: { productId }, viewer: STAFF });
    const views = await prisma.productView.findMany({ where: { productId: key }, orderBy: { id: 'asc' } });
    expect(views.map((view) => view.userId)).toEqual([null, userId, null]);
  });

  it('is counted once each, however many look at a time', async () => {
    const { prisma } = shop;
    const productId = await createProduct(prisma);
    await Promise.all(Array.from({ length: 20 }, () => recordProductView(shop, { productId, userId: null })));
    expect((await prisma.product.findUniqueOrThrow({ where: { id: productId } })).viewCount).toBe(20);
  });

  it('of nothing, or by nobody, is refused', async () => {
    const productId = await createProduct(shop.prisma);
    await expect(recordProductView(shop, { productId: NOBODY, userId: null })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      inputPath: ['input', 'productId'],
    });
    await expect(recordProductView(shop, { productId, userId: NOBODY })).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
    expect(await shop.prisma.productView.count({ where: { productId } })).toBe(0);
  });
});
