import { Gauge } from 'prom-client';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway();
});
afterAll(() => gateway.close());

const firstError = async (query: string, variables?: object) =>
  (await gateway.ask(query, { variables })).errors?.[0];

describe('Errors that nobody foresaw', () => {
  it('reach the client as an id, under which the log has the error and the request', async () => {
    const answer = await gateway.ask('{ greeting defect }', { headers: { 'x-request-id': 'defect-1' } });
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({ greeting: 'Hello, world!', defect: null });
    const [error] = answer.errors ?? [];
    expect(error).toMatchObject({
      message: 'Internal server error',
      path: ['defect'],
      extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    expect(JSON.stringify(answer)).not.toContain('hunter2');
    const line = await gateway.log.waitForLine(({ errorId }) => errorId === error?.extensions.errorId);
    expect(line).toMatchObject({ level: 50, requestId: 'defect-1', err: { message: 'password=hunter2' } });
  });

  it('hide what a non-null field or an object field met', async () => {
    expect(await firstError('{ missing }')).toMatchObject({ message: 'Internal server error' });
    expect(await firstError('{ planet { broken } }')).toMatchObject({
      message: 'Internal server error',
      path: ['planet', 'broken'],
    });
  });

  it('never show a stack', async () => {
    expect(JSON.stringify(await firstError('{ defect }'))).not.toContain('stack');
  });
});

describe('Errors that were foreseen', () => {
  it('pass with their code and the path of the input at fault', async () => {
    expect(await firstError('{ refused }')).toMatchObject({
      message: 'input.stars.2 must lie between 1 and 5',
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['input', 'stars', 2] },
    });
  });

  it('pass with code and extensions where a resolver throws a GraphQLError', async () => {
    expect(await firstError('{ coded }')).toMatchObject({
      message: 'Not yours',
      extensions: { code: 'FORBIDDEN', why: 'test' },
    });
  });

  it('pass, and are logged, where a GraphQLError has no code', async () => {
    const error = await firstError('{ uncoded }');
    expect(error).toMatchObject({
      message: 'Written for clients',
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    });
    await gateway.log.waitForLine(({ errorId }) => errorId === error?.extensions.errorId);
  });

  it('are logged with their cause where the server is at fault', async () => {
    expect(await firstError('{ unavailable }')).toMatchObject({
      message: 'The database does not answer',
      extensions: { code: 'DATABASE_UNAVAILABLE' },
    });
    const line = await gateway.log.waitForLine(({ msg }) => msg === 'A request failed in part');
    expect(JSON.stringify(line)).toContain('ECONNREFUSED');
  });

  it('are counted by code', async () => {
    await gateway.ask('{ coded }');
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/sluice_graphql_errors_total\{code="FORBIDDEN"\} [1-9]/);
  });
});

