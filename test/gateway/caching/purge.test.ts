import { testRedisUrl } from '../../services/database.js';
import { type CachedZoo, type CachingNode, openCachedZoo, signedIn } from './cached-zoo.js';

let zoo: CachedZoo;
let one: CachingNode;
let other: CachingNode;
let staff: Record<string, string>;
beforeAll(async () => {
  zoo = await openCachedZoo();
  [one, other] = await Promise.all([zoo.openNode(testRedisUrl()), zoo.openNode(testRedisUrl())]);
  staff = await signedIn('1', 'staff');
});
afterAll(() => zoo.close());

const LIST = '{ animals(first: 2) { name } }';
const COUNT = '{ animalCount }';
const TAGGED = '{ tagged(topic: "storms") }';
const TAXA = '{ animals(first: 1) { taxon { name } } }';

async function keepAll(): Promise<void> {
  for (const node of [one, other]) {
    for (const query of [LIST, COUNT, TAGGED, TAXA]) {
      await node.ask(query);
      expect((await node.ask(query)).cache).toMatch(/^hit/);
    }
  }
}

/** Which of all are void on the other node, given the position that the purge was answered with. */
async function findVoid(args: string): Promise<readonly string[]> {
  await keepAll();
  const answer = await one.ask(`mutation { purgeCache(${args}) }`, { headers: staff });
  expect(answer.body.errors).toBeUndefined();
  const headers = { 'sluice-position': answer.headers.get('sluice-position') ?? '' };
  expect(headers['sluice-position']).not.toBe('');
  const found: string[] = [];
  for (const query of [LIST, COUNT, TAGGED, TAXA]) {
    const { cache } = await other.ask(query, { headers });
    if (cache.startsWith('fwd=stale')) found.push(query);
  }
  return found;
}

describe('A purge', () => {
  it('voids what it names on every node, and nothing else', async () => {
    expect(await findVoid('fields: ["Query.animals"]')).toEqual([LIST, TAXA]);
    expect(await findVoid('types: ["Taxon"]')).toEqual([TAXA]);
    expect(await findVoid('tags: ["storms"]')).toEqual([TAGGED]);
    expect(await findVoid('tags: ["Animal:2"]')).toEqual([LIST]);
    expect(await findVoid('tags: ["nothing"], types: []')).toEqual([]);
    expect(await findVoid('fields: ["Query.animalCount"], tags: ["storms"]')).toEqual([COUNT, TAGGED]);
    expect(await findVoid('all: true')).toEqual([LIST, COUNT, TAGGED, TAXA]);
  });

  it('voids what is kept of a single field', async () => {
    const query = '{ uncached(first: 1) { kin } }';
    const runs = () => zoo.hands.runs.get('kin') ?? 0;
    await one.ask(query);
    const before = runs();
    await one.ask(query);
    expect(runs()).toBe(before);
    await one.ask('mutation { purgeCache(fields: ["Animal.kin"]) }', { headers: staff });
    await one.ask(query);
    expect(runs()).toBe(before + 1);
  });

  it('is for staff, and refuses what it can make nothing of', async () => {
    const cases: readonly (readonly [string, Record<string, string>, string, RegExp])[] = [
      ['all: true', {}, 'UNAUTHENTICATED', /for staff/],
      ['all: true', await signedIn('1', 'premium'), 'FORBIDDEN', /your tier is "premium"/],
      ['', staff, 'BAD_USER_INPUT', /names nothing/],
      ['types: ["Animals"]', staff, 'BAD_USER_INPUT', /did you mean "Animal"/],
      ['fields: ["Query.animal", "Query.animul"]', staff, 'BAD_USER_INPUT', /fields\.1 is "Query.animul"/],
      ['tags: ["a|b"]', staff, 'BAD_USER_INPUT', /no "\|"/],
      ['tags: [""]', staff, 'BAD_USER_INPUT', /1 to 500 characters/],
      [`tags: [${'"x" '.repeat(1_001)}]`, staff, 'BAD_USER_INPUT', /at most 1000/],
    ];
    for (const [args, headers, code, message] of cases) {
      const field = args === '' ? 'purgeCache' : `purgeCache(${args})`;
      const [error] = (await one.ask(`mutation { ${field} }`, { headers })).body.errors ?? [];
      expect([args.slice(0, 40), error?.extensions.code, error?.message]).toEqual([
        args.slice(0, 40),
        code,
        expect.stringMatching(message),
      ]);
    }
  });
});

describe('The caches of a node', () => {
  it('are told to staff: what they hold, and what became of look-ups', async () => {
    const query = '{ caches { name entries bytes maxBytes maxAge isShared memoryHits redisHits misses } }';
    const [cache] = (await one.ask(query, { headers: staff })).body.data.caches;
    expect(cache).toMatchObject({ name: 'default', maxBytes: 67_108_864, maxAge: null, isShared: true });
    for (const count of ['entries', 'bytes', 'memoryHits', 'misses']) expect(cache[count]).toBeGreaterThan(0);
    expect((await one.ask(query)).body.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
});
