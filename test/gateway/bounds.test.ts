import { getOperationAST, parse } from 'graphql';
import { refuseDearOperation } from '../../src/gateway/bounds/cost-bound.js';
import { OperationMeasuring } from '../../src/gateway/bounds/measure-operation.js';
import { MAX_NESTED_BRACKETS, refuseDeepNesting } from '../../src/gateway/bounds/nesting-guard.js';
import { createDocumentStore } from '../../src/gateway/document-store.js';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    SLUICE_HTTP_BATCHING: 'on',
    SLUICE_HTTP_MAX_BATCH_OPERATIONS: '3',
    SLUICE_HTTP_MAX_BODY_BYTES: '20000',
    SLUICE_HTTP_MAX_QUERY_TOKENS: '1000',
    SLUICE_HTTP_MAX_QUERY_DEPTH: '4',
    SLUICE_HTTP_MAX_QUERY_ALIASES: '6',
    SLUICE_HTTP_MAX_QUERY_ROOT_FIELDS: '3',
    SLUICE_HTTP_MAX_QUERY_SELECTIONS: '100',
    SLUICE_HTTP_MAX_QUERY_DIRECTIVES: '2',
    SLUICE_HTTP_MAX_QUERY_VARIABLES: '2',
  });
});
afterAll(() => gateway.close());

/** Code and message of the only error, and that there is nothing else. */
async function refusalOf(query: string, variables: object = {}): Promise<string> {
  const { data, errors } = await gateway.ask(query, { variables });
  expect(data).toBeUndefined();
  expect(errors).toHaveLength(1);
  return `${errors?.[0]?.extensions.code} ${errors?.[0]?.message}`;
}

