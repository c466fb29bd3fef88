import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { PostgresSessionStore } from '../../src/identity/sessions/postgres-session-store.js';
import { RedisSessionStore } from '../../src/identity/sessions/redis-session-store.js';
import type { SessionStore } from '../../src/identity/sessions/session-store.js';
import { SessionViewers } from '../../src/identity/sessions/session-viewers.js';
import { Tiers } from '../../src/identity/tiers.js';
import { until } from '../embedded/until.js';
import { testRedisUrl } from '../services/database.js';
import { type EngineDatabase, openEngineDatabase } from './engine-database.js';

let database: EngineDatabase;
let redis: Redis;
const prefix = `test:${randomBytes(8).toString('hex')}:`;
beforeAll(async () => {
  database = await openEngineDatabase();
  redis = new Redis(testRedisUrl());
});
afterAll(async () => {
  redis.disconnect();
  await database.close();
});

const newId = () => randomBytes(16).toString('base64url');
const data = { viewerId: 'u1', signedInAtMs: 1_900_000_000_000 };

/** What every store of sessions does. */
function describeSessionStore(name: string, open: () => SessionStore, readAll: () => Promise<string>): void {
  describe(`Sessions in ${name}`, () => {
    it('are found as they were put, under their id only', async () => {
      const [store, id] = [open(), newId()];
      expect(await store.find(id)).toBeNull();
      await store.put(id, data, 60);
      expect(await store.find(id)).toEqual(data);
      expect(await store.find(`${id}x`)).toBeNull();
      expect(await open().find(id)).toEqual(data);
    });

    it('take the place of what had their id', async () => {
      const [store, id] = [open(), newId()];
      await store.put(id, data, 60);
      await store.put(id, { ...data, viewerId: 'u2' }, 60);
      expect(await store.find(id)).toMatchObject({ viewerId: 'u2' });
    });

    it('are gone once removed, however often', async () => {
      const [store, id] = [open(), newId()];
      await store.put(id, data, 60);
      await store.remove(id);
      await store.remove(id);
      expect(await store.find(id)).toBeNull();
    });

    it('expire', async () => {
      const [store, id] = [open(), newId()];
      await store.put(id, data, 1);
      await until('the session to expire', async () => (await store.find(id)) === null);
    });

    it('hold nothing that their ids could be found out by', async () => {
      const [store, id] = [open(), newId()];
      await store.put(id, data, 60);
      expect(await readAll()).not.toContain(id);
      expect(await readAll()).toContain('u1');
    });

    it('are swept away when they have expired, and not before', async () => {
      const [store, kept, expired] = [open(), newId(), newId()];
      await store.put(kept, data, 60);
      await store.put(expired, { ...data, viewerId: 'swept' }, 1);
      await until('the session to expire', async () => (await store.find(expired)) === null);
      await store.sweep();
      expect(await readAll()).not.toContain('swept');
      expect(await store.find(kept)).toEqual(data);
      expect(await store.sweep()).toBe(0);
    });
  });
}

describeSessionStore(
  'PostgreSQL',
  () => new PostgresSessionStore(database.pool),
  async () => {
    const { rows } = await database.pool.query('SELECT s::text AS row FROM sluice.sessions s');
    return rows.map(({ row }) => row).join();
  },
);
describeSessionStore(
  'Redis',
  () => new RedisSessionStore(redis, prefix),
  async () => {
    const keys = await redis.keys(`${prefix}*`);
    return [...keys, ...(await redis.mget(keys))].join();
  },
);

describe('What a store holds', () => {
  it('is nobody where it has a form that is not known', async () => {
    const store = new PostgresSessionStore(database.pool);
    const id = newId();
    await store.put(id, { user: 1 } as never, 60);
    expect(await store.find(id)).toBeNull();
  });
});

describe('The viewer of a session', () => {
  function open(
    loadViewer: (id: string) => Promise<{ tier: string; scopes?: string[] } | null>,
    ttlMs = 2_000,
  ) {
    const clock = { ms: 0, nowMs: () => clock.ms };
    let loads = 0;
    const viewers = new SessionViewers({
      loadViewer: (id) => {
        loads += 1;
        return loadViewer(id);
      },
      tiers: new Tiers(),
      ttlMs,
      clock,
    });
    return { viewers, clock, countLoads: () => loads };
  }

  it('is asked for once by all who ask at a time, and again after a while', async () => {
    let tier = 'premium';
    const { viewers, clock, countLoads } = open(async () => ({ tier, scopes: ['read'] }));
    const [one, other] = await Promise.all([viewers.find('u1'), viewers.find('u1')]);
    expect(one).toEqual({ id: 'u1', tier: 'premium', scopes: ['read'], isAuthenticated: true });
    expect(other).toBe(one);
    tier = 'authenticated';
    clock.ms = 1_999;
    expect(await viewers.find('u1')).toBe(one);
    expect(countLoads()).toBe(1);
    clock.ms = 2_000;
    expect(await viewers.find('u1')).toMatchObject({ tier: 'authenticated', id: 'u1' });
  });

  it('is nobody where the app knows nobody, which is not remembered', async () => {
    let isKnown = false;
    const { viewers } = open(async () => (isKnown ? { tier: 'staff' } : null));
    expect(await viewers.find('u1')).toBeNull();
    isKnown = true;
    expect(await viewers.find('u1')).toMatchObject({ tier: 'staff', scopes: [] });
  });

  it('has no tier that there is not', async () => {
    const { viewers } = open(async () => ({ tier: 'gold' }));
    await expect(viewers.find('u1')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('"gold"'),
    });
  });

  it('is asked for anew after a failure', async () => {
    let isAway = true;
    const { viewers } = open(async () => {
      if (isAway) throw new Error('away');
      return { tier: 'staff' };
    });
    await expect(viewers.find('u1')).rejects.toThrow('away');
    isAway = false;
    expect(await viewers.find('u1')).toMatchObject({ tier: 'staff' });
  });
});
