import { until } from '../../embedded/until.js';
import { type CachedZoo, type CachingNode, openCachedZoo, signedIn } from './cached-zoo.js';

let zoo: CachedZoo;
let node: CachingNode;
beforeAll(async () => {
  zoo = await openCachedZoo();
  node = await zoo.openNode();
});
afterAll(() => zoo.close());

const EXPLAIN = { 'sluice-explain': '1' };

async function explain(query: string, headers: Record<string, string> = {}) {
  const answer = await node.ask(query, { headers: { ...EXPLAIN, ...headers } });
  return { ...answer, told: answer.body.extensions?.cache };
}

describe('What the cache knows', () => {
  it('is told of an answer that is kept: by which policy, and of what it depends', async () => {
    const query = '{ animals(first: 2) { name note taxon { name } } }';
    const first = await explain(query);
    expect(first.told).toMatchObject({
      outcome: 'absent',
      why: null,
      refused: null,
      agrees: null,
      policy: {
        maxAgeSeconds: 30,
        scope: 'PUBLIC',
        cache: 'default',
        decidedBy: { maxAge: 'Animal.note', scope: null },
      },
    });
    expect(first.told.tags).toEqual(expect.arrayContaining(['Animal:1', 'Animal:2', 'Animal+', 'Taxon:5']));
    expect(first.told.fields).toEqual([
      {
        path: ['animals'],
        coordinate: 'Query.animals',
        maxAgeSeconds: 60,
        isPrivate: false,
        outcome: 'absent',
        decides: false,
      },
      expect.objectContaining({ path: ['animals', 'name'], maxAgeSeconds: null }),
      expect.objectContaining({ path: ['animals', 'note'], maxAgeSeconds: 30, decides: true }),
      expect.objectContaining({ path: ['animals', 'taxon'] }),
      expect.objectContaining({ path: ['animals', 'taxon', 'name'], coordinate: 'Taxon.name' }),
    ]);
    const second = await explain(query);
    expect(second.told).toMatchObject({ outcome: 'hit', tier: 'memory', agrees: true });
    expect(second.told.ttlSeconds).toBeLessThanOrEqual(30);
    expect(second.body.data).toEqual(first.body.data);
  });

  it('is told of an answer that is void, with the change that voided it', async () => {
    const query = '{ animals(first: 1) { name } }';
    await explain(query);
    await node.ask('mutation { rename(id: 1, name: "Leo IV") }');
    expect((await explain(query)).told).toMatchObject({
      outcome: 'void',
      voidedBy: expect.stringMatching(/Animal/),
    });
  });

  it('is told of one that is not kept, and of the fields of it that are', async () => {
    const { told } = await explain('{ unhinted animals(first: 3) { name } }');
    expect(told).toMatchObject({ outcome: 'partial', why: 'Query.unhinted has no maxAge', policy: null });
    expect(told.pieces.animals).toMatchObject({ outcome: 'absent', policy: { maxAgeSeconds: 60 } });
    expect(told.fields.find(({ coordinate }: any) => coordinate === 'Query.unhinted')).toMatchObject({
      decides: true,
    });
    expect((await explain('{ unseen }')).told.refused).toMatch(/nothing was seen of what it reads/);
    expect((await explain('mutation { rename(id: 12, name: "x") }')).told).toMatchObject({
      outcome: 'bypass',
      why: 'only queries are cached',
      fields: [],
    });
  });

  it('is told in production to staff alone', async () => {
    const production = await zoo.openNode(null, { SLUICE_ENV: 'production', SLUICE_HTTP_HOST: '127.0.0.1' });
    const asked = { headers: { ...EXPLAIN } };
    const refused = await production.ask('{ animalCount }', asked);
    expect([refused.status, refused.body.errors?.[0]?.extensions.code]).toEqual([403, 'FORBIDDEN']);
    const staff = await production.ask('{ animalCount }', {
      headers: { ...EXPLAIN, ...(await signedIn('1', 'staff')) },
    });
    expect(staff.body.extensions.cache.outcome).toBe('absent');
    const odd = await node.ask('{ animalCount }', { headers: { 'sluice-explain': 'yes' } });
    expect([odd.status, odd.body.errors?.[0]?.extensions.code]).toEqual([400, 'BAD_REQUEST']);
  });
});

describe('A check of kept answers', () => {
  it('finds one that nothing has voided and that differs, and has it served no longer', async () => {
    const checked = await zoo.openNode(null, { SLUICE_CACHE_CHECK_ONE_IN: '3' });
    // Its resolver counts how often it ran, which no tag tells of.
    const query = '{ tagged(topic: "counted") }';
    const first = (await checked.ask(query)).body.data.tagged;
    await until('the mismatch to be found', async () => {
      await checked.ask(query);
      return (await checked.metric('sluice_cache_mismatches_total')) === 1;
    });
    const line = await checked.log.waitForLine(({ msg }) => String(msg).startsWith('A kept answer differs'));
    expect(line).toMatchObject({ cache: 'default', key: expect.any(String) });
    await until(
      'it to be served no longer',
      async () => (await checked.ask(query)).body.data.tagged !== first,
    );
    expect((await checked.ask(query)).cache).toBe(
      'fwd=miss; detail="not kept: what was kept differed from what was computed"',
    );
  });

  it('finds nothing where answers are as they should be, though they change', async () => {
    const checked = await zoo.openNode(null, { SLUICE_CACHE_CHECK_ONE_IN: '1' });
    const before = await checked.countStatements();
    for (let round = 0; round < 20; round++) {
      await checked.ask('{ animals(first: 3) { name } }');
      await checked.ask('{ animals(first: 3) { name } }');
      await zoo.client.query(`UPDATE zoo.animals SET name = 'R${round}' WHERE id = 1`);
    }
    expect(await checked.metric('sluice_cache_mismatches_total')).toBe(0);
    expect((await checked.countStatements()) - before).toBeGreaterThan(1);
  });
});
