import { CombinedError, gql } from '@urql/core';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop } from './live-shop.js';
import { type RecordingFetch, recordFetch } from './recording-fetch.js';
import { createShopClient } from './snippets/urql.js';

let shop: LiveShop;
beforeAll(async () => {
  shop = await openLiveShop();
}, OPEN_TIMEOUT_MS);
afterAll(() => shop.close());

let sent: RecordingFetch;
beforeEach(() => {
  sent = recordFetch();
});

const connect = (token?: string, preferGetMethod?: 'force') =>
  createShopClient({ url: shop.url, token, preferGetMethod, fetch: sent.fetch });

const CATEGORY = gql`
  query Category($slug: String!, $first: Int) {
    category(slug: $slug) {
      id
      name
      products(first: $first, orderBy: [{ field: PRICE, direction: DESC }]) {
        totalCount
        nodes { id name price }
      }
    }
  }
`;

const ADD_TO_CART = gql`
  mutation AddToCart($input: AddToCartInput!) {
    addToCart(input: $input) { cart { id items { quantity product { id name } } } }
  }
`;

describe('urql', () => {
  it('asks with variables', async () => {
    const { data, error } = await connect().query(CATEGORY, { slug: shop.shelf.categorySlug, first: 2 });
    expect(error).toBeUndefined();
    expect(data.category).toMatchObject({
      name: 'Lamps 💡',
      products: {
        totalCount: 25,
        nodes: [
          { name: 'Lamp 25', price: '25.10' },
          { name: 'Lamp 24', price: '24.10' },
        ],
      },
    });
  });

  it('answers the same query from its cache', async () => {
    const client = connect();
    const variables = { slug: shop.shelf.categorySlug, first: 2 };
    const first = await client.query(CATEGORY, variables);
    const second = await client.query(CATEGORY, variables);
    expect(second.data).toEqual(first.data);
    expect(sent.requests).toHaveLength(1);
  });

  it('writes as a guest and as a customer', async () => {
    const token = await shop.signIn({ userId: shop.shelf.newcomerKey });
    for (const client of [connect(), connect(token)]) {
      const { data, error } = await client.mutation(ADD_TO_CART, {
        input: { productId: shop.shelf.productIds[3], quantity: 3 },
      });
      expect(error).toBeUndefined();
      expect(data.addToCart.cart.items).toMatchObject([{ quantity: 3, product: { name: 'Lamp 04' } }]);
    }
  });

  it('learns the code of an error, and where in its input the fault is', async () => {
    const { error } = await connect().mutation(ADD_TO_CART, {
      input: { productId: shop.shelf.productIds[3], quantity: 1000 },
    });
    expect(error).toBeInstanceOf(CombinedError);
    expect(error?.networkError).toBeUndefined();
    expect(error?.graphQLErrors[0]?.message).toContain('input.quantity');
    expect(error?.graphQLErrors[0]?.extensions).toEqual({
      code: 'BAD_USER_INPUT',
      inputPath: ['input', 'quantity'],
    });
  });

  it('learns the code of what the server refused as a whole, with the status that goes with it', async () => {
    const { error, data } = await connect().query('{ categories { nothing } }', {});
    expect(data).toBeUndefined();
    expect(error?.graphQLErrors[0]?.extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(error?.response.status).toBe(400);
    const forged = await connect('forged').query('{ categories { id } }', {});
    expect(forged.error?.graphQLErrors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(forged.error?.response.status).toBe(401);
  });

  it('asks by GET where it is told to, and still writes by POST', async () => {
    const client = connect(undefined, 'force');
    const { data, error } = await client.query(CATEGORY, { slug: shop.shelf.categorySlug, first: 1 });
    expect(error).toBeUndefined();
    expect(data.category.products.nodes).toHaveLength(1);
    await client.mutation(ADD_TO_CART, { input: { productId: shop.shelf.productIds[3] } });
    expect(sent.requests.map((request) => request.method)).toEqual(['GET', 'POST']);
  });
});
