import { type SmallGateway, startSmallGateway } from './small-gateway.js';

let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({ SLUICE_HTTP_CDN_URL: 'https://cdn.example/files/' });
});
afterAll(() => gateway.close());

describe('Request ids', () => {
  it('are made up where the caller sends none, echoed, and known to resolvers', async () => {
    const answer = await gateway.ask('{ requestId }');
    expect(answer.data?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('x-request-id')).toBe(answer.data?.requestId);
  });

  it('are taken from the caller', async () => {
    const answer = await gateway.ask('{ requestId }', { headers: { 'x-request-id': 'trace:01.a_b-c' } });
    expect(answer.data).toEqual({ requestId: 'trace:01.a_b-c' });
    expect(answer.headers.get('x-request-id')).toBe('trace:01.a_b-c');
  });

  it('are replaced where the given one is too long or could forge a log line', async () => {
    for (const given of ['x'.repeat(65), 'a b', '{"level":60}', 'a,b']) {
      const answer = await gateway.ask('{ requestId }', { headers: { 'x-request-id': given } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('come with errors, too', async () => {
    const response = await fetch(`${gateway.url}/nowhere`, { headers: { 'x-request-id': 'lost' } });
    expect(response.headers.get('x-request-id')).toBe('lost');
  });
});

describe('The context', () => {
  it('has the URL of the CDN without a trailing slash', async () => {
    expect((await gateway.ask('{ cdnUrl }')).data).toEqual({ cdnUrl: 'https://cdn.example/files' });
  });
});

describe('The log', () => {
  const requestLine = (id: string) =>
    gateway.log.waitForLine(({ msg, requestId }) => msg === 'request' && requestId === id);

  it('has one line a request, with operation, status, duration and statements', async () => {
    await gateway.ask('query Rows { rows }', { headers: { 'x-request-id': 'line-1' } });
    expect(await requestLine('line-1')).toMatchObject({
      level: 30,
      method: 'POST',
      route: '/graphql',
      status: 200,
      operation: 'Rows',
      operationType: 'query',
      statements: 2,
      durationMs: expect.any(Number),
    });
    expect(gateway.log.lines.filter(({ requestId }) => requestId === 'line-1')).toHaveLength(1);
  });

  it("bounds an operation's name", async () => {
    await gateway.ask(`query ${'Q'.repeat(5000)} { rows }`, { headers: { 'x-request-id': 'line-2' } });
    expect((await requestLine('line-2')).operation).toBe('Q'.repeat(100));
  });

  it('names the codes of errors', async () => {
    await gateway.ask('{ a: coded b: coded c: refused }', { headers: { 'x-request-id': 'line-3' } });
    expect((await requestLine('line-3')).errorCodes).toEqual(['FORBIDDEN', 'BAD_USER_INPUT']);
  });

  it('keeps probes and page files at debug', async () => {
    await fetch(`${gateway.url}/livez`, { headers: { 'x-request-id': 'line-4' } });
    expect((await requestLine('line-4')).level).toBe(20);
  });

  it('tells of a client that went away', async () => {
    const slow = await startSmallGateway();
    try {
      const controller = new AbortController();
      const response = fetch(`${slow.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{ wait }"}',
        signal: controller.signal,
      });
      await slow.world.waiting;
      controller.abort();
      await expect(response).rejects.toThrow();
      expect(await slow.log.waitForLine(({ aborted }) => aborted === true)).toMatchObject({ status: 499 });
      slow.world.release();
    } finally {
      await slow.close();
    }
  });
});

describe('Metrics', () => {
  it('count requests, operations and what runs now, beside those of the process', async () => {
    const counted = await startSmallGateway();
    try {
      await counted.ask('{ rows }');
      await counted.ask('mutation { bump }');
      await counted.ask('{ nothing }');
      await counted.ask('{ missing }');
      await fetch(`${counted.url}/secret/12345`);
      const response = await fetch(`${counted.url}/metrics`);
      expect(response.headers.get('content-type')).toContain('text/plain');
      const text = await response.text();
      for (const line of [
        'sluice_http_requests_total{method="POST",route="/graphql",status="200"} 4',
        'sluice_http_requests_total{method="GET",route="unknown",status="404"} 1',
        'sluice_http_request_duration_seconds_count{method="POST",route="/graphql"} 4',
        'sluice_http_requests_in_flight 1',
        'sluice_graphql_operations_total{type="query",outcome="ok"} 1',
        'sluice_graphql_operations_total{type="mutation",outcome="ok"} 1',
        'sluice_graphql_operations_total{type="unknown",outcome="refused"} 1',
        'sluice_graphql_operations_total{type="query",outcome="failed"} 1',
      ]) {
        expect(text).toContain(line);
      }
      expect(text).toContain('nodejs_eventloop_lag_seconds');
      expect(text).toContain('process_resident_memory_bytes');
      expect(text).not.toContain('12345');
    } finally {
      await counted.close();
    }
  });
});
