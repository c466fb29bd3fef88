import { addToCart, setCartQuantity } from '../../src/shop/cart/fill-cart.js';
import { findCart } from '../../src/shop/cart/find-cart.js';
import { createCart, createProduct, createUser } from './fixtures.js';
import { globalId, openShop, type ShopWorld, signedIn } from './shop-world.js';

const NOBODY = 2_147_483_647;
const UNKNOWN_CART = '00000000-0000-4000-8000-000000000000';

let shop: ShopWorld;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

const itemsOf = async (cartId: string) =>
  (await shop.prisma.cartItem.findMany({ where: { cartId }, orderBy: { id: 'asc' } })).map((item) => [
    item.productId,
    item.quantity,
  ]);

const ADD = `mutation ($input: AddToCartInput!) { addToCart(input: $input) {
  cart { id itemsCount items { quantity product { id } } } } }`;
const SET = `mutation ($input: SetCartQuantityInput!) { setCartQuantity(input: $input) {
  cart { id itemsCount items { quantity product { id } } } } }`;

describe("a guest's cart", () => {
  it('is made by the first addition, and found again by the id that the answer has', async () => {
    const desk = await createProduct(shop.prisma);
    const productId = globalId('Product', desk);
    const first = await shop.ask(ADD, { variables: { input: { productId } } });
    const { id } = first.data.addToCart.cart;
    expect(first.data.addToCart.cart).toEqual({
      id,
      itemsCount: 1,
      items: [{ quantity: 1, product: { id: productId } }],
    });
    const second = await shop.ask(ADD, { variables: { input: { productId, quantity: 4, cartId: id } } });
    expect(second.data.addToCart.cart.items).toEqual([{ quantity: 5, product: { id: productId } }]);
    const { data } = await shop.ask(
      'query ($id: UUID) { cart(id: $id) { id createdAt items { quantity addedAt } } }',
      { variables: { id: id.toUpperCase() } },
    );
    expect(data.cart).toMatchObject({ id, items: [{ quantity: 5 }] });
  });

  it('is another one for every guest who names none', async () => {
    const productId = await createProduct(shop.prisma);
    const entry = { cartId: null, userId: null, productId, quantity: 1 };
    const carts = await Promise.all(Array.from({ length: 5 }, () => addToCart(shop.prisma, entry)));
    expect(new Set(carts.map((cart) => cart.cartId)).size).toBe(5);
  });

  it('can be filled and bought by whoever has its id, signed in or not', async () => {
    const { prisma } = shop;
    const productId = globalId('Product', await createProduct(prisma));
    const viewer = signedIn(await createUser(prisma));
    const { data } = await shop.ask(ADD, { variables: { input: { productId } } });
    const cartId = data.addToCart.cart.id;
    await shop.ask(ADD, { variables: { input: { productId, cartId } }, viewer });
    const bought = await shop.ask(
      'mutation ($cartId: UUID) { checkout(input: { cartId: $cartId }) { order { items { quantity } } cart { id itemsCount } } }',
      { variables: { cartId }, viewer },
    );
    expect(bought.data.checkout).toEqual({
      order: { items: [{ quantity: 2 }] },
      cart: { id: cartId, itemsCount: 0 },
    });
  });

  it('is nothing to those who name none', async () => {
    expect((await shop.ask('{ cart { id } }')).data).toEqual({ cart: null });
    expect(await findCart(shop.prisma, { cartId: UNKNOWN_CART, userId: null })).toBeNull();
  });
});

