import { connect } from 'node:net';
import { auditServer } from 'graphql-http';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

const GRAPHQL_JSON = { accept: 'application/graphql-response+json' };

let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.close());

function get(search: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.url}/graphql?${new URLSearchParams(search)}`, { headers });
}

describe('GraphQL over HTTP', () => {
  it("passes graphql-http's audit without a failure, a warning or a notice", async () => {
    const results = await auditServer({ url: `${gateway.url}/graphql` });
    const faults = results.flatMap((result) =>
      result.status === 'ok' ? [] : [`${result.status} ${result.id} ${result.name}: ${result.reason}`],
    );
    expect(faults).toEqual([]);
    expect(results.length).toBeGreaterThan(50);
  });

  it('answers a query by POST', async () => {
    const answer = await gateway.ask('{ greeting(name: "you") }');
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ greeting: 'Hello, you!' });
  });

  it('answers a query by GET, with variables and operation name', async () => {
    const response = await get({
      query: 'query A($name: String) { greeting(name: $name) } query B { rows }',
      operationName: 'A',
      variables: '{"name":"you"}',
    });
    expect(await response.json()).toEqual({ data: { greeting: 'Hello, you!' } });
  });

  it('names the media type that the client prefers', async () => {
    const preferences: [string, string][] = [
      ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
      [
        'application/graphql-response+json, application/json;q=0.9',
        'application/graphql-response+json; charset=utf-8',
      ],
      ['application/json', 'application/json; charset=utf-8'],
      ['text/html, */*;q=0.8', 'application/json; charset=utf-8'],
    ];
    for (const [accept, expected] of preferences) {
      const answer = await gateway.ask('{ greeting }', { headers: { accept } });
      expect([accept, answer.headers.get('content-type')]).toEqual([accept, expected]);
    }
  });

  it('answers a refused request with 400 as application/graphql-response+json, with 200 as application/json', async () => {
    for (const query of [
      '{',
      '{ nothing }',
      'query ($name: Int!) { greeting(times: $name) }',
      'query A { rows } query B { rows }',
    ]) {
      expect((await gateway.ask(query, { headers: GRAPHQL_JSON })).status).toBe(400);
      const answer = await gateway.ask(query, { headers: { accept: 'application/json' } });
      expect(answer.status).toBe(200);
      expect(answer.data).toBeUndefined();
    }
  });

  it('executes no mutation over GET and says 405', async () => {
    const response = await get({ query: 'mutation { bump }' }, GRAPHQL_JSON);
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(gateway.world.bumps).toBe(0);
  });

  it('says 405 and what is allowed to other methods', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'HEAD']) {
      const response = await fetch(`${gateway.url}/graphql`, { method });
      expect([method, response.status, response.headers.get('allow')]).toEqual([
        method,
        405,
        'GET, POST, OPTIONS',
      ]);
    }
  });

  it('executes nothing for a client that can read no answer', async () => {
    const answer = await gateway.ask('mutation { bump }', { headers: { accept: 'text/csv' } });
    expect(answer.status).toBe(406);
    expect(answer.errors?.[0]?.extensions.code).toBe('NOT_ACCEPTABLE');
    expect(gateway.world.bumps).toBe(0);
  });

  it('refuses a body that is no JSON by its content type', async () => {
    for (const contentType of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body: '{"query":"mutation { bump }"}',
      });
      expect([contentType, response.status]).toEqual([contentType, 415]);
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'UNSUPPORTED_MEDIA_TYPE' } }],
      });
    }
    expect(gateway.world.bumps).toBe(0);
  });

  it('refuses a body beyond the limit and says what the limit is', async () => {
    const answer = await gateway.ask(`{ greeting(name: "${'x'.repeat(1_100_000)}") }`);
    expect(answer.status).toBe(413);
    expect(answer.errors).toEqual([
      {
        message: "The request's body is larger than 1048576 bytes",
        extensions: { code: 'PAYLOAD_TOO_LARGE' },
      },
    ]);
  });

  it('answers unknown paths in the same form', async () => {
    const response = await fetch(`${gateway.url}/nowhere`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});

describe('Malformed HTTP', () => {
  /** What the server answers to these very bytes. */
  function send(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1', () => socket.end(text));
      let answer = '';
      socket.on('data', (chunk) => {
        answer += String(chunk);
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(answer));
    });
  }

  it('is answered with 400, in the same form, and is no internal error', async () => {
    for (const request of [
      'GET /graphql?query=%7Brows%7D HTTP/1.0\r\n\r\n',
      'GET /graphql?query=%7Brows%7D HTTP/1.1\r\nHost: a[b\r\nConnection: close\r\n\r\n',
      'GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    ]) {
      const answer = await send(request);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('"code":"BAD_REQUEST"');
    }
    expect(gateway.log.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  it('survives variables that nest beyond the stack', async () => {
    const depth = 40_000;
    const variables = `${'{"name":"x","moons":['.repeat(depth)}${']}'.repeat(depth)}`;
    const response = await fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"query":"query ($input: MoonInput!) { moon(input: $input) }","variables":{"input":${variables}}}`,
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: expect.any(String) } }] });
    expect((await gateway.ask('{ rows }')).data).toEqual({ rows: 2 });
  });
});

