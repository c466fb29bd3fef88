import { randomBytes } from 'node:crypto';
import {
  type ApolloClient,
  type ApolloLink,
  CombinedGraphQLErrors,
  gql,
  type ObservableQuery,
} from '@apollo/client';
import { filter, firstValueFrom } from 'rxjs';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop } from './live-shop.js';
import { type RecordingFetch, recordFetch } from './recording-fetch.js';
import { createShopClient, POSSIBLE_TYPES } from './snippets/apollo-client.js';
import { PRODUCTS } from './snippets/apollo-pages.js';
import { createPersistedQueryLink } from './snippets/apollo-persisted-queries.js';

let shop: LiveShop;
beforeAll(async () => {
  shop = await openLiveShop();
}, OPEN_TIMEOUT_MS);
afterAll(() => shop.close());

let sent: RecordingFetch;
let clients: ApolloClient[];
beforeEach(() => {
  sent = recordFetch();
  clients = [];
});
afterEach(() => {
  for (const client of clients) client.stop();
});

function createClient(options: { token?: string; before?: ApolloLink } = {}): ApolloClient {
  const client = createShopClient({ uri: shop.url, fetch: sent.fetch, ...options });
  clients.push(client);
  return client;
}

/** As a component does that shows it: subscribed until the client stops. The data once `isThere` accepts it. */
async function show(query: ObservableQuery<any>, isThere: (data: any) => boolean = () => true): Promise<any> {
  query.subscribe(() => {});
  const loaded = query.pipe(filter((result) => !result.loading && isThere(result.data)));
  return (await firstValueFrom(loaded)).data;
}

const longerThan = (before: any) => (data: any) => data.products.edges.length > before.products.edges.length;

const PRODUCT = gql`
  query Product($id: ID!) {
    product(id: $id) { id name price ratingCount category { id name } }
  }
`;

const CREATE_REVIEW = gql`
  mutation CreateReview($input: CreateReviewInput!) {
    createReview(input: $input) {
      review { id rating title author { id name } product { id ratingCount averageRating reviewsCount } }
    }
  }
`;

