import { startRedisChild } from '../gateway/redis-child.js';
import { hammer, RULES } from './overshoot.js';

describe('eight processes that hammer one budget', () => {
  it('get nothing beyond its limits in a hundred thousand tries', async () => {
    const redis = await startRedisChild();
    try {
      const outcome = await hammer({ redisUrl: redis.url, processes: 8, tries: 100_000 });
      expect(outcome.overshoot).toEqual(Object.fromEntries(RULES.map(({ rule }) => [rule, 0])));
      expect(outcome.tries).toBeGreaterThanOrEqual(100_000);
      expect(outcome.tries).toBeGreaterThan(outcome.granted);
      expect(outcome.granted).toBeGreaterThan(RULES[1]!.limit);
    } finally {
      await redis.kill();
    }
  }, 600_000);
});
