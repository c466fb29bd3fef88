import { until } from '../../embedded/until.js';
import { testRedisUrl } from '../../services/database.js';
import { startRedisChild } from '../redis-child.js';
import { type CachedZoo, type CachingNode, closeGate, openCachedZoo } from './cached-zoo.js';

let zoo: CachedZoo;
beforeAll(async () => {
  zoo = await openCachedZoo();
});
afterAll(() => zoo.close());

const IN_FLIGHT = 'sluice_http_requests_in_flight';
const runs = (name: string) => zoo.hands.runs.get(name) ?? 0;

describe('A cold key that many ask at once', () => {
  it('is computed once on one node', async () => {
    const node = await zoo.openNode();
    const open = closeGate(zoo.hands);
    const before = runs('gated');
    const asking = Array.from({ length: 100 }, () => node.ask('{ gated }'));
    await until('all to be in', async () => (await node.metric(IN_FLIGHT)) > 100);
    open();
    const answers = await Promise.all(asking);
    expect(runs('gated')).toBe(before + 1);
    for (const { body } of answers) expect(body).toEqual({ data: { gated: `let through ${before + 1}` } });
    // Some may have come to the cache only when it was there.
    const computed = answers.filter(({ cache }) => cache === 'fwd=miss; stored');
    const others = answers.filter(({ cache }) => /^(fwd=miss; collapsed|hit)$/.test(cache));
    expect([computed.length, others.length]).toEqual([1, 99]);
    await node.close();
  });

  it('is computed once on three nodes, which share it by Redis', async () => {
    const nodes = await Promise.all([1, 2, 3].map(() => zoo.openNode(testRedisUrl())));
    // What another one kept before a node had started is nothing to that node.
    for (const node of nodes) await node.ask('mutation { rename(id: 11, name: "begun") }');
    const open = closeGate(zoo.hands);
    const before = runs('gated');
    const asking = Array.from({ length: 90 }, (_, index) => nodes[index % 3]!.ask('{ gated }'));
    await until('the first one to be at the gate', () => runs('gated') > before);
    open();
    const answers = await Promise.all(asking);
    expect(runs('gated')).toBe(before + 1);
    for (const { body } of answers) expect(body).toEqual({ data: { gated: `let through ${before + 1}` } });
    await Promise.all(nodes.map((node) => node.close()));
  });

  it('is computed by each where what comes of it is not for others', async () => {
    const node = await zoo.openNode();
    const before = runs('unseen');
    const answers = await Promise.all(Array.from({ length: 20 }, () => node.ask('{ unseen }')));
    expect(answers.every(({ body }) => body.data.unseen === 'nobody knows from where')).toBe(true);
    expect(runs('unseen')).toBe(before + 20);
    await node.close();
  });
});

describe('Nodes that share a Redis', () => {
  let one: CachingNode;
  let other: CachingNode;
  beforeAll(async () => {
    [one, other] = await Promise.all([zoo.openNode(testRedisUrl()), zoo.openNode(testRedisUrl())]);
  });

  it('answer from what another one kept', async () => {
    const query = '{ animals(first: 4) { name } }';
    await one.ask(query);
    await until('the entry in Redis', async () => (await other.ask(query)).cache !== 'fwd=miss; stored');
    expect((await other.ask(query)).cache).toMatch(/^hit/);
    expect(
      await other.metric('sluice_cache_lookups_total{cache="default",tier="redis",outcome="hit"}'),
    ).toBeGreaterThan(0);
  });

  it('ask Redis once for each answer, also where memory lets go of it before it can be sent', async () => {
    const small = await zoo.openNode(testRedisUrl(), {
      ...{ SLUICE_CACHE_MAX_VARIANTS: '1', SLUICE_CACHE_CHECK_ONE_IN: '0' },
    });
    const query = 'query ($first: Int!) { animals(first: $first) { name } }';
    const numbers = Array.from({ length: 12 }, (_, index) => index + 1);
    const askAll = () => Promise.all(numbers.map((first) => small.ask(query, { variables: { first } })));
    const areHits = (answers: Awaited<ReturnType<typeof askAll>>) =>
      answers.every(({ cache }) => cache.startsWith('hit'));
    await until('all are kept, and their texts known', async () => areHits(await askAll()));
    const series = 'sluice_cache_lookups_total{cache="default",tier="redis",outcome="hit"}';
    const before = await small.metric(series);
    expect(areHits(await askAll())).toBe(true);
    expect((await small.metric(series)) - before).toBeLessThanOrEqual(numbers.length);
    await small.close();
  });

  it('never answer with what a mutation on another node has made outdated, given its position', async () => {
    const query = '{ animals(filter: { rawId: { eq: "6" } }) { name } }';
    for (let round = 0; round < 20; round++) {
      const [writer, reader] = round % 2 === 0 ? [one, other] : [other, one];
      const written = await writer.ask(`mutation { rename(id: 6, name: "Round ${round}") }`);
      const headers = { 'sluice-position': written.headers.get('sluice-position') ?? '' };
      expect((await reader.ask(query, { headers })).body.data.animals).toEqual([{ name: `Round ${round}` }]);
      expect((await reader.ask(query, { headers })).cache).toMatch(/^hit|collapsed/);
      expect((await writer.ask(query)).body.data.animals).toEqual([{ name: `Round ${round}` }]);
    }
  });
});

describe('A Redis that is lost', () => {
  it('fails nobody, and serves again once it is back', async () => {
    let redis = await startRedisChild();
    const node = await zoo.openNode(redis.url, { SLUICE_CACHE_REDIS_RETRY_MS: '20' });
    try {
      await node.ask('{ animalCount }');
      await redis.kill();
      for (let round = 0; round < 10; round++) {
        const query = `{ animals(filter: { rawId: { eq: "${round}" } }) { name } }`;
        const answers = [await node.ask(query), await node.ask(query)];
        expect(answers.map(({ status, body }) => [status, body.errors])).toEqual([
          [200, undefined],
          [200, undefined],
        ]);
      }
      redis = await startRedisChild(redis.port);
      await until('hits', async () => {
        const query = '{ animals(first: 3) { name } }';
        await node.ask(query);
        return (await node.ask(query)).cache === 'hit';
      });
    } finally {
      await node.close();
      await redis.kill();
    }
  });
});

describe('An answer past its time', () => {
  it('is computed again', async () => {
    const node = await zoo.openNode();
    await node.ask('{ brief }');
    await until(
      'its end',
      async () => (await node.ask('{ brief }')).cache === 'fwd=stale; stored; detail="expired"',
    );
    expect((await node.ask('{ brief }')).cache).toBe('hit');
    await node.close();
  });

  it('is served while one new one is computed in the background', async () => {
    const node = await zoo.openNode();
    const first = (await node.ask('{ lasting }')).body.data.lasting;
    const before = runs('lasting');
    await until('its end', async () => {
      const { cache, body } = await node.ask('{ lasting }');
      if (cache === 'hit') return false;
      expect([cache, body.data.lasting]).toEqual(['hit; detail="stale while revalidating"', first]);
      return true;
    });
    await until('the new one', async () => (await node.ask('{ lasting }')).body.data.lasting !== first);
    expect(runs('lasting')).toBe(before + 1);
    await node.close();
  });
});
