import { RedisLimiter } from '../../src/limits/redis/redis-limiter.js';
import { type RedisCluster, startRedisCluster } from '../services/redis-cluster.js';
import { charge, describeLimiter, takeEach } from './limiter-contract.js';
import { newPlace, openTurnedRedis } from './turned-redis.js';

let redis: RedisCluster;
beforeAll(async () => {
  redis = await startRedisCluster();
}, 60_000);
afterAll(() => redis.stop());

describe('a limiter in a cluster', () => {
  describeLimiter(async ({ blocks }) => openTurnedRedis(redis.client, blocks));
});

describe('the slots of a cluster', () => {
  const open = (onCall: () => void = () => undefined): RedisLimiter =>
    new RedisLimiter({ redis: redis.client, place: newPlace(), deadlineMs: 30_000, onCall });

  it('share callers among them, each with one call for all of its budgets', async () => {
    let calls = 0;
    const limiter = open(() => calls++);
    const keys = Array.from({ length: 20 }, (_, n) => `user:${n}`);
    const decisions = await takeEach(
      limiter,
      keys.flatMap((key) => {
        const charges = [charge({ key }), charge({ key, rule: 'cost:60' })];
        return [
          { charges, subject: key },
          { charges, subject: key },
        ];
      }),
    );
    expect(decisions.map(({ charges }) => charges.map(({ remaining }) => remaining))).toEqual(
      keys.flatMap(() => [
        [2, 2],
        [1, 1],
      ]),
    );
    expect(calls).toBe(20);
  });

  it('are asked one after another by an operation of several callers, until one denies it', async () => {
    const limiter = open();
    const [one, other, third] = ['user:1', 'user:2', 'user:3'].map((key) => charge({ key, limit: 1 }));
    await limiter.take({ charges: [other!], subject: null });
    const denied = await limiter.take({ charges: [one!, other!, third!], subject: null });
    expect(denied).toMatchObject({ outcome: 'limited', deniedBy: ['requests:60'] });
    expect(denied.charges.map(({ charge: { key }, hasRoom }) => [key, hasRoom])).toEqual([
      ['user:1', true],
      ['user:2', false],
      ['user:3', true],
    ]);
    // What was charged before the denial stays: rather too little is granted than too much.
    const left = await Promise.all(
      [one!, third!].map(async (each) => (await limiter.peek({ charges: [each], subject: null })).outcome),
    );
    expect(left).toEqual(['limited', 'granted']);
  });

  it('can be probed, each by a key of its own', async () => {
    await open().probe();
  });
});
