import { until } from '../../embedded/until.js';
import { type RedisCluster, startRedisCluster } from '../../services/redis-cluster.js';
import { type RedisSentinel, startRedisSentinel } from '../../services/redis-sentinel.js';
import { type CachedZoo, openCachedZoo } from './cached-zoo.js';

let zoo: CachedZoo;
beforeAll(async () => {
  zoo = await openCachedZoo();
});
afterAll(() => zoo.close());

const QUERIES = Array.from({ length: 12 }, (_, index) => `{ animals(first: ${index + 1}) { name } }`);

describe('a cache in a Redis Cluster', () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    cluster = await startRedisCluster();
  }, 60_000);
  afterAll(() => cluster.stop());

  it('is shared by all nodes, and void for all of them', async () => {
    const [first, ...others] = cluster.ports;
    const nodes = others.map((port) => `127.0.0.1:${port}`).join();
    const url = `redis+cluster://127.0.0.1:${first}?nodes=${nodes}`;
    const [one, other] = await Promise.all([zoo.openNode(url), zoo.openNode(url)]);
    for (const query of QUERIES) expect((await one.ask(query)).cache).toMatch(/stored$|^hit/);
    // At once, so that one look-up of Redis asks several of its servers.
    const found = await Promise.all(QUERIES.map((query) => other.ask(query)));
    for (const { cache } of found) expect(cache).toMatch(/^hit/);
    await zoo.client.query("UPDATE zoo.animals SET name = name || '!' WHERE id = 1");
    await until('both to know', async () =>
      (await Promise.all([one, other].map((node) => node.ask(QUERIES.at(-1) ?? '')))).every(({ body }) =>
        JSON.stringify(body).includes('!'),
      ),
    );
    await Promise.all([one.close(), other.close()]);
  });
});

describe('a cache behind Sentinel', () => {
  let group: RedisSentinel;
  beforeAll(async () => {
    group = await startRedisSentinel();
  }, 60_000);
  afterAll(() => group.stop());

  it('goes on with the server that takes over', async () => {
    const url = `redis+sentinel://127.0.0.1:${group.sentinel}/main`;
    const node = await zoo.openNode(url);
    const [query = ''] = QUERIES;
    await node.ask(query);
    expect((await node.ask(query)).cache).toMatch(/^hit/);
    await group.killMaster();
    // Whatever Redis does, clients are answered.
    await until('a hit again', async () => {
      const { status, cache } = await node.ask(query);
      expect(status).toBe(200);
      return cache.startsWith('hit');
    });
    await until('an entry at the one that took over', async () => {
      const other = await zoo.openNode(url);
      const { cache } = await other.ask(query);
      await other.close();
      return cache.includes('from Redis') || cache.startsWith('hit');
    });
    await node.close();
  }, 60_000);
});
