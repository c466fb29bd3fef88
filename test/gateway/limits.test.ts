import { parse } from 'graphql';
import { createDocumentStore } from '../../src/gateway/limits/document-store.js';
import { MAX_NESTED_BRACKETS, refuseDeepNesting } from '../../src/gateway/limits/nesting-guard.js';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

let gateway: SmallGateway;
beforeAll(async () => {
  gateway = await startSmallGateway({
    SLUICE_HTTP_MAX_QUERY_TOKENS: '1000',
    SLUICE_HTTP_MAX_QUERY_DEPTH: '4',
  });
});
afterAll(() => gateway.close());

describe('Limits on documents', () => {
  it('refuse more tokens than configured', async () => {
    const answer = await gateway.ask(`{ ${'rows '.repeat(1000)} }`);
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining('more that 1000 tokens'),
      extensions: { code: 'GRAPHQL_PARSE_FAILED' },
    });
  });

  it('allow the configured depth and refuse one more', async () => {
    expect((await gateway.ask('{ planet { next { next { name } } } }')).errors).toBeUndefined();
    const answer = await gateway.ask('query Deep { planet { next { next { next { name } } } } }');
    expect(answer.errors?.[0]?.message).toBe(
      'Operation "Deep" nests 5 levels of fields; at most 4 are allowed.',
    );
  });

  it('count depth through fragments, named or not', async () => {
    const named = await gateway.ask(
      '{ planet { ...A } } fragment A on Planet { next { ...B } } fragment B on Planet { next { next { name } } }',
    );
    expect(named.errors?.[0]?.message).toContain('The operation nests 5 levels');
    const inline = await gateway.ask(
      '{ planet { ... on Planet { next { ... { next { next { name } } } } } } }',
    );
    expect(inline.errors?.[0]?.message).toContain('nests 5 levels');
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

  it('refuse fragments that unfold to millions of selections', async () => {
    const levels = Array.from(
      { length: 24 },
      (_, at) => `fragment F${at} on Planet { ...F${at + 1} ...F${at + 1} }`,
    );
    const answer = await gateway.ask(
      `{ planet { ...F0 } } ${levels.join(' ')} fragment F24 on Planet { name }`,
    );
    expect(answer.errors?.[0]?.message).toContain('too many selections');
  });

  it('refuse nesting that could exhaust the stack, before parsing', async () => {
    const answer = await gateway.ask(`${'{a'.repeat(50_000)}${'}'.repeat(50_000)}`);
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
