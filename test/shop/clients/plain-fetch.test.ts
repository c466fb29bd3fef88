import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type LiveShop, OPEN_TIMEOUT_MS, openLiveShop } from './live-shop.js';
import { askShop } from './snippets/plain-fetch.js';

const GRAPHQL_JSON = 'application/graphql-response+json';
const LARGE = '{ products(first: 25) { nodes { id slug name description price } } }';

let shop: LiveShop;
beforeAll(async () => {
  shop = await openLiveShop();
}, OPEN_TIMEOUT_MS);
afterAll(() => shop.close());

function get(search: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${shop.url}?${new URLSearchParams(search)}`, { headers });
}

function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(shop.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Node's own client, as `fetch` unpacks by itself. */
function readRaw(encoding: string): Promise<{ encoding: string | undefined; vary: string; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const url = `${shop.url}?${new URLSearchParams({ query: LARGE })}`;
    request(url, { headers: { 'accept-encoding': encoding } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          encoding: response.headers['content-encoding'],
          vary: String(response.headers.vary),
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('plain fetch', () => {
  it('asks in ten lines', async () => {
    const query = 'query ($slug: String) { category(slug: $slug) { name } }';
    expect(await askShop(shop.url, query, { slug: shop.shelf.categorySlug })).toEqual({
      data: { category: { name: 'Lamps 💡' } },
    });
    const { errors } = await askShop(shop.url, query, { slug: 5 });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', inputPath: ['slug'] });
  });

  it('asks by GET with the query in the URL', async () => {
    const response = await get({
      query: 'query ($slug: String) { category(slug: $slug) { name productsCount } }',
      variables: JSON.stringify({ slug: shop.shelf.categorySlug }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ data: { category: { name: 'Lamps 💡', productsCount: 25 } } });
  });

  it('asks by POST with variables and an operation name', async () => {
    const response = await post({
      query: 'query A($id: ID!) { product(id: $id) { name } } query B { categories { id } }',
      operationName: 'A',
      variables: { id: shop.shelf.productIds[4] },
    });
    expect(await response.json()).toEqual({ data: { product: { name: 'Lamp 05' } } });
  });

  it('is answered packed, with gzip or br, as it can unpack', async () => {
    const plain = await readRaw('identity');
    expect(plain.encoding).toBeUndefined();
    const zipped = await readRaw('gzip');
    expect([zipped.encoding, gunzipSync(zipped.body).equals(plain.body)]).toEqual(['gzip', true]);
    const brotli = await readRaw('br, gzip');
    expect([brotli.encoding, brotliDecompressSync(brotli.body).equals(plain.body)]).toEqual(['br', true]);
    for (const answer of [zipped, brotli]) {
      expect(answer.body.length).toBeLessThan(plain.body.length / 2);
      expect(answer.vary.toLowerCase()).toContain('accept-encoding');
    }
  });

  it('is told by the status whether a request was executed, where it asks for the media type', async () => {
    const cases: [object, number][] = [
      [{ query: '{ categories(first: 1) { id } }' }, 200],
      // Executed, in part in vain.
      [{ query: '{ categories(first: 1) { id } product(id: "x") { id } }' }, 200],
      [{ query: '{' }, 400],
      [{ query: '{ nothing }' }, 400],
      [{ query: 'query ($id: ID!) { product(id: $id) { id } }', variables: {} }, 400],
      [{ variables: {} }, 400],
    ];
    for (const [body, status] of cases) {
      const response = await post(body, { accept: GRAPHQL_JSON });
      expect([body, response.status]).toEqual([body, status]);
      expect(response.headers.get('content-type')).toBe(`${GRAPHQL_JSON}; charset=utf-8`);
    }
  });

  it('finds request id and cache rules in the headers', async () => {
    const { headers } = await get({ query: '{ __typename }' });
    expect(headers.get('x-request-id')).toMatch(/\S/);
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('a browser', () => {
  const preflight = (origin: string) =>
    fetch(shop.url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization',
      },
    });

  it('may ask from any port of localhost', async () => {
    for (const origin of ['http://localhost:3000', 'http://127.0.0.1:5173', 'https://localhost']) {
      const allowed = await preflight(origin);
      expect(allowed.status).toBe(204);
      expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
      expect(allowed.headers.get('access-control-allow-methods')).toContain('POST');
      expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
      const answer = await post({ query: '{ __typename }' }, { origin });
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('vary')?.toLowerCase()).toContain('origin');
    }
  });

  it('may not ask from elsewhere, however alike the name is', async () => {
    for (const origin of [
      'https://evil.example',
      'http://localhost.evil.example',
      'http://evil.example?localhost:3000',
      'http://notlocalhost:3000',
      'null',
    ]) {
      const refused = await preflight(origin);
      expect([origin, refused.headers.get('access-control-allow-origin')]).toEqual([origin, null]);
      const answer = await post({ query: '{ __typename }' }, { origin });
      expect([origin, answer.headers.get('access-control-allow-origin')]).toEqual([origin, null]);
    }
  });

  it('can be made by a hostile page neither to write nor to ask without a preflight', async () => {
    const headers = {
      origin: 'https://evil.example',
      'sec-fetch-site': 'cross-site',
      'user-agent': 'Mozilla/5.0',
    };
    const write = `mutation { addToCart(input: { productId: "${shop.shelf.productIds[5]}" }) { cart { id } } }`;
    const form = await fetch(shop.url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/plain' },
      body: JSON.stringify({ query: write }),
    });
    expect(form.status).toBe(415);
    for (const query of [write, '{ categories { id } }']) {
      const response = await get({ query }, headers);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify(await response.json())).not.toContain('"data"');
    }
    expect(
      await shop.prisma.cart.count({ where: { items: { some: { product: { name: 'Lamp 06' } } } } }),
    ).toBe(0);
  });
});