describe('Protection against cross-site request forgery', () => {
  const query = { query: '{ greeting }' };
  const browser = 'Mozilla/5.0 (X11; Linux x86_64) Chrome/140';

  it('refuses a GET that a page of another site can cause', async () => {
    const dubious: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'user-agent': browser },
    ];
    for (const headers of dubious) {
      const response = await get(query, headers);
      expect(response.status).toBe(400);
      expect(JSON.stringify(await response.json())).toContain('Cross-Site Request Forgery');
    }
  });

  it('answers a GET of the user, of our own pages, of programs, and one that needed a preflight', async () => {
    const trustworthy: Record<string, string>[] = [
      { 'sec-fetch-site': 'none', 'user-agent': browser },
      { 'sec-fetch-site': 'same-origin', 'user-agent': browser },
      { 'user-agent': 'curl/8.5.0' },
      { 'sec-fetch-site': 'cross-site', 'apollo-require-preflight': 'true' },
      { 'user-agent': browser, 'content-type': 'application/json' },
    ];
    for (const headers of trustworthy) expect((await get(query, headers)).status).toBe(200);
  });
});

describe('Batching', () => {
  const batch = JSON.stringify([{ query: '{ greeting }' }, { query: '{ rows }' }]);
  const post = (url: string, body: string) =>
    fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  it('is off, and the refusal says how to turn it on', async () => {
    const response = await post(gateway.url, batch);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      errors: [
        { message: expect.stringContaining('SLUICE_HTTP_BATCHING=on'), extensions: { code: 'BAD_REQUEST' } },
      ],
    });
  });

  it('answers each operation where it is on, up to a bound', async () => {
    const batching = await startSmallGateway({ SLUICE_HTTP_BATCHING: 'on' });
    try {
      const response = await post(batching.url, batch);
      expect(await response.json()).toEqual([{ data: { greeting: 'Hello, world!' } }, { data: { rows: 2 } }]);
      const tooMany = JSON.stringify(Array.from({ length: 21 }, () => ({ query: '{ greeting }' })));
      expect((await post(batching.url, tooMany)).status).toBe(400);
    } finally {
      await batching.close();
    }
  });
});

describe('Introspection', () => {
  it('is answered by default', async () => {
    expect((await gateway.ask('{ __type(name: "Planet") { name } }')).data).toEqual({
      __type: { name: 'Planet' },
    });
  });

  it('is refused where it is off, and names are not suggested either', async () => {
    const closed = await startSmallGateway({ SLUICE_HTTP_INTROSPECTION: 'off' });
    try {
      const answer = await closed.ask('{ __schema { types { name } } }', { headers: GRAPHQL_JSON });
      expect(answer.status).toBe(400);
      const misspelt = await closed.ask('{ greetin }');
      expect(misspelt.errors?.[0]?.message).not.toContain('greeting');
    } finally {
      await closed.close();
    }
  });
});
