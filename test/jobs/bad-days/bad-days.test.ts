import { createBreakablePostgres } from '../../changes/bad-days/breakable-postgres.js';
import { until } from '../../embedded/until.js';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '../../services/database.js';
import { type BadWorld, openBadWorld } from './bad-world.js';
import { startLastingRedis } from './lasting-redis.js';
import { buildWorkers, type WorkerBuild, type WorkerProcess } from './worker-process.js';

let build: WorkerBuild;
let database: TestDatabase;
let world: BadWorld;
let worker: WorkerProcess;
beforeAll(async () => {
  build = buildWorkers();
  database = await createTestDatabase();
  world = await openBadWorld(database.url, testRedisUrl());
  worker = await build.start(world);
}, 60_000);
afterAll(async () => {
  build.remove();
  await world.close();
  await database.drop();
});

describe('a worker that is killed in the middle of a job', () => {
  it('loses nothing and counts nothing twice: another goes on where it was', async () => {
    const ids = await Promise.all(Array.from({ length: 4 }, () => world.ask('ledger')));
    for (let kill = 1; kill <= 3; kill++) {
      await until('it is in the middle', async () => (await world.version(ids[0]!)) >= kill * 2);
      await worker.kill();
      worker = await build.start(world);
    }
    for (const id of ids)
      expect([(await world.ended(id)).state, await world.judgeLedger(id)]).toEqual([
        'COMPLETED',
        'each item once',
      ]);
  });

  it('may come back after it was given up: what it goes on with is undone', async () => {
    const id = await world.ask('ledger', { chunk: 2 });
    await until('it is in the middle', async () => (await world.version(id)) >= 3);
    worker.freeze();
    const second = await build.start(world);
    try {
      await until('another has it', async () => (await world.version(id)) >= 8);
    } finally {
      worker.thaw();
    }
    expect([(await world.ended(id)).state, await world.judgeLedger(id)]).toEqual([
      'COMPLETED',
      'each item once',
    ]);
    await second.kill();
  });
});

describe('bad jobs', () => {
  it.each([
    ['poison', 'poison'],
    ['throws', 'at once'],
    ['never-ends', 'TIMEOUT: The job took longer than it may'],
    ['spins', 'TIMEOUT: The job took longer than it may'],
    ['leaks', expect.stringMatching(/memory/i)],
  ])('that %s fail, and nothing else does', async (name, failure) => {
    const bad = await world.ask(name);
    const good = await Promise.all(Array.from({ length: 5 }, () => world.ask('once')));
    for (const id of good)
      expect([(await world.ended(id)).state, await world.countEffects(id)]).toEqual(['COMPLETED', 1]);
    expect(await world.ended(bad)).toMatchObject({ state: 'FAILED', failure });
  });

  it('of a thread leave the next one a thread of its own', async () => {
    const id = await world.ask('computes', { below: 20_000 });
    expect(await world.ended(id)).toMatchObject({ state: 'COMPLETED', result: 2_262 });
  });
});

describe('ten thousand equal requests at once', () => {
  it('are one job', async () => {
    const ids = await Promise.all(Array.from({ length: 10_000 }, () => world.ask('ledger', {}, 'equal')));
    expect(new Set(ids)).toEqual(new Set(['equal']));
    await world.ended('equal');
    expect(await world.judgeLedger('equal')).toBe('each item once');
  });
});

describe('a schedule, on nodes whose clocks are minutes apart', () => {
  it('fires once for each time that it is due', async () => {
    const own = await openBadWorld(database.url, testRedisUrl());
    const aheadMs = [0, 120_000, -120_000];
    const workers = await Promise.all(aheadMs.map((ms) => build.start(own, ms)));
    try {
      const ids = 'repeat:tick:%';
      const beganMs = Date.now();
      await own.schedule([{ job: 'tick', everyMs: 1_000 }]);
      await until('it has fired some times', async () => (await own.countAll(ids)).jobs >= 6);
      await own.schedule([]);
      const { jobs, effects } = await own.countAll(ids);
      expect(effects).toBe(jobs);
      // However far the clocks are apart: not more often than there were seconds, and at once.
      expect(jobs).toBeLessThanOrEqual((Date.now() - beganMs) / 1_000 + 2);
    } finally {
      await Promise.all(workers.map((each) => each.kill()));
      await own.close();
    }
  });
});

describe('services that restart in the middle of a job', () => {
  it('PostgreSQL: the job goes on, and counts nothing twice', async () => {
    const postgres = await createBreakablePostgres();
    try {
      await postgres.start();
      const own = await openBadWorld(postgres.url, testRedisUrl());
      const ownWorker = await build.start(own);
      const id = await own.ask('ledger');
      await until('it is in the middle', async () => (await own.version(id)) >= 3);
      await postgres.stop();
      await postgres.start();
      expect([(await own.ended(id)).state, await own.judgeLedger(id)]).toEqual([
        'COMPLETED',
        'each item once',
      ]);
      await ownWorker.kill();
      await own.close();
    } finally {
      await postgres.remove();
    }
  });

  it('Redis: as well', async () => {
    const redis = await startLastingRedis();
    try {
      const own = await openBadWorld(database.url, redis.url);
      const ownWorker = await build.start(own);
      const ids = [await own.ask('ledger'), await own.ask('once')] as const;
      await until('it is in the middle', async () => (await own.version(ids[0])) >= 3);
      await redis.restart();
      expect([(await own.ended(ids[0])).state, await own.judgeLedger(ids[0])]).toEqual([
        'COMPLETED',
        'each item once',
      ]);
      expect([(await own.ended(ids[1])).state, await own.countEffects(ids[1])]).toEqual(['COMPLETED', 1]);
      await ownWorker.kill();
      await own.close();
    } finally {
      await redis.remove();
    }
  });
});
