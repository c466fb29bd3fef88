import { randomInt } from 'node:crypto';
import { createTestDatabase, type TestDatabase, testRedisUrl } from '../../services/database.js';
import { type BadWorld, openBadWorld } from './bad-world.js';
import { startLastingRedis } from './lasting-redis.js';
import { buildWorkers, type WorkerBuild, type WorkerProcess } from './worker-process.js';

const BACKLOG = 100_000;
const WORKERS = 2;
const TROUBLED_MS = 60_000;
const LEDGERS = 200;
const ONCES = 2_000;

let build: WorkerBuild;
let database: TestDatabase;
beforeAll(async () => {
  build = buildWorkers();
  database = await createTestDatabase();
}, 60_000);
afterAll(async () => {
  build.remove();
  await database.drop();
});

async function drain(world: BadWorld): Promise<void> {
  for (;;) {
    const {
      waiting = 0,
      active = 0,
      delayed = 0,
      prioritized = 0,
    } = await world.queues.count('default').catch(() => ({ waiting: 1 }) as never);
    if (waiting + active + delayed + prioritized === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Of one that has ended; a queue keeps the last thousand that ended well, and forgets those before. */
async function stateOf(world: BadWorld, id: string): Promise<string> {
  return (await world.queues.find('default', id))?.state ?? 'COMPLETED';
}

describe('a minute in which workers and Redis die again and again', () => {
  it('leaves every job done exactly once, poison apart', async () => {
    const redis = await startLastingRedis();
    const world = await openBadWorld(database.url, redis.url);
    const workers: WorkerProcess[] = [];
    for (let n = 0; n < WORKERS; n++) workers.push(await build.start(world));
    try {
      const ledgers = await Promise.all(
        Array.from({ length: LEDGERS }, () => world.ask('ledger', { chunk: randomInt(1, 20) })),
      );
      const onces = await Promise.all(Array.from({ length: ONCES }, () => world.ask('once')));
      for (const name of ['poison', 'throws', 'never-ends', 'spins', 'leaks'])
        for (let n = 0; n < 5; n++) await world.ask(name);
      const untilMs = Date.now() + TROUBLED_MS;
      while (Date.now() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, randomInt(500, 4_000)));
        const index = randomInt(0, WORKERS);
        const kind = randomInt(0, 4);
        if (kind === 0) await redis.restart();
        else if (kind === 1) {
          workers[index]!.freeze();
          await new Promise((resolve) => setTimeout(resolve, 2_500));
          workers[index]!.thaw();
        } else {
          await workers[index]!.kill();
          workers[index] = await build.start(world);
        }
      }
      await drain(world);
      const done = await Promise.all(
        ledgers.map(async (id) => [await stateOf(world, id), await world.judgeLedger(id)].join()),
      );
      const once = await Promise.all(
        onces.map(
          async (id) => (await stateOf(world, id)) === 'COMPLETED' && (await world.countEffects(id)) === 1,
        ),
      );
      // Nothing may be counted twice; of what is done, all but a hundredth is to be done in spite of it all.
      expect(new Set(done.filter((each) => each.startsWith('COMPLETED')))).toEqual(
        new Set(['COMPLETED,each item once']),
      );
      const successes =
        done.filter((each) => each.startsWith('COMPLETED')).length + once.filter(Boolean).length;
      expect(successes / (LEDGERS + ONCES)).toBeGreaterThanOrEqual(0.99);
    } finally {
      for (const worker of workers) await worker.kill();
      await world.close();
      await redis.remove();
    }
  }, 600_000);
});

describe('a backlog of a hundred thousand', () => {
  it('is worked off, each job once', async () => {
    const world = await openBadWorld(database.url, testRedisUrl());
    try {
      const queue = world.queues.open('default');
      const data = { args: '{}', viewer: null, askedAtMs: 0 };
      for (let begin = 0; begin < BACKLOG; begin += 5_000)
        await queue.addBulk(
          Array.from({ length: 5_000 }, (_, index) => ({
            name: 'once',
            data,
            opts: { jobId: `backlog-${begin + index}`, removeOnComplete: true },
          })),
        );
      const workers = [await build.start(world), await build.start(world)];
      await drain(world);
      for (const worker of workers) await worker.kill();
      expect(await world.countAll('backlog-%')).toEqual({ jobs: BACKLOG, effects: BACKLOG });
    } finally {
      await world.close();
    }
  }, 600_000);
});
