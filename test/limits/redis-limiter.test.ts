import { Redis } from 'ioredis';
import { waitForEvent } from '../gateway/redis-child.js';
import { testRedisUrl } from '../services/database.js';
import { describeLimiter } from './limiter-contract.js';
import { openTurnedRedis } from './turned-redis.js';

let redis: Redis;
beforeAll(async () => {
  redis = new Redis(testRedisUrl());
  await waitForEvent(redis, 'ready');
});
afterAll(() => redis.quit());

describe('a limiter in Redis', () => {
  describeLimiter(async ({ blocks }) => openTurnedRedis(redis, blocks));
});
