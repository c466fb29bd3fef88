import { request } from 'node:http';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

let development: SmallGateway;
let production: SmallGateway;
beforeAll(async () => {
  development = await startSmallGateway();
  production = await startSmallGateway({
    SLUICE_ENV: 'production',
    SLUICE_HTTP_HOST: '127.0.0.1',
    SLUICE_HTTP_CORS_ORIGINS: 'https://app.example, https://admin.example',
  });
});
afterAll(async () => {
  await development.close();
  await production.close();
});

function preflight(gateway: SmallGateway, origin: string): Promise<Response> {
  return fetch(`${gateway.url}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization',
    },
  });
}
const allowed = (response: Response) => response.headers.get('access-control-allow-origin');

describe('Cross-origin requests', () => {
  it('are allowed from any port of localhost in development, and from nowhere else', async () => {
    for (const origin of [
      'http://localhost:3000',
      'https://localhost',
      'http://127.0.0.1:5173',
      'http://[::1]:8080',
    ]) {
      expect(allowed(await preflight(development, origin))).toBe(origin);
    }
    for (const origin of [
      'https://app.example',
      'http://localhost.evil.example',
      'http://evil.example:3000',
    ]) {
      expect(allowed(await preflight(development, origin))).toBeNull();
    }
  });

  it('are allowed from the configured origins only in production', async () => {
    expect(allowed(await preflight(production, 'https://admin.example'))).toBe('https://admin.example');
    expect(allowed(await preflight(production, 'http://localhost:3000'))).toBeNull();
  });

  it('get an answer to their preflight, and the id of the request to read', async () => {
    const response = await preflight(development, 'http://localhost:3000');
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type,authorization');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    const answer = await development.ask('{ greeting }', { headers: { origin: 'http://localhost:3000' } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('http://localhost:3000');
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-request-id');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('are allowed from everywhere with *', async () => {
    const open = await startSmallGateway({
      SLUICE_HTTP_CORS_ORIGINS: '*',
      SLUICE_ENV: 'production',
      SLUICE_HTTP_HOST: '127.0.0.1',
    });
    try {
      const answer = await open.ask('{ greeting }', { headers: { origin: 'https://anyone.example' } });
      expect(['*', 'https://anyone.example']).toContain(answer.headers.get('access-control-allow-origin'));
    } finally {
      await open.close();
    }
  });
});

describe('Security headers', () => {
  it('let an answer of the API be nothing but data', async () => {
    const answer = await development.ask('{ greeting }');
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('vary')).toContain('Accept');
    expect(answer.headers.get('vary')).toContain('Origin');
    expect(answer.headers.get('x-powered-by')).toBeNull();
  });

  it('ask for TLS in production only', async () => {
    expect((await production.ask('{ greeting }')).headers.get('strict-transport-security')).not.toBeNull();
    expect((await development.ask('{ greeting }')).headers.get('strict-transport-security')).toBeNull();
  });
});

describe('Compression', () => {
  // fetch decompresses silently; this shows what came over the wire.
  function askRaw(
    length: number,
    encoding: string,
  ): Promise<{ encoding: string | undefined; bytes: Buffer }> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${development.url}/graphql`,
        { method: 'POST', headers: { 'content-type': 'application/json', 'accept-encoding': encoding } },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ encoding: response.headers['content-encoding'], bytes: Buffer.concat(chunks) }),
          );
        },
      );
      outgoing.on('error', reject);
      outgoing.end(JSON.stringify({ query: `{ text(length: ${length}) }` }));
    });
  }

  it('comes as br or gzip, as the client prefers', async () => {
    const br = await askRaw(5000, 'gzip, deflate, br');
    expect(br.encoding).toBe('br');
    expect(JSON.parse(brotliDecompressSync(br.bytes).toString()).data.text).toHaveLength(5000);
    const gzip = await askRaw(5000, 'gzip');
    expect(gzip.encoding).toBe('gzip');
    expect(JSON.parse(gunzipSync(gzip.bytes).toString()).data.text).toHaveLength(5000);
    expect(gzip.bytes.length).toBeLessThan(1000);
  });

  it('leaves small answers and unwilling clients alone', async () => {
    expect((await askRaw(100, 'br')).encoding).toBeUndefined();
    expect((await askRaw(5000, 'identity')).encoding).toBeUndefined();
  });

  it('is not accepted for bodies of requests', async () => {
    const response = await fetch(`${development.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: 'x',
    });
    expect(response.status).toBe(400);
  });
});
