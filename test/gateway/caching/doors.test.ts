import { randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { SMALL_TIERS } from '../limits/limited-gateway.js';
import { type CachedZoo, type CachingNode, openCachedZoo, signedIn } from './cached-zoo.js';

let zoo: CachedZoo;
let cached: CachingNode;
let plain: CachingNode;
beforeAll(async () => {
  zoo = await openCachedZoo();
  [cached, plain] = await Promise.all([zoo.openNode(), zoo.openNode(null, { SLUICE_CACHE: 'off' })]);
  await send(cached, {});
});
afterAll(() => zoo.close());

const QUERY = '{ animals(first: 2) { name taxon { name } } }';
const BODY = JSON.stringify({ query: QUERY });
const SEARCH = `?query=${encodeURIComponent(QUERY)}`;

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer | null;
}

interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Just what is said, without what a client adds by itself. */
function send(
  node: CachingNode,
  { method = 'POST', path = '/graphql', headers = {}, body = BODY }: Sent,
): Promise<Got> {
  const isBare = method === 'GET' || method === 'HEAD' || body === null;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${node.url}${path}`,
      {
        method,
        headers: {
          ...(isBare ? { 'apollo-require-preflight': '1' } : { 'content-type': 'application/json' }),
          ...(isBare || headers['transfer-encoding'] ? {} : { 'content-length': Buffer.byteLength(body) }),
          ...headers,
        },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks),
          }),
        );
        incoming.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(isBare ? undefined : body);
  });
}

/** What differs from one request to the next, or says what the cache did. */
const OWN = new Set(['date', 'x-request-id', 'age', 'etag', 'cache-status', 'cache-control', 'keep-alive']);

function comparable({ status, headers, body }: Got) {
  const kept = Object.entries(headers).filter(([name]) => !OWN.has(name));
  return { status, headers: Object.fromEntries(kept), body: body.toString('base64') };
}

/** Each alters one thing about a request whose answer is kept. */
const ALTERED: Record<string, Sent> = {
  'as it is': {},
  'by GET': { method: 'GET', path: `/graphql${SEARCH}` },
  'by HEAD': { method: 'HEAD', path: `/graphql${SEARCH}` },
  'by PUT': { method: 'PUT' },
  'by OPTIONS': {
    method: 'OPTIONS',
    headers: { origin: 'https://a.example', 'access-control-request-method': 'POST' },
  },
  'with a slash more': { path: '/graphql/' },
  'with a search': { path: '/graphql?a=1' },
  'with a token that is none': { headers: { authorization: 'Bearer nonsense' } },
  'with a scheme that is none': { headers: { authorization: 'Basic YTpi' } },
  'with an unsigned token': {
    headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.' },
  },
  'with a key that is none': { headers: { 'x-api-key': 'sluice_nonsense' } },
  'with a cookie': { headers: { cookie: 'session=nonsense' } },
  'with a broken host': { headers: { host: 'a b' } },
  'from another origin': { headers: { origin: 'https://evil.example' } },
  'from a page of this machine': { headers: { origin: 'http://localhost:3000' } },
  'as a form': { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  'as plain text': { headers: { 'content-type': 'text/plain' } },
  'in another charset': { headers: { 'content-type': 'application/json; charset=utf-16' } },
  'by GET from another site': {
    method: 'GET',
    path: `/graphql${SEARCH}`,
    headers: { 'apollo-require-preflight': [] as never, 'sec-fetch-site': 'cross-site' },
  },
  'by GET with a body of sorts': {
    method: 'GET',
    path: `/graphql${SEARCH}`,
    headers: { 'content-type': 'text/plain' },
  },
  'for HTML': { headers: { accept: 'text/html' } },
  'for XML': { headers: { accept: 'application/xml' } },
  'for the other type': { headers: { accept: 'application/graphql-response+json' } },
  'compressed by gzip': { headers: { 'accept-encoding': 'gzip' } },
  'compressed by brotli': { headers: { 'accept-encoding': 'br, gzip' } },
  'compressed by nothing known': { headers: { 'accept-encoding': 'compress' } },
  'sent compressed': { body: gzipSync(BODY), headers: { 'content-encoding': 'gzip' } },
  'in chunks': { headers: { 'transfer-encoding': 'chunked' } },
  'with a position that is none': { headers: { 'sluice-position': 'nonsense' } },
  'expecting to be told to go on': { headers: { expect: '100-continue' } },
  'with white space': { body: ` ${BODY}\n` },
  'in another order': { body: JSON.stringify({ variables: {}, query: QUERY }) },
  'with another name': { body: JSON.stringify({ query: QUERY, operationName: 'Nobody' }) },
  'with extensions': { body: JSON.stringify({ query: QUERY, extensions: { of: 'mine' } }) },
  'cut off': { body: BODY.slice(0, -2) },
  'as a list': { body: `[${BODY}]` },
  'as nothing': { body: '' },
  'as null': { body: 'null' },
  'with a query that is none': { body: JSON.stringify({ query: '{ nothing }' }) },
  'with a query twice': { body: `{"query":"{ nothing }",${BODY.slice(1)}` },
  'with a prototype': { body: `{"__proto__":{"a":1},${BODY.slice(1)}` },
  'too large': { body: JSON.stringify({ query: QUERY, variables: { a: 'x'.repeat(2_000_000) } }) },
  'too deep': {
    body: JSON.stringify({
      query: `{ animals { ${'taxon { animals { '.repeat(40)} name ${'} } '.repeat(40)} } }`,
    }),
  },
};

describe('The way of kept answers', () => {
  for (const [how, sent] of Object.entries(ALTERED)) {
    it(`answers a request ${how} as the gateway does without a cache`, async () => {
      const expected = comparable(await send(plain, sent));
      // Twice: the second one may be known by its text.
      for (let times = 0; times < 3; times++) {
        expect([times, comparable(await send(cached, sent))]).toEqual([times, expected]);
      }
    });
  }

  it('was gone by the plain ones of them', async () => {
    for (const sent of [{}, ALTERED['by GET'], ALTERED['compressed by gzip'], ALTERED['with white space']]) {
      expect((await send(cached, sent ?? {})).headers['cache-status']).toMatch(/; hit/);
    }
  });
});

describe('Limits', () => {
  const ENV = {
    ...{ SLUICE_LIMITS: 'enforce', SLUICE_HTTP_TRUSTED_PROXIES: '127.0.0.1' },
    SLUICE_LIMITS_REDIS_DEADLINE_MS: '10000',
  };
  const APP = { tiers: SMALL_TIERS };
  let limited: CachingNode;
  let reference: CachingNode;
  beforeAll(async () => {
    limited = await zoo.openNode(null, ENV, APP);
    reference = await zoo.openNode(null, { ...ENV, SLUICE_CACHE: 'off' }, APP);
    await send(limited, { headers: { 'x-forwarded-for': '192.0.2.99' } });
  });

  it('charge kept answers as computed ones, tell the same, and refuse at the same request', async () => {
    const headers = { 'x-forwarded-for': '192.0.2.1' };
    let hits = 0;
    for (let times = 0; times < 8; times++) {
      const [one, other] = [await send(limited, { headers }), await send(reference, { headers })];
      expect([times, comparable(one)]).toEqual([times, comparable(other)]);
      if (one.headers['cache-status']?.includes('; hit')) hits += 1;
    }
    expect(hits).toBe(5);
  });

  it('hold a viewer on both ways to one budget', async () => {
    const headers = { ...(await signedIn(randomUUID(), 'premium')), 'x-forwarded-for': '192.0.2.2' };
    await send(limited, { headers });
    const left: number[] = [];
    for (let times = 0; times < 6; times++) {
      const sent = times % 2 === 0 ? { headers } : { headers: { ...headers, cookie: 'a=b' } };
      const { ratelimit } = (await send(limited, sent)).headers;
      left.push(Number(/r=(\d+)/.exec(String(ratelimit))?.[1]));
    }
    expect(left).toEqual([18, 17, 16, 15, 14, 13]);
  });
});

describe('Whoever was signed in', () => {
  it('is refused a kept answer once the token has ended', async () => {
    const headers = await signedIn('1');
    await send(cached, { headers });
    expect((await send(cached, { headers })).headers['cache-status']).toMatch(/; hit/);
    const broken = { authorization: `${headers.authorization}x` };
    expect((await send(cached, { headers: broken })).status).toBe(401);
  });
});
