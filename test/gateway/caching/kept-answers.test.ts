import { type CachedZoo, type CachingNode, openCachedZoo } from './cached-zoo.js';

let zoo: CachedZoo;
let node: CachingNode;
beforeAll(async () => {
  zoo = await openCachedZoo();
  node = await zoo.openNode();
});
afterAll(() => zoo.close());

const HIT = expect.stringMatching(/^hit/);
const sql = (text: string) => zoo.client.query(text);

/** Asks until the answer is kept, and gives it. */
async function keep(query: string) {
  await node.ask(query);
  const answer = await node.ask(query);
  expect([query, answer.cache]).toEqual([query, HIT]);
  return answer;
}

describe('An answer', () => {
  it('is computed once, and served without the database from then on, by POST and by GET', async () => {
    const query = '{ animal(id: "QW5pbWFsOjE") { name taxon { name } } }';
    const global = Buffer.from('Animal:1').toString('base64url');
    const asked = query.replace('QW5pbWFsOjE', global);
    const first = await node.ask(asked);
    expect(first.body).toEqual({ data: { animal: { name: 'Leo', taxon: { name: 'Lion' } } } });
    expect(first.cache).toBe('fwd=miss; stored');
    const statements = await node.countStatements();
    for (const method of ['POST', 'GET', 'POST', 'GET'] as const) {
      const again = await node.ask(asked, { method });
      expect(again.body).toEqual(first.body);
      expect(again.cache).toBe('hit');
      expect(again.headers.get('cache-control')).toBe('private, no-cache');
      expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
      expect(Number(again.headers.get('age'))).toBeGreaterThanOrEqual(0);
    }
    expect(await node.countStatements()).toBe(statements);
  });

  it('is another one for other variables, and the same however they are ordered', async () => {
    const query =
      'query ($a: String, $b: Boolean) { animals(filter: { name: { eq: $a }, isOnShow: { eq: $b } }) { name } }';
    await node.ask(query, { variables: { a: 'Leo', b: true } });
    expect((await node.ask(query, { variables: { b: true, a: 'Leo' } })).cache).toBe('hit');
    expect((await node.ask(query, { variables: { b: false, a: 'Leo' } })).cache).toBe('fwd=miss; stored');
  });

  it('is not kept where a field has no life of its own', async () => {
    for (let times = 0; times < 2; times++) {
      const answer = await node.ask('{ unhinted }');
      expect(answer.cache).toBe('fwd=bypass; detail="Query.unhinted has no maxAge"');
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.headers.get('etag')).toBeNull();
    }
  });

  it('is never one with errors', async () => {
    zoo.hands.isFailing = true;
    for (let times = 0; times < 3; times++) {
      const answer = await node.ask('{ failing }');
      expect(answer.body).toMatchObject({ data: { failing: null }, errors: [{ message: 'not now' }] });
      expect(answer.headers.get('cache-control')).toBe('no-store');
      expect(answer.cache).toBe('fwd=miss; detail="not kept: it has errors"');
    }
    zoo.hands.isFailing = false;
    expect((await node.ask('{ failing }')).body).toEqual({ data: { failing: 'whole again' } });
    expect((await node.ask('{ failing }')).cache).toBe('hit');
  });

  it('is not looked up for operations of a batch, which share what they read', async () => {
    await keep('{ animalCount }');
    const response = await fetch(`${node.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ query: '{ animalCount }' }, { query: '{ animalCount }' }]),
    });
    expect(response.headers.get('cache-status')).toContain('fwd=bypass');
  });

  it('need not be sent again to whoever has it', async () => {
    const query = '{ animals(first: 2) { name } }';
    const kept = await keep(query);
    const etag = kept.headers.get('etag') ?? '';
    const known = await node.ask(query, { method: 'GET', headers: { 'if-none-match': etag } });
    expect([known.status, known.headers.get('etag'), known.body]).toEqual([304, etag, {}]);
    await sql("UPDATE zoo.animals SET name = 'Leo II' WHERE id = 1");
    await settle();
    const changed = await node.ask(query, { method: 'GET', headers: { 'if-none-match': etag } });
    expect([changed.status, changed.body.data.animals[0]]).toEqual([200, { name: 'Leo II' }]);
    await sql("UPDATE zoo.animals SET name = 'Leo' WHERE id = 1");
    await settle();
  });
});

/** Until the node has seen what was committed: a read that needs a proof of it has it. */
async function settle(): Promise<void> {
  await node.ask('mutation { rename(id: 11, name: "settled") }');
}

describe('What another program commits', () => {
  const cases: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'a row that is shown',
      '{ animals(first: 3) { name } }',
      "UPDATE zoo.animals SET name = 'A' WHERE id = 1",
      /Animal:1/,
    ],
    [
      'a row of a relation',
      '{ animals(first: 3) { taxon { name } } }',
      "UPDATE zoo.taxa SET latin_name = 'Leo leo', name = 'Lions' WHERE id = 5",
      /Taxon:5/,
    ],
    [
      'a row that comes to a list',
      '{ animals { name } }',
      "INSERT INTO zoo.animals (id, name, taxon_id, carer_id, moods) VALUES (500, 'New', 5, 1, '{}')",
      /Animal\+/,
    ],
    [
      'a count',
      '{ animalCount(filter: { isOnShow: { eq: true } }) }',
      'UPDATE zoo.animals SET is_on_show = false WHERE id = 500',
      /Animal/,
    ],
    [
      'a row that was not there',
      '{ animals(filter: { rawId: { eq: "777" } }) { name } }',
      "INSERT INTO zoo.animals (id, name, taxon_id, carer_id, moods) VALUES (777, 'Seven', 5, 1, '{}')",
      /Animal/,
    ],
    [
      'what is joined',
      '{ animals(first: 1) { foods { name } } }',
      'DELETE FROM zoo."_AnimalToFood" WHERE "A" = 1',
      /./,
    ],
    [
      'what a client of Prisma read',
      '{ nameByClient(id: 2) }',
      "UPDATE zoo.animals SET name = 'B' WHERE id = 2",
      /Animal/,
    ],
    ['a whole table', '{ animals(first: 2) { name } }', 'UPDATE zoo.animals SET weight_kg = 1', /Animal/],
  ];
  for (const [what, query, change, tag] of cases) {
    it(`voids ${what}, and the header says which tag did`, async () => {
      await keep(query);
      await sql(change);
      await settle();
      const answer = await node.ask(query);
      expect(answer.cache).toMatch(/^fwd=stale; stored; detail="voided by .+"$/);
      expect(answer.headers.get('cache-status')).toMatch(tag);
      expect((await node.ask(query)).cache).toBe('hit');
    });
  }

  it('voids nothing that does not show it', async () => {
    const query = '{ animals(filter: { rawId: { eq: "3" } }) { name } }';
    await keep(query);
    await sql("UPDATE zoo.keepers SET name = 'Somebody' WHERE id = 4");
    await sql("UPDATE zoo.animals SET name = 'Someone' WHERE id = 10");
    await settle();
    expect((await node.ask(query)).cache).toBe('hit');
  });
});

describe('What is written through the node', () => {
  it('is in every answer after its own', async () => {
    const query = '{ animals(filter: { rawId: { eq: "5" } }) { name shout } }';
    let hits = 0;
    for (let round = 0; round < 30; round++) {
      const name = `Round ${round}`;
      await node.ask(`mutation { rename(id: 5, name: "${name}") }`);
      for (let times = 0; times < 3; times++) {
        const answer = await node.ask(query);
        expect(answer.body.data.animals).toEqual([{ name, shout: `${name.toUpperCase()}!` }]);
        if (answer.cache === 'hit') hits += 1;
      }
    }
    expect(hits).toBe(60);
  });
});

describe('What an answer depends on', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['{ unseen }', 'Query.unseen: nothing was seen of what it reads; say it with context.tag'],
    ['{ nameBySql(id: 1) }', 'Query.nameBySql: raw SQL was used; say what it reads with context.tag'],
    ['{ nameInTransaction(id: 1) }', 'something was read in a transaction'],
    ['{ never }', 'a resolver said so'],
    ['{ turnedPrivate }', 'a resolver said that it is private'],
  ];
  for (const [query, why] of refused) {
    it(`is not known of ${query}, which is never kept, and says why`, async () => {
      for (let times = 0; times < 3; times++) {
        expect((await node.ask(query)).cache).toBe(`fwd=miss; detail="not kept: ${why}"`);
      }
    });
  }

  it('may be told by a resolver, as may a shorter life', async () => {
    await keep('{ tagged }');
    await keep('{ shorter }');
    const answer = await node.ask('{ shorter }');
    expect(Number(/ttl=(\d+)/.exec(answer.headers.get('cache-status') ?? '')?.[1])).toBeLessThanOrEqual(7);
  });
});
