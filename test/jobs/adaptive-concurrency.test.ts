import { AdaptiveConcurrency } from '../../src/jobs/adaptive-concurrency.js';

const IDLE = { waiting: 0, running: 0, eventLoopLagMs: 0, poolWaiting: 0 };

describe('how many jobs a worker takes at a time', () => {
  it('grows by one while jobs wait and all places are taken, up to the bound', () => {
    const concurrency = new AdaptiveConcurrency({ min: 2, max: 5 });
    const targets = [2, 3, 4, 5, 6].map((running) => concurrency.adapt({ ...IDLE, waiting: 100, running }));
    expect(targets).toEqual([3, 4, 5, 5, 5]);
  });

  it('stays where places are free', () => {
    const concurrency = new AdaptiveConcurrency({ min: 2, max: 5 });
    expect(concurrency.adapt({ ...IDLE, waiting: 100, running: 1 })).toBe(2);
  });

  it.each([{ eventLoopLagMs: 51 }, { poolWaiting: 1 }])(
    'halves where the process can’t keep up: %p',
    (load) => {
      const concurrency = new AdaptiveConcurrency({ min: 1, max: 8 });
      for (let running = 1; running < 8; running++) concurrency.adapt({ ...IDLE, waiting: 1, running });
      expect(concurrency.target).toBe(8);
      const busy = { ...IDLE, waiting: 100, running: 8, ...load };
      expect([1, 2, 3, 4].map(() => concurrency.adapt(busy))).toEqual([4, 2, 1, 1]);
    },
  );

  it('falls back to the least once nothing waits', () => {
    const concurrency = new AdaptiveConcurrency({ min: 1, max: 3 });
    for (let running = 1; running < 3; running++) concurrency.adapt({ ...IDLE, waiting: 1, running });
    expect([0, 0, 0].map((running) => concurrency.adapt({ ...IDLE, running }))).toEqual([2, 1, 1]);
  });
});
