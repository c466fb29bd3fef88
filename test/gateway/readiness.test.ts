import { Redis } from 'ioredis';
import pg from 'pg';
import { startRedisChild, waitForEvent } from './redis-child.js';
import { type SmallGateway, startSmallGateway } from './small-gateway.js';

async function ready(gateway: SmallGateway) {
  const response = await fetch(`${gateway.url}/readyz`);
  return { code: response.status, report: await response.json() };
}

describe('Liveness', () => {
  it('needs nothing but the process', async () => {
    const gateway = await startSmallGateway();
    try {
      const response = await fetch(`${gateway.url}/livez`);
      expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }]);
    } finally {
      await gateway.close();
    }
  });
});

describe('Readiness', () => {
  it('asks PostgreSQL and Redis and says how each is', async () => {
    const pool = new pg.Pool({ connectionString: process.env.TEST_DATABASE_ADMIN_URL });
    const redis = new Redis(process.env.TEST_REDIS_URL ?? '');
    const gateway = await startSmallGateway({}, { pool, redis });
    try {
      await redis.ping();
      expect(await ready(gateway)).toEqual({
        code: 200,
        report: {
          status: 'ready',
          checks: {
            database: { status: 'ok', durationMs: expect.any(Number) },
            redis: { status: 'ok', durationMs: expect.any(Number) },
          },
        },
      });
    } finally {
      await gateway.close();
      await pool.end();
      await redis.quit();
    }
  });

  it('is not given without a database', async () => {
    const pool = new pg.Pool({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' });
    const gateway = await startSmallGateway({}, { pool });
    try {
      const { code, report } = await ready(gateway);
      expect(code).toBe(503);
      expect(report).toMatchObject({
        status: 'unready',
        checks: { database: { status: 'failed', reason: expect.stringContaining('ECONNREFUSED') } },
      });
    } finally {
      await gateway.close();
      await pool.end();
    }
  });

  it('is given, degraded, without Redis', async () => {
    const child = await startRedisChild();
    const redis = new Redis(child.url, { retryStrategy: () => 50, disconnectTimeout: 50 });
    redis.on('error', () => {
      // Expected here; without a listener ioredis prints each one.
    });
    await waitForEvent(redis, 'ready');
    const gateway = await startSmallGateway({}, { redis });
    try {
      const closed = waitForEvent(redis, 'close');
      await child.kill();
      await closed;
      expect(await ready(gateway)).toMatchObject({
        code: 200,
        report: { status: 'degraded', checks: { redis: { status: 'failed' } } },
      });
    } finally {
      await gateway.close();
      redis.disconnect();
      await child.kill();
    }
  });

  it('waits no longer than configured, and does not pile up attempts behind one that hangs', async () => {
    let attempts = 0;
    const pool = {
      query: () => {
        attempts += 1;
        return new Promise<unknown>(() => {});
      },
    };
    const gateway = await startSmallGateway({ SLUICE_HTTP_READINESS_TIMEOUT_MS: '50' }, { pool });
    try {
      for (const _ of [1, 2]) {
        expect(await ready(gateway)).toMatchObject({
          code: 503,
          report: { checks: { database: { status: 'failed', reason: 'no answer within 50 ms' } } },
        });
      }
      expect(attempts).toBe(1);
    } finally {
      await gateway.close();
    }
  });

  it('can ask for more', async () => {
    const checks = [{ name: 'tide', isRequired: true, check: () => Promise.reject('low') }];
    const gateway = await startSmallGateway({}, { checks });
    try {
      expect(await ready(gateway)).toMatchObject({
        code: 503,
        report: { checks: { tide: { reason: 'low' } } },
      });
    } finally {
      await gateway.close();
    }
  });
});
