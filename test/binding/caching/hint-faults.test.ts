import { bindApi } from '../../../src/binding/bind-schema.js';
import type { CachePolicySettings } from '../../../src/binding/caching/policy-table.js';
import { SchemaFaults } from '../../../src/binding/sdl/schema-faults.js';

function bind(text: string, cachePolicies: CachePolicySettings = {}) {
  return bindApi({
    sdl: [{ path: 'hints.graphql', text }],
    graph: { hash: '', models: new Map(), enums: new Map() },
    resolvers: {
      Query: { a: () => 'a', ...(/\bt: T/.test(text) && { t: () => ({}) }) },
      ...(text.includes('type Mutation') && { Mutation: { m: () => 1 } }),
    } as never,
    limits: { defaultPageRows: 10, maxPageRows: 10 },
    cachePolicies,
    cacheNames: { caches: new Set(['catalog']), vary: new Set(['LOCALE']) },
  });
}

function faultsOf(text: string, settings?: CachePolicySettings): readonly string[] {
  try {
    bind(text, settings);
    return [];
  } catch (error) {
    if (error instanceof SchemaFaults)
      return error.message
        .split('\n')
        .slice(1)
        .map((line) => line.trim());
    throw error;
  }
}

const query = (hint: string) => `type Query {\n  a: String! ${hint}\n}`;

describe('A hint that can not be', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    [
      '@cacheControl(maxAge: -1)',
      /^hints\.graphql:2:14 @cacheControl on Query\.a has maxAge: -1; expected whole seconds from 0/,
    ],
    ['@cacheControl(maxAge: 400000000)', /expected whole seconds from 0 to 315360000/],
    ['@cacheControl(maxAge: 1, inheritMaxAge: true)', /has both maxAge and inheritMaxAge/],
    ['@cachePolicy(staleIfError: -5)', /@cachePolicy on Query\.a has staleIfError: -5/],
    ['@cachePolicy(vary: ["TEIR"])', /varies by TEIR, which nobody knows \(did you mean "TIER"\?\)/],
    [
      '@cachePolicy(cache: "catalogue")',
      /names the cache catalogue, which isn't defined \(did you mean "catalog"\?\)/,
    ],
  ];
  for (const [hint, fault] of cases) {
    it(`is a fault with its place: ${hint}`, () => {
      expect(faultsOf(query(hint))).toEqual([expect.stringMatching(fault)]);
    });
  }

  it('is one on a mutation, which is never kept', () => {
    const sdl = `${query('')} type Mutation { m: Int @cacheControl(maxAge: 5) }`;
    expect(faultsOf(sdl)).toEqual([
      expect.stringMatching(/@cacheControl on Mutation\.m can do nothing: only queries are cached/),
    ]);
  });

  it('is told together with all others', () => {
    const sdl =
      'type Query { a: String @cacheControl(maxAge: -1) t: T }\ntype T @cachePolicy(cache: "x") { b: String @cacheControl(maxAge: -2) }';
    expect(faultsOf(sdl)).toHaveLength(3);
  });

  it('may be one of the settings, too', () => {
    const settings = {
      'Query.b': { maxAge: 5 },
      'Query.a': { maxAge: 0.5, vary: ['LOCAL'] },
      T: { cache: 'none' },
    };
    expect(faultsOf(`${query('')} extend type Query { t: T } type T { b: String }`, settings)).toEqual([
      expect.stringMatching(
        /There is a cache policy of Query\.b, which is not in the schema \(did you mean "Query\.a"\?\)/,
      ),
      expect.stringMatching(/The cache policy of (T|Query\.a) /),
      expect.stringMatching(/The cache policy of /),
      expect.stringMatching(/The cache policy of /),
    ]);
  });
});

describe('Settings', () => {
  it('count more than the SDL, each argument for itself', async () => {
    const { parse } = await import('graphql');
    const sdl =
      'type Query { a: String @cacheControl(maxAge: 60, scope: PRIVATE) @cachePolicy(staleIfError: 9) t: T } type T @cacheControl(maxAge: 30) { b: String }';
    const { policies } = bind(sdl, { 'Query.a': { maxAge: 600, cache: 'catalog' }, T: { maxAge: 5 } });
    expect(policies.find(parse('{ a }'), null, {})?.policy).toMatchObject({
      maxAgeSeconds: 600,
      scope: 'PRIVATE',
      staleIfErrorSeconds: 9,
      cache: 'catalog',
    });
    expect(policies.find(parse('{ t { b } }'), null, {})?.policy).toMatchObject({
      maxAgeSeconds: 5,
      decidedBy: { maxAge: 'Query.t' },
    });
    expect(policies.find(parse('mutation { x }'), null, {})).toBeNull();
  });
});
