import { until } from '../../embedded/until.js';
import { type CachingNode, openCachedZoo } from '../caching/cached-zoo.js';
import { startRedisChild } from '../redis-child.js';
import { createJobZooApp, type JobHands } from './job-zoo.js';

const HERD = '{ herd { state isOutdated computedAt result { count } } }';

describe('Redis lost', () => {
  it('leaves the last good result, marked, and says so where there is none; all is well once it is back', async () => {
    const hands: JobHands = { runs: new Map(), flooded: 0, gate: Promise.resolve() };
    const zoo = await openCachedZoo(createJobZooApp(hands));
    const redis = await startRedisChild();
    let again = redis;
    try {
      const node: CachingNode = await zoo.openNode(redis.url, {
        SLUICE_JOBS: 'on',
        SLUICE_JOBS_QUEUE_TIMEOUT_MS: '300',
      });
      await until('it is computed', async () => (await node.ask(HERD)).body.data.herd.state === 'COMPLETED');
      const before = (await node.ask(HERD)).body.data.herd;
      await redis.kill();
      await zoo.client.query(
        "UPDATE zoo.animals SET name = name || '?' WHERE id = (SELECT min(id) FROM zoo.animals)",
      );
      await until(
        'the result is marked',
        async () => (await node.ask(HERD)).body.data.herd?.isOutdated === true,
      );
      const old = (await node.ask(HERD)).body.data.herd;
      expect(old).toMatchObject({ computedAt: before.computedAt, result: before.result });
      const { body } = await node.ask('{ gated(key: "new") { state } animals { id } }');
      expect(body.errors).toMatchObject([{ path: ['gated'], extensions: { code: 'JOBS_UNAVAILABLE' } }]);
      expect(body.data.animals.length).toBeGreaterThan(0);
      again = await startRedisChild(redis.port);
      await until('it is fresh again', async () => {
        const { herd } = (await node.ask(HERD)).body.data ?? {};
        return herd?.state === 'COMPLETED' && !herd.isOutdated;
      });
    } finally {
      await zoo.close();
      await again.kill();
    }
  }, 60_000);
});
