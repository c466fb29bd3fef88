import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import { makeExecutableSchema } from '@graphql-tools/schema';
import fc from 'fast-check';
import { type GraphQLFieldResolver, parse } from 'graphql';
import { bindApi } from '../../../src/binding/bind-schema.js';

const APOLLO_SDL = /* GraphQL */ `
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean)
    on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
`;

interface Hint {
  readonly maxAge: number | null;
  readonly scope: 'PUBLIC' | 'PRIVATE' | null;
  readonly inheritMaxAge: boolean | null;
}

const hint = fc
  .record({
    maxAge: fc.constantFrom(null, null, 0, 10, 60, 600),
    scope: fc.constantFrom(null, null, 'PUBLIC', 'PRIVATE'),
    inheritMaxAge: fc.constantFrom(null, null, true, false),
  })
  // Both together are a fault, as they say different things.
  .map((given) => (given.maxAge === null ? given : { ...given, inheritMaxAge: null })) as fc.Arbitrary<Hint>;

function write({ maxAge, scope, inheritMaxAge }: Hint): string {
  const args = Object.entries({ maxAge, scope, inheritMaxAge }).filter(([, value]) => value !== null);
  return args.length === 0
    ? ''
    : ` @cacheControl(${args.map(([name, value]) => `${name}: ${value}`).join(', ')})`;
}

const TYPES = ['A', 'B'] as const;
/** Of each object type, and of Query; `i` and `u` may be of any type. */
const FIELDS = { s: 'String!', a: 'A!', bs: '[B!]!', i: 'I!', u: 'U!' } as const;
type FieldName = keyof typeof FIELDS;
const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

const hints = fc.record({
  types: fc.record({ A: hint, B: hint, I: hint, U: hint }),
  fields: fc.record(
    Object.fromEntries(['Query', 'A', 'B'].map((type) => [type, fc.record(byField(hint))])) as Record<
      'Query' | 'A' | 'B',
      fc.Arbitrary<Record<FieldName, Hint>>
    >,
  ),
});
type Hints = typeof hints extends fc.Arbitrary<infer Value> ? Value : never;

function byField<Value>(value: Value): Record<FieldName, Value> {
  return Object.fromEntries(FIELD_NAMES.map((name) => [name, value])) as Record<FieldName, Value>;
}

function writeSdl({ types, fields }: Hints): string {
  const body = (type: 'Query' | 'A' | 'B') =>
    FIELD_NAMES.map((name) => `${name}: ${FIELDS[name]}${write(fields[type][name])}`).join('\n  ');
  return [
    `type Query {\n  ${body('Query')}\n}`,
    ...TYPES.map((type) => `type ${type} implements I${write(types[type])} {\n  ${body(type)}\n}`),
    `interface I${write(types.I)} { s: String! }`,
    `union U${write(types.U)} = A | B`,
  ].join('\n');
}

/** A selection of `names`; `chance` decides how it goes on. */
function select(
  names: readonly FieldName[],
  chance: readonly number[],
  depth: number,
  at: { place: number },
): string {
  const next = () => chance[at.place++ % chance.length] ?? 0;
  const count = 1 + (next() % 3);
  return Array.from({ length: count }, (_, index) => {
    const name = names[depth === 0 ? 0 : next() % names.length] ?? 's';
    const key = `k${depth}_${index}: ${name}`;
    if (name === 's') return key;
    if (name === 'i') return `${key} { __typename s ... on A { ${select(names, chance, depth - 1, at)} } }`;
    if (name === 'u') return `${key} { ... on B { ${select(names, chance, depth - 1, at)} } }`;
    return `${key} { ${select(names, chance, depth - 1, at)} }`;
  }).join(' ');
}

/** Everything there is: no list is empty, nothing is null. */
const VALUES: Record<FieldName, GraphQLFieldResolver<unknown, unknown>> = {
  s: () => 'text',
  a: () => ({ __typename: 'A' }),
  bs: () => [{ __typename: 'B' }],
  i: () => ({ __typename: 'A' }),
  u: () => ({ __typename: 'B' }),
};

interface Told {
  readonly maxAge: number;
  readonly scope: string | null;
}

async function askApollo(sdl: string, query: string): Promise<Told> {
  const schema = makeExecutableSchema({
    typeDefs: [APOLLO_SDL, sdl],
    resolvers: { Query: VALUES, A: VALUES, B: VALUES },
  });
  const apollo = new ApolloServer({ schema, plugins: [ApolloServerPluginCacheControl()] });
  const { http, body } = await apollo.executeOperation({ query });
  await apollo.stop();
  if (body.kind !== 'single' || body.singleResult.errors !== undefined) throw new Error(JSON.stringify(body));
  const found = /max-age=(\d+), (\w+)/.exec(http.headers.get('cache-control') ?? '');
  return { maxAge: Number(found?.[1] ?? 0), scope: found?.[2]?.toUpperCase() ?? null };
}

function askSluice(sdl: string, query: string): Told {
  const { policies } = bindApi({
    sdl: [{ path: 'generated.graphql', text: sdl }],
    graph: { hash: '', models: new Map(), enums: new Map() },
    resolvers: { Query: VALUES, A: VALUES, B: VALUES } as never,
    limits: { defaultPageRows: 10, maxPageRows: 10 },
  });
  const found = policies.find(parse(query), null, {});
  if (found === null) throw new Error('no policy');
  const { maxAgeSeconds: maxAge, scope } = found.policy;
  return { maxAge, scope: maxAge === 0 ? null : scope };
}

export interface Agreement {
  /** Operations of types that are known before. */
  equal: number;
  /** Operations with abstract types, and of those where Sluice is stricter. */
  abstract: number;
  stricter: number;
  cacheable: number;
}

/** Compares generated operations over generated hints. Never looser than Apollo's plugin, and equal where types are known. */
export async function compareWithApollo(numRuns: number): Promise<Agreement> {
  const agreement: Agreement = { equal: 0, abstract: 0, stricter: 0, cacheable: 0 };
  await fc.assert(
    fc.asyncProperty(
      hints,
      fc.boolean(),
      fc.array(fc.nat(1_000), { minLength: 20, maxLength: 40 }),
      async (given, isConcrete, chance) => {
        const sdl = writeSdl(given);
        const query = `{ ${select(isConcrete ? ['s', 'a', 'bs'] : FIELD_NAMES, chance, 3, { place: 0 })} }`;
        const [apollo, sluice] = [await askApollo(sdl, query), askSluice(sdl, query)];
        if (sluice.maxAge > 0) agreement.cacheable += 1;
        const isAbstract = /: [iu]\b/.test(query);
        if (!isAbstract) {
          agreement.equal += 1;
          expect([sdl, query, sluice]).toEqual([sdl, query, apollo]);
          return;
        }
        agreement.abstract += 1;
        if (sluice.maxAge < apollo.maxAge) agreement.stricter += 1;
        expect([sdl, query, sluice.maxAge <= apollo.maxAge]).toEqual([sdl, query, true]);
        const isLooser = sluice.maxAge > 0 && apollo.scope === 'PRIVATE' && sluice.scope !== 'PRIVATE';
        expect([sdl, query, isLooser]).toEqual([sdl, query, false]);
      },
    ),
    { numRuns },
  );
  return agreement;
}