describe('Apollo Client', () => {
  it('asks with variables and keeps objects by their global ids', async () => {
    const client = createClient();
    const id = shop.shelf.productIds[0]!;
    const { data } = await client.query<any>({ query: PRODUCT, variables: { id } });
    expect(data.product).toMatchObject({ name: 'Lamp 01', price: '1.10', category: { name: 'Lamps 💡' } });
    const key = client.cache.identify({ __typename: 'Product', id });
    expect(key).toBe(`Product:${id}`);
    expect((client.cache.extract() as any)[key!]).toMatchObject({
      name: 'Lamp 01',
      category: { __ref: `Category:${shop.shelf.categoryId}` },
    });
  });

  it('reads again from its cache what another query brought, without asking', async () => {
    const client = createClient();
    const id = shop.shelf.productIds[1]!;
    await client.query({ query: PRODUCT, variables: { id } });
    await client.query({ query: PRODUCT, variables: { id } });
    const fragment = gql`fragment Name on Product { name }`;
    expect(client.readFragment({ id: `Product:${id}`, fragment })).toMatchObject({ name: 'Lamp 02' });
    expect(sent.requests).toHaveLength(1);
  });

  it('finds by node what is no field of its own, as the type that it is', async () => {
    const client = createClient();
    const { data } = await client.query<any>({
      query: gql`
        query Node($id: ID!) { node(id: $id) { id ... on Category { name } ... on Product { name } } }
      `,
      variables: { id: shop.shelf.categoryId },
    });
    expect(data.node).toEqual({ __typename: 'Category', id: shop.shelf.categoryId, name: 'Lamps 💡' });
  });

  it('knows every type that there is behind an interface', async () => {
    const { data } = await createClient().query<any>({
      query: gql`{ __type(name: "Node") { possibleTypes { name } } }`,
    });
    expect(POSSIBLE_TYPES.Node).toEqual(data.__type.possibleTypes.map((type: any) => type.name).sort());
  });

  it('walks pages forwards into one list without a gap or a duplicate', async () => {
    const list = createClient().watchQuery<any>({
      query: PRODUCTS,
      variables: { categoryId: shop.shelf.categoryId, first: 10 },
    });
    let pages = 1;
    let data = await show(list);
    while (data.products.pageInfo.hasNextPage) {
      await list.fetchMore({ variables: { after: data.products.pageInfo.endCursor } });
      data = await show(list, longerThan(data));
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(data.products.edges.map((edge: any) => edge.node.id)).toEqual(shop.shelf.productIds);
    expect(data.products.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: false });
  });

  it('walks pages backwards into one list without a gap or a duplicate', async () => {
    const list = createClient().watchQuery<any>({
      query: PRODUCTS,
      variables: { categoryId: shop.shelf.categoryId, last: 10 },
    });
    let data = await show(list);
    expect(data.products.edges[0].node.name).toBe('Lamp 16');
    while (data.products.pageInfo.hasPreviousPage) {
      await list.fetchMore({ variables: { before: data.products.pageInfo.startCursor } });
      data = await show(list, longerThan(data));
    }
    expect(data.products.edges.map((edge: any) => edge.node.id)).toEqual(shop.shelf.productIds);
  });

  it('shows what a mutation answers wherever the object is on screen', async () => {
    const token = await shop.signIn({ userId: shop.shelf.newcomerKey });
    const client = createClient({ token });
    const id = shop.shelf.productIds[0]!;
    const reviews = gql`
      query Reviews($id: ID!) {
        product(id: $id) {
          id ratingCount averageRating
          reviews(first: 10) { edges { cursor node { id title } } pageInfo { hasNextPage endCursor } }
        }
      }
    `;
    const seen = client.watchQuery<any>({ query: reviews, variables: { id } });
    expect((await show(seen)).product.ratingCount).toBe(7);
    const input = { productId: id, rating: 5, title: 'Bright 🌞', body: 'Very.' };
    const { data } = await client.mutate<any>({
      mutation: CREATE_REVIEW,
      variables: { input },
      update(cache, result) {
        const node = (result.data as any).createReview.review;
        cache.updateQuery<any>({ query: reviews, variables: { id } }, (before) => ({
          product: {
            ...before.product,
            reviews: {
              ...before.product.reviews,
              edges: [{ __typename: 'ReviewEdge', cursor: '', node }, ...before.product.reviews.edges],
            },
          },
        }));
      },
    });
    const after = seen.getCurrentResult().data.product;
    expect(after.ratingCount).toBe(8);
    expect(after.averageRating).toBe(data.createReview.review.product.averageRating);
    expect(after.reviews.edges[0].node.title).toBe('Bright 🌞');
    expect(sent.requests).toHaveLength(2);
    const { data: fresh } = await client.query<any>({
      query: reviews,
      variables: { id },
      fetchPolicy: 'network-only',
    });
    expect(fresh.product.reviews.edges[0].node).toEqual(after.reviews.edges[0].node);
  });

  it('learns the code of an error, and where in its input the fault is', async () => {
    const token = await shop.signIn({ userId: shop.shelf.newcomerKey });
    const input = { productId: shop.shelf.productIds[1], rating: 9, title: 'Too good', body: 'Nine!' };
    const error = await createClient({ token })
      .mutate({ mutation: CREATE_REVIEW, variables: { input } })
      .catch((reason) => reason);
    expect(CombinedGraphQLErrors.is(error)).toBe(true);
    expect(error.errors).toMatchObject([
      {
        message: expect.stringContaining('input.rating'),
        path: ['createReview'],
        extensions: { code: 'BAD_USER_INPUT', inputPath: ['input', 'rating'] },
      },
    ]);
  });

  it('learns the same of a value that its type refuses before anything runs', async () => {
    const error = await createClient()
      .mutate({
        mutation: CREATE_REVIEW,
        variables: { input: { productId: 'x', rating: 'five', title: 't', body: 'b' } },
      })
      .catch((reason) => reason);
    expect(CombinedGraphQLErrors.is(error)).toBe(true);
    expect(error.errors[0].extensions).toEqual({ code: 'BAD_USER_INPUT', inputPath: ['input', 'rating'] });
  });

  it('keeps the data that came beside an error', async () => {
    const { data, error } = await createClient().query<any>({
      query: gql`
        query Mixed($id: ID!) { good: product(id: $id) { id name } bad: product(id: "nonsense") { id } }
      `,
      variables: { id: shop.shelf.productIds[0] },
      errorPolicy: 'all',
    });
    expect(data).toMatchObject({ good: { name: 'Lamp 01' }, bad: null });
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  it('sends a hash, then the document once, and then only hashes by GET', async () => {
    const persisted = createPersistedQueryLink;
    const query = gql`query Q${randomBytes(8).toString('hex')}($slug: String!) {
      category(slug: $slug) { id name }
    }`;
    const variables = { slug: shop.shelf.categorySlug };
    const first = await createClient({ before: persisted() }).query<any>({ query, variables });
    expect(first.data.category.name).toBe('Lamps 💡');
    expect(
      sent.requests.map(({ method, query, hash }) => [method, query !== undefined, hash?.length]),
    ).toEqual([
      ['GET', false, 64],
      // Apollo Client registers by POST: a document may be longer than a URL.
      ['POST', true, 64],
    ]);
    const second = await createClient({ before: persisted() }).query<any>({ query, variables });
    expect(second.data).toEqual(first.data);
    expect(sent.requests.slice(2).map(({ method, query }) => [method, query])).toEqual([['GET', undefined]]);
  });

  it('never sends a mutation by GET, hashed or not', async () => {
    const client = createClient({ before: createPersistedQueryLink() });
    const { data } = await client.mutate<any>({
      mutation: gql`mutation M${randomBytes(8).toString('hex')}($input: AddToCartInput!) {
        addToCart(input: $input) { cart { id itemsCount } }
      }`,
      variables: { input: { productId: shop.shelf.productIds[2], quantity: 2 } },
    });
    expect(data.addToCart.cart.itemsCount).toBe(1);
    expect(sent.requests.map((request) => request.method)).toEqual(['POST', 'POST']);
  });
});
