import fc from 'fast-check';
import { type CachedZoo, type CachingNode, openCachedZoo, signedIn } from './cached-zoo.js';

let zoo: CachedZoo;
let node: CachingNode;
beforeAll(async () => {
  zoo = await openCachedZoo();
  node = await zoo.openNode();
});
afterAll(() => zoo.close());

const runs = (name: string) => zoo.hands.runs.get(name) ?? 0;

describe('A field with a life of its own, beside others that have none', () => {
  const query = '{ unhinted animals(first: 2) { name } count: animalCount }';

  it('comes from the cache, and its siblings do not', async () => {
    const first = await node.ask(query);
    expect(first.body).toEqual({
      data: { unhinted: 1, animals: [{ name: 'Leo' }, { name: 'Leonie' }], count: 15 },
    });
    expect(Object.keys(first.body.data)).toEqual(['unhinted', 'animals', 'count']);
    expect(first.cache).toBe(
      'fwd=partial; detail="animals: absent; count: absent; Query.unhinted has no maxAge"',
    );
    const [statements, before] = [await node.countStatements(), runs('unhinted')];
    const again = await node.ask(query);
    expect(again.body).toEqual(first.body);
    expect(again.cache).toBe('fwd=partial; detail="animals: hit; count: hit; Query.unhinted has no maxAge"');
    expect(again.headers.get('cache-control')).toBe('no-store');
    expect(again.headers.get('etag')).toBeNull();
    expect([await node.countStatements(), runs('unhinted')]).toEqual([statements, before + 1]);
  });

  it('shares its entry with operations that select it alone, or beside others', async () => {
    await node.ask(query);
    expect((await node.ask('{ animals(first: 2) { name } }')).cache).toBe('hit');
    expect((await node.ask('{ animals(first: 2) { name } unhinted }')).cache).toMatch(/animals: hit/);
    const asked =
      'query Named($n: Int, $with: Boolean = true) { unhinted ...F } fragment F on Query { animals(first: $n) @include(if: $with) { ...G } } fragment G on Animal { name }';
    await node.ask(asked, { variables: { n: 3 } });
    expect((await node.ask(asked, { variables: { n: 3 } })).cache).toMatch(/animals: hit/);
    expect((await node.ask(asked, { variables: { n: 3, with: false } })).cache).toBe(
      'fwd=bypass; detail="Query.unhinted has no maxAge"',
    );
  });

  it('is void by what changed, like any answer', async () => {
    await node.ask(query);
    await node.ask('mutation { rename(id: 1, name: "Leo III") }');
    const answer = await node.ask(query);
    expect(answer.body.data.animals[0]).toEqual({ name: 'Leo III' });
    expect(answer.cache).toMatch(/animals: void; count: hit/);
    await node.ask('mutation { rename(id: 1, name: "Leo") }');
  });

  it('is for its viewer alone where it is private', async () => {
    const [one, two] = [await signedIn('1'), await signedIn('2')];
    const asked = '{ me { name } unhinted }';
    for (let times = 0; times < 2; times++) {
      expect((await node.ask(asked, { headers: one })).body.data.me).toEqual({ name: 'Ada' });
      expect((await node.ask(asked, { headers: two })).body.data.me).toEqual({ name: 'Bob' });
      expect((await node.ask(asked)).cache).toMatch(/^fwd=bypass/);
    }
    expect((await node.ask(asked, { headers: one })).cache).toMatch(/me: hit/);
  });

  it('tells its errors where they belong, and those of its siblings beside it', async () => {
    zoo.hands.isFailing = true;
    const answer = await node.ask('{ unhinted failing animalCount }');
    zoo.hands.isFailing = false;
    expect(answer.body).toEqual({
      data: { unhinted: 1, failing: null, animalCount: 15 },
      errors: [
        {
          message: 'not now',
          locations: [{ line: 1, column: 12 }],
          path: ['failing'],
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ],
    });
    expect(answer.cache).toMatch(/^fwd=partial; detail="animalCount: hit/);
  });
});

describe('Operations of any fields', () => {
  const FIELDS = [
    'unhinted',
    '__typename',
    'animals(first: 2) { name taxon { name } }',
    'animalCount',
    'animals(first: $n) { id }',
    'animalCount(filter: { isOnShow: { eq: $shown } })',
    'me { name badge }',
    'notDeclared',
    'tierName',
    'secrets',
    'shorter',
    'never',
    'unseen',
    'nameByClient(id: 2)',
    'nameBySql(id: 3)',
    'missing: animal(id: "QW5pbWFsOjA") { name }',
  ];

  it('are answered as without a cache, however they are put together', async () => {
    const reference = await zoo.openNode(null, { SLUICE_CACHE: 'off' });
    const viewers = [{}, await signedIn('1'), await signedIn('2', 'staff')];
    let partial = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(FIELDS.length - 1), fc.nat(3), fc.boolean()), {
          minLength: 1,
          maxLength: 6,
        }),
        fc.nat(2),
        fc.record({ n: fc.integer({ min: 0, max: 3 }), shown: fc.boolean(), with: fc.boolean() }),
        async (chosen, who, variables) => {
          const selections = chosen.map(([index, way], place) => {
            const field = FIELDS[index] ?? '';
            const aliased = field.includes(': animal(') ? field : `f${place}: ${field}`;
            return [
              '',
              aliased,
              `${aliased} `,
              `... on Query { ${aliased} }`,
              `... @include(if: $with) { ${aliased} }`,
            ][way + 1];
          });
          const text = selections.join(' ');
          const used = Object.entries({ n: 'Int', shown: 'Boolean', with: 'Boolean!' }).filter(([name]) =>
            text.includes(`$${name}`),
          );
          const head =
            used.length === 0 ? '' : `query (${used.map(([name, type]) => `$${name}: ${type}`).join()}) `;
          const query = `${head}{ ${text} }`;
          const given = Object.fromEntries(used.map(([name]) => [name, variables[name as 'n']]));
          const asking = { headers: viewers[who] ?? {}, variables: given };
          const expected = await reference.ask(query, asking);
          for (let times = 0; times < 2; times++) {
            const answer = await node.ask(query, asking);
            expect([answer.status, plain(answer.body)]).toEqual([expected.status, plain(expected.body)]);
            expect(Object.keys(answer.body.data ?? {})).toEqual(Object.keys(expected.body.data ?? {}));
            if (answer.cache.startsWith('fwd=partial')) partial += 1;
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(partial).toBeGreaterThan(20);
  });
});

/** Errors come in the order in which they happen. */
function plain({ data, errors }: { data?: any; errors?: any[] }): unknown {
  const told = errors?.map(({ message, path, locations, extensions }) =>
    JSON.stringify({ message, path, locations, code: extensions.code }),
  );
  return { data, errors: told?.sort() };
}