describe("a customer's cart", () => {
  it('is one, however many first additions come at a time, and none of them is lost', async () => {
    const { prisma } = shop;
    const userId = await createUser(prisma);
    const productId = await createProduct(prisma);
    const entry = { cartId: null, userId, productId, quantity: 1 };
    const carts = await Promise.all(Array.from({ length: 12 }, () => addToCart(prisma, entry)));
    const [cartId] = new Set(carts.map((cart) => cart.cartId));
    expect(new Set(carts.map((cart) => cart.cartId)).size).toBe(1);
    expect(await itemsOf(cartId!)).toEqual([[productId, 12]]);
  });

  it('opens to its owner alone, and looks to others as if it were not there', async () => {
    const { prisma } = shop;
    const [me, other] = [await createUser(prisma), await createUser(prisma)];
    const productId = await createProduct(prisma);
    const id = await createCart(prisma, new Map([[productId, 1]]), me);
    const open = 'query ($id: UUID) { cart(id: $id) { id } }';
    expect((await shop.ask(open, { variables: { id }, viewer: signedIn(me) })).data.cart).toEqual({ id });
    expect((await shop.ask('{ cart { id } }', { viewer: signedIn(me) })).data.cart).toEqual({ id });
    expect((await shop.ask(open, { variables: { id }, viewer: signedIn(other) })).data.cart).toBeNull();
    expect((await shop.ask(open, { variables: { id } })).data.cart).toBeNull();
    for (const userId of [other, null]) {
      const refused = { code: 'NOT_FOUND', inputPath: ['input', 'cartId'] };
      const entry = { cartId: id, userId, productId, quantity: 1 };
      await expect(addToCart(prisma, entry)).rejects.toMatchObject(refused);
      await expect(setCartQuantity(prisma, entry)).rejects.toMatchObject(refused);
      await expect(setCartQuantity(prisma, { ...entry, cartId: UNKNOWN_CART })).rejects.toMatchObject(
        refused,
      );
    }
    expect(await itemsOf(id)).toEqual([[productId, 1]]);
  });

  it('is not made for somebody who is no customer', async () => {
    const productId = await createProduct(shop.prisma);
    await expect(
      addToCart(shop.prisma, { cartId: null, userId: NOBODY, productId, quantity: 1 }),
    ).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await shop.prisma.cart.count({ where: { userId: NOBODY } })).toBe(0);
  });

  it('is not made by setting a quantity', async () => {
    const userId = await createUser(shop.prisma);
    const productId = await createProduct(shop.prisma);
    await expect(
      setCartQuantity(shop.prisma, { cartId: null, userId, productId, quantity: 1 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', inputPath: undefined });
  });
});

describe('the quantity in a cart', () => {
  it('is set, put in anew, and taken out by 0', async () => {
    const { prisma } = shop;
    const [desk, lamp] = [await createProduct(prisma), await createProduct(prisma)];
    const cartId = await createCart(prisma, new Map([[desk, 3]]));
    const ask = async (product: number, quantity: number) => {
      const input = { cartId, productId: globalId('Product', product), quantity };
      return (await shop.ask(SET, { variables: { input } })).data.setCartQuantity.cart;
    };
    expect(await ask(lamp, 999)).toMatchObject({ itemsCount: 2 });
    expect(await ask(desk, 7)).toMatchObject({ items: [{ quantity: 7 }, { quantity: 999 }] });
    expect(await ask(desk, 0)).toMatchObject({ itemsCount: 1, items: [{ quantity: 999 }] });
    expect(await ask(desk, 0)).toMatchObject({ itemsCount: 1 });
  });

  it('of what is no longer sold can be taken out, and not raised', async () => {
    const { prisma } = shop;
    const desk = await createProduct(prisma);
    const cartId = await createCart(prisma, new Map([[desk, 3]]));
    await prisma.product.update({ where: { id: desk }, data: { isPublished: false } });
    const entry = { cartId, userId: null, productId: desk };
    const refused = { code: 'NOT_FOUND', inputPath: ['input', 'productId'] };
    await expect(addToCart(prisma, { ...entry, quantity: 1 })).rejects.toMatchObject(refused);
    await expect(setCartQuantity(prisma, { ...entry, quantity: 1 })).rejects.toMatchObject(refused);
    await setCartQuantity(prisma, { ...entry, quantity: 0 });
    expect(await itemsOf(cartId)).toEqual([]);
  });

  it('of a product that does not exist is refused, and leaves no cart behind', async () => {
    const before = await shop.prisma.cart.count();
    const entry = { cartId: null, userId: null, productId: NOBODY, quantity: 1 };
    await expect(addToCart(shop.prisma, entry)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      inputPath: ['input', 'productId'],
    });
    expect(await shop.prisma.cart.count()).toBe(before);
  });

  it('never exceeds 999, whether at once or bit by bit', async () => {
    const { prisma } = shop;
    const productId = await createProduct(prisma);
    const cartId = await createCart(prisma, new Map([[productId, 995]]));
    const entry = { cartId, userId: null, productId };
    const faulty = { code: 'BAD_USER_INPUT', inputPath: ['input', 'quantity'] };
    for (const quantity of [5, 1_000, 0, -1]) {
      await expect(addToCart(prisma, { ...entry, quantity })).rejects.toMatchObject(faulty);
    }
    for (const quantity of [1_000, -1]) {
      await expect(setCartQuantity(prisma, { ...entry, quantity })).rejects.toMatchObject(faulty);
    }
    await addToCart(prisma, { ...entry, quantity: 4 });
    expect(await itemsOf(cartId)).toEqual([[productId, 999]]);
    await expect(
      addToCart(prisma, { cartId: null, userId: null, productId, quantity: 1_000 }),
    ).rejects.toMatchObject({ message: 'input.quantity must lie between 1 and 999' });
  });
});