describe('Bounds on documents', () => {
  it('refuse more tokens than configured', async () => {
    expect(await refusalOf(`{ ${'rows '.repeat(999)} }`)).toBe(
      'TOKENS_EXCEEDED The document has more than 1000 tokens; at most as many are allowed.',
    );
    const commas = `{ rows ${','.repeat(2000)} } # ${'no tokens '.repeat(200)}`;
    expect((await gateway.ask(commas)).errors).toBeUndefined();
  });

  it('leave what is no GraphQL to the parser', async () => {
    expect(await refusalOf(`{ rows ? ${'x '.repeat(2000)} }`)).toMatch(/^GRAPHQL_PARSE_FAILED Syntax Error/);
  });

  it.each<[string, string, string, string]>([
    [
      'depth',
      '{ planet { next { next { name } } } }',
      'query Deep { planet { next { next { next { name } } } } }',
      'DEPTH_EXCEEDED Operation "Deep" nests 5 levels of fields; at most 4 are allowed.',
    ],
    [
      'depth through named fragments',
      '{ planet { ...A } } fragment A on Planet { next { name } }',
      '{ planet { ...A } } fragment A on Planet { next { ...B } } fragment B on Planet { next { next { name } } }',
      'DEPTH_EXCEEDED The operation nests 5 levels of fields; at most 4 are allowed.',
    ],
    [
      'depth through inline fragments',
      '{ planet { ... on Planet { next { ... { next { name } } } } } }',
      '{ planet { ... on Planet { next { ... { next { next { name } } } } } } }',
      'DEPTH_EXCEEDED The operation nests 5 levels of fields; at most 4 are allowed.',
    ],
    [
      'aliases',
      '{ planet { a: name b: name c: name d: name e: name f: name } }',
      '{ planet { a: name b: name c: name d: name e: name f: name g: name } }',
      'ALIASES_EXCEEDED The operation has 7 aliases; at most 6 are allowed.',
    ],
    [
      'aliases wherever a fragment spreads them',
      '{ planet { ...F next { ...F } } } fragment F on Planet { a: name b: name c: name }',
      '{ planet { ...F next { ...F next { ...F } } } } fragment F on Planet { a: name b: name c: name }',
      'ALIASES_EXCEEDED The operation has 9 aliases; at most 6 are allowed.',
    ],
    [
      'root fields',
      '{ rows greeting cdnUrl rows ... { rows } ...F } fragment F on Query { rows ...F2 ...F2 } fragment F2 on Query { greeting }',
      '{ rows greeting ...F } fragment F on Query { cdnUrl a: rows }',
      'ROOT_FIELDS_EXCEEDED The operation has 4 root fields; at most 3 are allowed.',
    ],
    [
      'directives',
      '{ rows @include(if: true) greeting @skip(if: true) }',
      '{ rows @include(if: true) greeting @skip(if: true) ...F } fragment F on Query { cdnUrl @skip(if: false) }',
      'DIRECTIVES_EXCEEDED The document has 3 directives; at most 2 are allowed.',
    ],
    [
      'variables',
      'query ($a: String, $b: Int!) { greeting(name: $a, times: $b) }',
      'query ($a: String, $b: Int!, $c: [Int!]) { greeting(name: $a, times: $b) list(values: $c) }',
      'VARIABLES_EXCEEDED The operation has 3 variables; at most 2 are allowed.',
    ],
  ])('allow as much %s as configured and refuse one more', async (_what, allowed, refused, refusal) => {
    const variables = { a: 'you', b: 1 };
    expect((await gateway.ask(allowed, { variables })).errors).toBeUndefined();
    expect(await refusalOf(refused, variables)).toBe(refusal);
  });

  it('tell all that is beyond', async () => {
    const { errors } = await gateway.ask('{ a: rows b: rows c: rows d: rows e: rows f: rows g: rows }');
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual([
      'ALIASES_EXCEEDED',
      'ROOT_FIELDS_EXCEEDED',
    ]);
  });

  it('refuse fragments that unfold to billions of selections, at the cost of their text', async () => {
    const levels = Array.from(
      { length: 60 },
      (_, at) => `fragment F${at} on Planet { ...F${at + 1} ...F${at + 1} }`,
    );
    const bomb = `{ planet { ...F0 } } ${levels.join(' ')} fragment F60 on Planet { name }`;
    const measuring = new OperationMeasuring(parse(bomb));
    expect(measuring.measure(getOperationAST(parse(bomb))!)).toMatchObject({
      depth: 2,
      selections: 3 * 2 ** 60,
    });
    expect(await refusalOf(bomb)).toMatch(
      /^SELECTIONS_EXCEEDED The operation unfolds to \d+ selections; at most 100 are allowed\.$/,
    );
  });

  it('refuse more operations in a batch than configured', async () => {
    const send = async (count: number) => {
      const response = await fetch(`${gateway.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Array.from({ length: count }, () => ({ query: '{ rows }' }))),
      });
      return { status: response.status, body: (await response.json()) as unknown };
    };
    expect((await send(3)).body).toHaveLength(3);
    expect(await send(4)).toEqual({
      status: 400,
      body: {
        errors: [
          {
            message: 'The batch has 4 operations; at most 3 are allowed.',
            extensions: { code: 'BATCH_EXCEEDED' },
          },
        ],
      },
    });
  });

  it('refuse a larger body than configured', async () => {
    const answer = await gateway.ask('{ rows }', { variables: { text: 'x'.repeat(20_000) } });
    expect(answer).toMatchObject({
      status: 413,
      errors: [
        { message: expect.stringContaining('20000 bytes'), extensions: { code: 'PAYLOAD_TOO_LARGE' } },
      ],
    });
  });

  it('survive fragments that spread each other', async () => {
    const answer = await gateway.ask(
      '{ planet { ...A } } fragment A on Planet { next { ...B } } fragment B on Planet { next { ...A } }',
    );
    expect(answer.errors?.map(({ message }) => message).join()).toContain('within itself');
    const unknown = await gateway.ask('{ planet { ...Nothing } }');
    expect(unknown.errors?.[0]?.message).toContain('Unknown fragment');
  });

  it('do not count introspection', async () => {
    const answer = await gateway.ask(
      '{ __schema { types { fields { type { ofType { ofType { name } } } } } } }',
    );
    expect(answer.errors).toBeUndefined();
  });

  it('refuse nesting that could exhaust the stack, before parsing', async () => {
    const answer = await gateway.ask(`${'{a'.repeat(5_000)}${'}'.repeat(5_000)}`);
    expect(answer.status).toBe(400);
    expect(answer.errors?.[0]?.extensions.code).toBe('GRAPHQL_PARSE_FAILED');
    const byGet = await fetch(`${gateway.url}/graphql?${new URLSearchParams({ query: '['.repeat(2000) })}`);
    expect(byGet.status).toBe(400);
  });
});

describe('The nesting guard', () => {
  const tooDeep = '('.repeat(MAX_NESTED_BRACKETS + 1);

  it('allows as much as it says', () => {
    expect(() => refuseDeepNesting('['.repeat(MAX_NESTED_BRACKETS))).not.toThrow();
    expect(() => refuseDeepNesting('{}'.repeat(10_000))).not.toThrow();
    expect(() => refuseDeepNesting(tooDeep)).toThrow('nests more than');
  });

  it('does not count what stands in strings and comments', () => {
    for (const source of [
      `{ a(b: "${tooDeep}") }`,
      `{ a(b: "\\"${tooDeep}") }`,
      `{ a(b: """ " ${tooDeep} \\""" ${tooDeep} """) }`,
      `# ${tooDeep}\n{ a }`,
      `"""${tooDeep}`,
    ]) {
      expect(() => refuseDeepNesting(source)).not.toThrow();
    }
  });

  it('counts what follows them', () => {
    for (const source of [
      `"x"${tooDeep}`,
      `"""x"""${tooDeep}`,
      `# x\n${tooDeep}`,
      `""${tooDeep}`,
      `"\n${tooDeep}`,
    ]) {
      expect(() => refuseDeepNesting(source)).toThrow();
    }
  });
});

describe('The store of parsed documents', () => {
  it('knows a document by its key until it is deleted', async () => {
    const store = createDocumentStore();
    const document = parse('{ rows }');
    await store.set('a', document);
    expect(await store.get('a')).toBe(document);
    expect(await store.delete('a')).toBe(true);
    expect(await store.get('a')).toBeUndefined();
  });

  it('keeps no document whose length is unknown or beyond the bound, and forgets the oldest of too many', async () => {
    const store = createDocumentStore();
    await store.set('unknown', parse('{ rows }', { noLocation: true }));
    await store.set('long', parse(`{ rows } #${'x'.repeat(2_000_000)}`));
    expect(await store.get('unknown')).toBeUndefined();
    expect(await store.get('long')).toBeUndefined();
    for (let at = 0; at <= 2000; at += 1) await store.set(String(at), parse('{ rows }'));
    expect(await store.get('0')).toBeUndefined();
    expect(await store.get('2000')).toBeDefined();
  });
});

describe("The bound on an operation's cost", () => {
  const tier = { name: 'anonymous', maxOperationCost: 100 };

  it('is that of the tier', () => {
    expect(() => refuseDearOperation({ cost: 100, fields: [], fieldCharges: [] }, tier)).not.toThrow();
  });

  it('tells both numbers, and the root field that costs most', () => {
    const fields = [
      { key: 'a', cost: 20 },
      { key: 'b', cost: 60 },
      { key: 'c', cost: 21 },
    ];
    expect(() => refuseDearOperation({ cost: 101, fields, fieldCharges: [] }, tier)).toThrow(
      'The operation costs 101 points, 60 of them for "b"; at most 100 are allowed (anonymous).',
    );
    expect(() => refuseDearOperation({ cost: 101, fields: [], fieldCharges: [] }, tier)).toThrow(
      'The operation costs 101 points; at most 100 are allowed (anonymous).',
    );
  });
});
