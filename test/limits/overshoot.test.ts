import { testRedisUrl } from '../services/database.js';
import { hammer, RULES } from './overshoot.js';

describe('processes that hammer one budget', () => {
  it('get as much as its limits allow across the ends of windows, and nothing beyond', async () => {
    const outcome = await hammer({ redisUrl: testRedisUrl(), processes: 3, tries: 3_000 });
    expect(outcome.overshoot).toEqual(Object.fromEntries(RULES.map(({ rule }) => [rule, 0])));
    expect(outcome.tries).toBeGreaterThanOrEqual(3_000);
    expect(outcome.tries).toBeGreaterThan(outcome.granted);
    // More than one window's worth of each.
    expect(outcome.granted).toBeGreaterThan(RULES[1]!.limit);
  });
});
