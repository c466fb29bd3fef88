import type { WarmingQuery } from '../../../src/gateway/app-definition.js';
import { until } from '../../embedded/until.js';
import { testRedisUrl } from '../../services/database.js';
import { type CachedZoo, type CachingNode, openCachedZoo, signedIn } from './cached-zoo.js';

let zoo: CachedZoo;
let node: CachingNode;
let staff: Record<string, string>;
beforeAll(async () => {
  zoo = await openCachedZoo();
  node = await zoo.openNode(testRedisUrl());
  staff = await signedIn('1', 'staff');
});
afterAll(() => zoo.close());

const WARM = `mutation ($operations: [WarmOperationInput!]!, $recorded: Int!) {
  warmCache(operations: $operations, recorded: $recorded) { kept present refused { operation why } }
}`;

async function warm(operations: readonly unknown[], recorded = 0, headers = staff) {
  return (await node.ask(WARM, { variables: { operations, recorded }, headers })).body;
}

describe('warmCache', () => {
  it('answers operations before anybody asks, on this node and by Redis on all others', async () => {
    const named = 'query Named($first: Int) { animals(first: $first) { name } }';
    const operations = [{ query: '{ animalCount }' }, { query: named, variables: '{ "first": 3 }' }];
    expect((await warm(operations)).data.warmCache).toEqual({ kept: 2, present: 0, refused: [] });
    expect((await warm(operations)).data.warmCache).toEqual({ kept: 0, present: 2, refused: [] });
    expect((await node.ask('{ animalCount }')).cache).toBe('hit');
    expect((await node.ask(named, { variables: { first: 3 } })).cache).toBe('hit');
    expect((await node.ask(named, { variables: { first: 4 } })).cache).toBe('fwd=miss; stored');
    const other = await zoo.openNode(testRedisUrl());
    expect((await other.ask('{ animalCount }')).cache).toBe('hit; detail="from Redis"');
    await other.close();
  });

  it('answers for those of another tier what only they may see', async () => {
    const query = '{ secrets }';
    expect((await warm([{ query, tier: 'staff' }])).data.warmCache).toMatchObject({ kept: 1, refused: [] });
    expect((await node.ask(query, { headers: staff })).cache).toBe('hit');
    expect((await node.ask(query)).body.errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
    expect((await warm([{ query }])).data.warmCache.refused[0].why).toMatch(/needs/);
  });

  it('says of each that is not kept why', async () => {
    const { warmCache } = (
      await warm([
        { query: '{ unhinted }' },
        { query: '{ me { name } }', tier: 'premium' },
        { query: '{ nothing }' },
        { query: 'query Torn { animals { ' },
        { query: '{ animalCount }', tier: 'golden' },
        { query: '{ unseen }' },
        { query: 'mutation M { rename(id: 1, name: "x") }', operationName: 'M' },
      ])
    ).data;
    expect(warmCache.kept).toBe(0);
    const why = Object.fromEntries(
      warmCache.refused.map((each: { operation: string; why: string }) => [each.operation, each.why]),
    );
    expect(why).toEqual({
      '{ unhinted }': 'Query.unhinted has no maxAge',
      '{ me { name } }': 'it is private, so nobody else would be given it',
      '{ nothing }': expect.stringContaining('Cannot query field "nothing"'),
      'query Torn { animals {': expect.stringContaining('Syntax Error'),
      '{ animalCount }': expect.stringContaining('there is no tier "golden": there are anonymous'),
      '{ unseen }': expect.any(String),
      M: expect.stringMatching(/only queries/),
    });
    const { rows } = await zoo.client.query('SELECT name FROM zoo.animals WHERE id = 1');
    expect(rows[0].name).not.toBe('x');
  });

  it('is for staff, and bounded', async () => {
    const code = async (body: Promise<{ errors?: any[] }>) => (await body).errors?.[0]?.extensions.code;
    expect(await code(warm([], 0, {}))).toBe('UNAUTHENTICATED');
    expect(await code(warm([], 0, await signedIn('1', 'premium')))).toBe('FORBIDDEN');
    expect(await code(warm([], 501))).toBe('BAD_USER_INPUT');
    expect(await code(warm(Array.from({ length: 501 }, () => ({ query: '{ animalCount }' }))))).toBe(
      'BAD_USER_INPUT',
    );
    expect(await code(warm([{ query: '' }]))).toBe('BAD_USER_INPUT');
    expect(await code(warm([{ query: '{ a }', variables: '{' }]))).toBe('BAD_USER_INPUT');
    expect(await code(warm([{ query: '{ a }', variables: '[]' }]))).toBe('BAD_USER_INPUT');
    expect(await code(warm([{ query: `{ animalCount } #${'x'.repeat(17_000)}` }]))).toBe('BAD_USER_INPUT');
  });
});

describe('what was asked most', () => {
  const query = '{ animals(first: 2, orderBy: [{ field: NAME }]) { name mood } }';

  it('is known to whoever starts later, and computed before they listen', async () => {
    const before = await zoo.openNode(testRedisUrl());
    for (let n = 0; n < 5; n++) await before.ask(query);
    await before.ask('{ me { name } }', { headers: await signedIn('1') });
    // It tells what it counted when it goes, if not before.
    await before.close();
    await zoo.client.query(`UPDATE zoo.animals SET name = name || '' WHERE id = 1`);
    const after = await zoo.openNode(testRedisUrl());
    const [line] = after.log.lines.filter(({ msg }) => msg === 'The cache was filled');
    expect(line).toMatchObject({ refused: 0 });
    expect((line?.kept as number) + (line?.present as number)).toBeGreaterThanOrEqual(1);
    const answer = await after.ask(query);
    expect(answer.cache).toMatch(/^hit/);
    await after.close();
  });

  it('is counted also where hits are answered ahead of the router', async () => {
    const popular = '{ animalCount(filter: { isOnShow: { eq: true } }) }';
    const one = await zoo.openNode(testRedisUrl());
    for (let n = 0; n < 50; n++) await one.ask(popular);
    await one.close();
    const { warmCache } = (await warm([], 1)).data;
    expect(warmCache.kept + warmCache.present).toBe(1);
    expect((await node.ask(popular)).cache).toMatch(/^hit/);
  });
});

describe('an app', () => {
  const own = (cacheWarming: readonly WarmingQuery[], env = {}) =>
    zoo.openNode(null, { SLUICE_CACHE_WARM_RECORDED: '0', ...env }, { cacheWarming });

  it('may list what is answered before its server listens', async () => {
    const query = '{ animalCount(filter: { name: { eq: "Leo" } }) }';
    const listed = await own([{ query }]);
    expect((await listed.ask(query)).cache).toBe('hit');
    await listed.close();
  });

  it('is told of what can’t be', async () => {
    const listed = own([{ query: '{ animalCount }' }, { query: '' }]);
    await expect(listed).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('cacheWarming[1]'),
    });
  });

  it('does not wait longer than it may', async () => {
    let open = () => {};
    zoo.hands.gate = new Promise((resolve) => {
      open = resolve;
    });
    const listed = await own([{ query: '{ gated }' }], { SLUICE_CACHE_WARM_TIMEOUT_MS: '50' });
    expect(listed.log.lines.some(({ msg }) => `${msg}`.startsWith('The cache is not filled after'))).toBe(
      true,
    );
    open();
    await until('the gate is passed', async () => (await listed.ask('{ gated }')).cache.startsWith('hit'));
    await listed.close();
  });
});
