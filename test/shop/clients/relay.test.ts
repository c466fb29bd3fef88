import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { printSchema } from 'graphql';
import {
  type ConcreteRequest,
  commitMutation,
  createOperationDescriptor,
  type Environment,
  fetchQuery,
  getSingularSelector,
  type OperationType,
  type ReaderFragment,
} from 'relay-runtime';
import { introspect } from './introspect.js';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop, ROOT } from './live-shop.js';
import { createShopEnvironment } from './snippets/relay-environment.js';

const COMPILER = join(ROOT, 'node_modules/relay-compiler/cli.js');

let shop: LiveShop;
let project: string;
let compiled: { stdout: string; stderr: string };
beforeAll(async () => {
  shop = await openLiveShop();
  project = await mkdtemp(join(tmpdir(), 'sluice-relay-'));
  await cp(join(import.meta.dirname, 'relay-project'), project, { recursive: true });
  await mkdir(join(project, 'generated'));
  await writeFile(join(project, 'schema.graphql'), printSchema(await introspect(shop)));
  compiled = await promisify(execFile)(process.execPath, [COMPILER, '--noWatchman'], { cwd: project });
}, OPEN_TIMEOUT_MS);
afterAll(async () => {
  await shop.close();
  await rm(project, { recursive: true, force: true });
});

async function load<Artifact>(name: string): Promise<Artifact> {
  return (await import(join(project, 'generated', `${name}.graphql.ts`))).default;
}

async function ask(environment: Environment, request: ConcreteRequest, variables: object): Promise<any> {
  // As long as a page shows it, its records stay.
  environment.retain(createOperationDescriptor(request, variables as any));
  return fetchQuery<OperationType>(environment, request, variables as any).toPromise();
}

function read(environment: Environment, fragment: ReaderFragment, reference: unknown): any {
  const selector = getSingularSelector(fragment, reference);
  return environment.lookup(selector as any).data;
}

const write = (environment: Environment, mutation: ConcreteRequest, variables: object): Promise<any> =>
  new Promise((resolve, reject) => {
    commitMutation(environment, {
      mutation,
      variables: variables as any,
      onCompleted: (data, errors) => resolve({ data, errors }),
      onError: reject,
    });
  });

const titles = (product: any): string[] => product.reviews.edges.map((edge: any) => edge.node.title);

describe('the Relay compiler', () => {
  it('compiles fragments, connections, refetchable nodes and mutations without an error or a warning', async () => {
    expect(`${compiled.stdout}${compiled.stderr}`).not.toMatch(/warn|error/i);
    expect(compiled.stdout + compiled.stderr).toContain('Compilation completed.');
    expect((await readdir(join(project, 'generated'))).sort()).toEqual(
      [
        'productPageCardQuery',
        'productPageCreateReviewMutation',
        'productPageDeleteReviewMutation',
        'productPageNodeQuery',
        'productPageQuery',
        'productPageReviewsQuery',
        'productPageUpdatableQuery',
        'productPage_card',
        'productPage_reviews',
      ].map((name) => `${name}.graphql.ts`),
    );
  });
});

describe('Relay', () => {
  it('pages through a connection into one list', async () => {
    const environment = createShopEnvironment(shop.url);
    const fragment = await load<ReaderFragment>('productPage_reviews');
    const { product } = await ask(environment, await load('productPageQuery'), { slug: 'clients-lamp-01' });
    expect(titles(read(environment, fragment, product))).toEqual(['Opinion 7', 'Opinion 6', 'Opinion 5']);

    const more = await load<ConcreteRequest>('productPageReviewsQuery');
    let pageInfo = findPageInfo(environment, product.id);
    while (pageInfo.hasNextPage) {
      await ask(environment, more, { id: product.id, count: 3, cursor: pageInfo.endCursor });
      pageInfo = findPageInfo(environment, product.id);
    }
    expect(titles(read(environment, fragment, product))).toEqual(
      [7, 6, 5, 4, 3, 2, 1].map((number) => `Opinion ${number}`),
    );
  });

  it('fetches a node again by its global id', async () => {
    const environment = createShopEnvironment(shop.url);
    const card = await load<ReaderFragment>('productPage_card');
    const { product } = await ask(environment, await load('productPageQuery'), { slug: 'clients-lamp-02' });
    expect(read(environment, card, product).price).toBe('2.10');
    await shop.prisma.product.update({ where: { slug: 'clients-lamp-02' }, data: { price: '2.20' } });
    await ask(environment, await load('productPageCardQuery'), { id: product.id });
    expect(read(environment, card, product)).toMatchObject({
      name: 'Lamp 02',
      price: '2.20',
      category: { name: 'Lamps 💡' },
    });
  });

  it('reads a fragment of a node whose type it has, and nothing of another', async () => {
    const environment = createShopEnvironment(shop.url);
    const query = await load<ConcreteRequest>('productPageNodeQuery');
    const product = await ask(environment, query, { id: shop.shelf.productIds[2] });
    expect(product.node).toMatchObject({ __typename: 'Product', card: expect.anything() });
    const category = await ask(environment, query, { id: shop.shelf.categoryId });
    expect(category.node).toMatchObject({ __typename: 'Category', card: null });
  });

  it('puts a new review in front of the list, and takes it out again', async () => {
    const token = await shop.signIn({ userId: shop.shelf.newcomerKey });
    const environment = createShopEnvironment(shop.url, token);
    const fragment = await load<ReaderFragment>('productPage_reviews');
    const { product } = await ask(environment, await load('productPageQuery'), { slug: 'clients-lamp-01' });
    const seen = () => read(environment, fragment, product);
    const connections = [seen().reviews.__id];
    const input = { productId: product.id, rating: 4, title: 'Mine', body: 'I like it.' };
    const created = await write(environment, await load('productPageCreateReviewMutation'), {
      input,
      connections,
    });
    expect(created.errors).toBeNull();
    expect(titles(seen())).toEqual(['Mine', 'Opinion 7', 'Opinion 6', 'Opinion 5']);
    expect(seen().reviewsCount).toBe(8);
    const { id } = created.data.createReview.review;
    await write(environment, await load('productPageDeleteReviewMutation'), { input: { id }, connections });
    expect(titles(seen())).toEqual(['Opinion 7', 'Opinion 6', 'Opinion 5']);
    expect(seen().reviewsCount).toBe(7);
  });

  it('throws away the answer to a write that was refused', async () => {
    const environment = createShopEnvironment(shop.url);
    const { data, errors } = await write(environment, await load('productPageCreateReviewMutation'), {
      input: { productId: shop.shelf.productIds[0], rating: 4, title: 'Whose?', body: 'Nobody signed in.' },
      connections: [],
    });
    expect(data.createReview).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });
});

function findPageInfo(environment: Environment, productId: string): any {
  const source = environment.getStore().getSource();
  const connection = (source.get(productId) as any)?.__productPage_reviews_connection?.__ref;
  return source.get((source.get(connection) as any).pageInfo.__ref);
}
