import { type CachedZoo, type CachingNode, openCachedZoo, signedIn } from './cached-zoo.js';

let zoo: CachedZoo;
let node: CachingNode;
beforeAll(async () => {
  zoo = await openCachedZoo();
  node = await zoo.openNode();
});
afterAll(() => zoo.close());

const TIERS = ['anonymous', 'authenticated', 'premium', 'staff'];

describe('An answer that is private', () => {
  it('is kept for its viewer alone', async () => {
    const [one, two] = [await signedIn('1'), await signedIn('2')];
    for (let times = 0; times < 3; times++) {
      expect((await node.ask('{ me { name } }', { headers: one })).body).toEqual({
        data: { me: { name: 'Ada' } },
      });
      expect((await node.ask('{ me { name } }', { headers: two })).body).toEqual({
        data: { me: { name: 'Bob' } },
      });
    }
    expect((await node.ask('{ me { name } }', { headers: one })).cache).toBe('hit');
    expect((await node.ask('{ me { name } }', { headers: two })).cache).toBe('hit');
  });

  it('is kept for nobody who has not signed in', async () => {
    expect((await node.ask('{ me { name } }')).cache).toBe(
      'fwd=bypass; detail="Query.me is private, and nobody has signed in"',
    );
  });

  it('is one that asks who its viewer is, too, which is kept only where that is declared', async () => {
    for (const viewer of ['1', '2', '1']) {
      const answer = await node.ask('{ notDeclared }', { headers: await signedIn(viewer) });
      expect(answer.body).toEqual({ data: { notDeclared: `for ${viewer}` } });
      expect(answer.cache).toBe(
        'fwd=miss; detail="not kept: Query.notDeclared depends on the viewer, but is not declared as private"',
      );
    }
  });

  it('is a node whose rows have owners', async () => {
    const query = `{ node(id: "${Buffer.from('Keeper:1').toString('base64url')}") { ... on Keeper { name } } }`;
    const [one, two] = [await signedIn('1'), await signedIn('2')];
    for (let times = 0; times < 2; times++) {
      expect((await node.ask(query, { headers: one })).body.data.node).toEqual({ name: 'Ada' });
      expect((await node.ask(query, { headers: two })).body.data.node).toBeNull();
    }
    expect((await node.ask(query, { headers: one })).cache).toBe('hit');
  });
});

describe('What differs by tier', () => {
  it('is kept for each tier, as declared, whoever is of it', async () => {
    for (let times = 0; times < 2; times++) {
      for (const tier of TIERS) {
        const headers = tier === 'anonymous' ? {} : await signedIn(String(times), tier);
        const answer = await node.ask('{ tierName }', { headers });
        expect([tier, answer.body.data, answer.cache]).toEqual([
          tier,
          { tierName: tier },
          times === 0 ? 'fwd=miss; stored' : 'hit',
        ]);
      }
    }
  });

  it('is kept for each value of what the app registered, by both doors, and for nobody where it is not declared', async () => {
    for (let times = 0; times < 2; times++) {
      for (const locale of ['en', 'de', 'fr']) {
        for (const method of ['GET', 'POST'] as const) {
          const answer = await node.ask('{ greeting }', { headers: { 'accept-language': locale }, method });
          expect(answer.body.data).toEqual({ greeting: locale === 'de' ? 'Hallo' : 'Hello' });
          expect(answer.headers.get('vary')).toContain('accept-language');
          if (times === 1) expect(answer.cache).toBe('hit');
        }
        const forgotten = await node.ask('{ undeclaredGreeting }', {
          headers: { 'accept-language': locale },
        });
        expect(forgotten.cache).toBe(
          'fwd=miss; detail="not kept: Query.undeclaredGreeting depends on LOCALE, but is not declared so"',
        );
      }
    }
    expect(zoo.hands.runs.get('greeting')).toBe(2);
  });

  it('is never given to one who may not select it', async () => {
    const staff = await signedIn('9', 'staff');
    await node.ask('{ secrets }', { headers: staff });
    expect((await node.ask('{ secrets }', { headers: staff })).cache).toBe('hit');
    for (const tier of TIERS.slice(0, -1)) {
      const headers = tier === 'anonymous' ? {} : await signedIn('9', tier);
      const answer = await node.ask('{ secrets }', { headers });
      expect([tier, answer.body.data?.secrets ?? null]).toEqual([tier, null]);
      expect(answer.body.errors).toHaveLength(1);
    }
  });
});

describe('The matrix of every field and viewer', () => {
  const FIELDS = [
    '{ animal(id: "QW5pbWFsOjE") { name } }',
    '{ animals { name note shout } }',
    '{ animalCount }',
    '{ me { name badge } }',
    '{ notDeclared }',
    '{ tierName }',
    '{ secrets }',
    '{ tagged shorter }',
    '{ me { name } tierName animals(first: 1) { name } }',
    `{ node(id: "${Buffer.from('Keeper:2').toString('base64url')}") { id ... on Keeper { name badge } } }`,
  ];

  it('answers the same as without a cache, whoever came before', async () => {
    const reference = await zoo.openNode(null, { SLUICE_CACHE: 'off' });
    const viewers: Record<string, string>[] = [{}];
    for (const tier of TIERS.slice(1))
      for (const id of ['1', '2', '3']) viewers.push(await signedIn(id, tier));
    let hits = 0;
    for (let round = 0; round < 3; round++) {
      for (const headers of viewers) {
        for (const query of FIELDS) {
          const [cached, plain] = await Promise.all([
            node.ask(query, { headers }),
            reference.ask(query, { headers }),
          ]);
          expect([query, strip(cached.body)]).toEqual([query, strip(plain.body)]);
          if (cached.cache === 'hit') hits += 1;
        }
      }
    }
    expect(hits).toBeGreaterThan(viewers.length * FIELDS.length);
  });
});

/** `tagged` counts its runs. */
function strip({ data, errors }: { data?: any; errors?: any[] }): unknown {
  const counted = data && 'tagged' in data ? { ...data, tagged: null } : data;
  return {
    data: counted,
    errors: errors?.map(({ message, path, extensions }) => ({ message, path, code: extensions.code })),
  };
}