describe('Values that do not fit their type', () => {
  const MOON = 'query ($input: MoonInput!) { moon(input: $input) }';

  it('are BAD_USER_INPUT with the path inside of the variable', async () => {
    expect(await firstError(MOON, { input: { name: 'Io', radius: 'big' } })).toMatchObject({
      message: expect.stringContaining('input.radius'),
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['input', 'radius'] },
    });
    expect(await firstError(MOON, { input: { name: 'Io', moons: [{ name: 'a' }, {}] } })).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['input', 'moons', 1] },
    });
  });

  it('are all reported at once, each with its own path', async () => {
    const answer = await gateway.ask(
      'query ($a: Even!, $input: MoonInput!) { even(value: $a) moon(input: $input) }',
      {
        variables: { a: 3, input: { radius: 1.5, mood: 'SAD', colour: 'red' } },
      },
    );
    // What is missing or unknown is a fault of the object that it is not, or should not be, in.
    expect(answer.errors?.map(({ extensions }) => extensions.inputPath)).toEqual([
      ['a'],
      ['input'],
      ['input', 'radius'],
      ['input', 'mood'],
      ['input'],
    ]);
  });

  it('name the variable that is missing or null', async () => {
    for (const variables of [{}, { input: null }]) {
      expect(await firstError(MOON, variables)).toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', inputPath: ['input'] },
      });
    }
  });

  it('are told apart by what a scalar says, whatever class of error it throws', async () => {
    expect(await firstError('query ($value: Even!) { even(value: $value) }', { value: 3 })).toMatchObject({
      message: expect.stringContaining('must be even'),
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['value'] },
    });
    expect(await firstError('{ even(value: "x") }')).toMatchObject({
      message: expect.stringContaining('must be a number'),
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['value'] },
    });
  });

  it('have a path where they are written in the document, too', async () => {
    expect(
      await firstError('{ moon(input: { name: "Io", moons: [{ name: "a" }, { name: 7 }] }) }'),
    ).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['input', 'moons', 1, 'name'] },
    });
    expect(await firstError('{ moon(input: { name: "Io", colour: "red" }) }')).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['input', 'colour'] },
    });
    expect(await firstError('query ($a: Int = "x") { greeting(times: $a) }')).toMatchObject({
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['a'] },
    });
  });

  it('are found where a variable without a value meets an argument that needs one', async () => {
    expect(
      await firstError('query ($times: Int = 1) { greeting(times: $times) }', { times: null }),
    ).toMatchObject({
      path: ['greeting'],
      extensions: { code: 'BAD_USER_INPUT', inputPath: ['times'] },
    });
  });

  it('end in one more BAD_USER_INPUT where there are too many to list', async () => {
    const answer = await gateway.ask('query ($values: [Int!]) { list(values: $values) }', {
      variables: { values: Array.from({ length: 100 }, () => 'x') },
    });
    expect(answer.errors?.length).toBeLessThan(60);
    expect(new Set(answer.errors?.map(({ extensions }) => extensions.code))).toEqual(
      new Set(['BAD_USER_INPUT']),
    );
  });

  it('leave other faults of a document what they are', async () => {
    expect(await firstError('{ greeting(nmae: "x") }')).toMatchObject({
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(await firstError('query ($a: Int) { rows }')).toMatchObject({
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(await firstError('{')).toMatchObject({ extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  });
});

describe('Errors outside of execution', () => {
  it('are masked where Apollo Server meets them, under an id that the log has', async () => {
    // No client sends this; what it does to a string's concatenation nobody foresaw.
    const sha256Hash = { toString: 1, valueOf: 1 };
    const answer = await gateway.ask('', {
      body: { query: undefined, extensions: { persistedQuery: { version: 1, sha256Hash } } },
      headers: { 'x-request-id': 'unexpected-1' },
    });
    expect(answer.status).toBe(500);
    expect(answer.errors).toMatchObject([
      {
        message: 'Internal server error',
        extensions: { code: 'INTERNAL_SERVER_ERROR', errorId: expect.any(String) },
      },
    ]);
    await gateway.log.waitForLine(({ errorId }) => errorId === answer.errors?.[0]?.extensions.errorId);
    const line = await gateway.log.waitForLine(({ msg }) => msg === 'A request met an unexpected error');
    expect(line.requestId).toBe('unexpected-1');
  });

  it('are masked where the HTTP server meets them, too', async () => {
    const metrics = createMetrics();
    metrics.registry.registerMetric(
      new Gauge({
        name: 'broken',
        help: 'Fails to be read.',
        registers: [],
        collect() {
          throw new Error('password=hunter2');
        },
      }),
    );
    const broken = await startSmallGateway({}, { metrics });
    try {
      const response = await fetch(`${broken.url}/metrics`);
      expect(response.status).toBe(500);
      const text = await response.text();
      expect(text).not.toContain('hunter2');
      const { errorId } = JSON.parse(text).errors[0].extensions;
      const line = await broken.log.waitForLine((candidate) => candidate.errorId === errorId);
      expect(line).toMatchObject({ level: 50, err: { message: 'password=hunter2' } });
    } finally {
      await broken.close();
    }
  });
});
