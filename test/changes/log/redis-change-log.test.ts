import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { RedisChangeLog } from '../../../src/changes/log/redis-change-log.js';
import { createRedisLogKeys } from '../../../src/changes/log/redis-log-keys.js';
import { startRedisChild, waitForEvent } from '../../gateway/redis-child.js';
import { testRedisUrl } from '../../services/database.js';
import { describeChangeLog, entry, record } from './change-log-contract.js';

/** Also where the machine is busy; what a late answer does has a test of its own. */
const PATIENT = { deadlineMs: 10_000 };

const place = (): string => `test-${randomBytes(6).toString('hex')}`;

async function connect(url = testRedisUrl()): Promise<Redis> {
  const redis = new Redis(url, {
    maxRetriesPerRequest: 0,
    retryStrategy: () => 20,
    disconnectTimeout: 100,
  });
  redis.on('error', () => undefined);
  await waitForEvent(redis, 'ready');
  return redis;
}

describe('a change log in Redis', () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = await connect();
  });
  afterAll(() => redis.quit());

  describeChangeLog(async (options) => {
    const here = place();
    const log = new RedisChangeLog({ redis, place: here, ...PATIENT, ...options });
    return {
      log,
      remove: async () => {
        await log.close();
        const keys = createRedisLogKeys(here);
        await redis.del(keys.heartbeat, keys.records('e1'), keys.records('e2'));
      },
    };
  });

  it('is another one for another database', async () => {
    const [one, other] = [place(), place()].map(
      (each) => new RedisChangeLog({ redis, place: each, ...PATIENT }),
    );
    const { connection } = await one!.readTime();
    await one!.append(entry('e1', 1, record(1, 0)), connection);
    expect(await other!.read({ epoch: 'e1', id: 0 })).toMatchObject({ heartbeat: null, records: [] });
  });

  it('gives all that it writes a life', async () => {
    const here = place();
    const keys = createRedisLogKeys(here);
    const log = new RedisChangeLog({ redis, place: here, ...PATIENT, ttlSeconds: 100 });
    const { connection } = await log.readTime();
    await log.append(entry('e1', 1, record(1, 0)), connection);
    for (const key of [keys.heartbeat, keys.records('e1')]) {
      expect(await redis.ttl(key)).toBeGreaterThan(90);
      expect(await redis.ttl(key)).toBeLessThanOrEqual(100);
    }
  });

  it('brings no more bytes at a time than it should', async () => {
    const log = new RedisChangeLog({
      redis,
      place: place(),
      ...PATIENT,
      maxReadBytes: 1_000,
      maxReadRecords: 100_000,
    });
    const { connection } = await log.readTime();
    for (let id = 1; id <= 600; id++) await log.append(entry('e1', id, record(id, id - 1)), connection);
    const ids: number[] = [];
    let readings = 0;
    for (let isPartial = true; isPartial; readings++) {
      const reading = await log.read({ epoch: 'e1', id: ids.at(-1) ?? 0 });
      ids.push(...reading.records.map(({ id }) => id));
      isPartial = reading.isPartial;
    }
    expect(ids).toEqual(Array.from({ length: 600 }, (_, index) => index + 1));
    expect(readings).toBe(3);
  });

  it('finds its place in a long log, wherever that is', async () => {
    const log = new RedisChangeLog({ redis, place: place(), ...PATIENT, maxReadRecords: 1 });
    const { connection } = await log.readTime();
    // Not every id is there: some drains came to nothing.
    for (let n = 1; n <= 100; n++) await log.append(entry('e1', n, record(n * 3, n * 3 - 3)), connection);
    for (let id = 0; id < 300; id++) {
      const { records, isPartial } = await log.read({ epoch: 'e1', id });
      expect(records.map((each) => each.id)).toEqual([Math.floor(id / 3) * 3 + 3]);
      expect(isPartial).toBe(id < 297);
    }
    expect(await log.read({ epoch: 'e1', id: 300 })).toMatchObject({ records: [], isPartial: false });
  });

  it('says nothing without a heartbeat, since nothing tells which epoch stands', async () => {
    const here = place();
    const log = new RedisChangeLog({ redis, place: here, ...PATIENT });
    const { connection } = await log.readTime();
    await log.append(entry('e1', 1, record(1, 0)), connection);
    await redis.del(createRedisLogKeys(here).heartbeat);
    expect(await log.read({ epoch: 'e1', id: 0 })).toMatchObject({ heartbeat: null, records: [] });
  });

  it('gives nothing for a heartbeat from the future, as a clock that was set back leaves it', async () => {
    const log = new RedisChangeLog({ redis, place: place(), ...PATIENT });
    const { connection, timeMs } = await log.readTime();
    await log.append(entry('e1', timeMs + 60_000, null, 1), connection);
    await log.append(entry('e1', timeMs, null, 2), connection);
    expect((await log.read({ epoch: 'e1', id: 0 })).heartbeat).toMatchObject({ head: 2, timeMs });
  });

  it('passes on what Redis itself complains of', async () => {
    const here = place();
    await redis.set(createRedisLogKeys(here).records('e1'), 'no list', 'EX', 60);
    const log = new RedisChangeLog({ redis, place: here, ...PATIENT });
    const { connection } = await log.readTime();
    await expect(log.append(entry('e1', 1, record(1, 0)), connection)).rejects.toMatchObject({
      code: 'CHANGE_LOG_UNAVAILABLE',
      cause: { message: expect.stringContaining('WRONGTYPE') },
    });
  });
});

describe('the connection of a change log in Redis', () => {
  it('must be the one that told the time', async () => {
    const redis = await connect();
    const log = new RedisChangeLog({ redis, place: place(), ...PATIENT });
    const { connection } = await log.readTime();
    const closed = waitForEvent(redis, 'close');
    redis.disconnect(true);
    await closed;
    await waitForEvent(redis, 'ready');
    await expect(log.append(entry('e1', 1, record(1, 0)), connection)).rejects.toThrow('has changed');
    expect((await log.read({ epoch: 'e1', id: 0 })).records).toEqual([]);
    await log.close();
    await redis.quit();
  });

  it('is not waited for where there is none', async () => {
    const child = await startRedisChild();
    const redis = await connect(child.url);
    const log = new RedisChangeLog({ redis, place: place(), ...PATIENT });
    const closed = waitForEvent(redis, 'close');
    await child.kill();
    await closed;
    await expect(log.readTime()).rejects.toMatchObject({ code: 'CHANGE_LOG_UNAVAILABLE' });
    await log.close();
    redis.disconnect();
  });

  it('is given up on when it does not answer in time', async () => {
    const child = await startRedisChild();
    const redis = await connect(child.url);
    const log = new RedisChangeLog({ redis, place: place(), deadlineMs: 20 });
    await redis.call('CLIENT', 'PAUSE', '5000', 'ALL');
    await expect(log.read({ epoch: '', id: 0 })).rejects.toThrow('No answer within 20 ms');
    await log.close();
    await child.kill();
    redis.disconnect();
  });
});
