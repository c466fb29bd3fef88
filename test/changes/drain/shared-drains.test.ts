import type { Drained } from '../../../src/changes/drain/drain.js';
import { type DrainRun, SharedDrains } from '../../../src/changes/drain/shared-drains.js';

interface Started {
  readonly run: DrainRun;
  finish(drained: Drained): void;
  fail(error: Error): void;
}

const DRAINED: Drained = { position: { epoch: 'e1', id: 1 }, lsn: '0/1', records: [] };

/** Drains that start when it is their turn, and end when the test says so. */
function setUp() {
  const started: Started[] = [];
  let waiting = (): void => {};
  let shared = 0;
  const drains = new SharedDrains({
    run: (run) =>
      new Promise((finish, fail) => {
        started.push({ run, finish, fail });
        waiting();
      }),
    onShared: () => {
      shared++;
    },
  });
  const nthStart = async (count: number): Promise<Started> => {
    while (started.length < count) {
      await new Promise<void>((resolve) => {
        waiting = resolve;
      });
    }
    return started[count - 1]!;
  };
  return { drains, started, nthStart, countShared: () => shared };
}

describe('shared drains', () => {
  it('are joined until the statement goes out whose snapshot decides', async () => {
    const { drains, started, nthStart, countShared } = setUp();
    const first = drains.drain('peek');
    const joined = drains.drain('peek');
    const one = await nthStart(1);
    const late = drains.drain('peek');
    expect(countShared()).toBe(2);
    one.run.onSnapshot();
    const next = drains.drain('peek');
    expect(started).toHaveLength(1);
    one.finish(DRAINED);
    expect(await Promise.all([first, joined, late])).toEqual([DRAINED, DRAINED, DRAINED]);
    const other = { ...DRAINED, lsn: '0/2' };
    (await nthStart(2)).finish(other);
    expect(await next).toBe(other);
  });

  it('take without looking first as soon as one who shares them knows that there is something', async () => {
    const { drains, nthStart } = setUp();
    const shared = [drains.drain('peek'), drains.drain('take'), drains.drain('peek')];
    const one = await nthStart(1);
    expect(one.run.need).toBe('take');
    one.finish(DRAINED);
    await Promise.all(shared);
  });

  it('hand on a time that is known already', async () => {
    const { drains, nthStart } = setUp();
    const time = { timeMs: 1, connection: 2, askedAtMs: 3, log: null as never };
    const running = drains.drain('peek', time);
    const one = await nthStart(1);
    expect(one.run.time).toBe(time);
    one.finish(DRAINED);
    await running;
  });

  it('fail for all who share one, and for nobody else', async () => {
    const { drains, nthStart } = setUp();
    const shared = [drains.drain('peek'), drains.drain('peek')];
    const one = await nthStart(1);
    one.fail(new Error('lost'));
    for (const each of shared) await expect(each).rejects.toThrow('lost');
    const next = drains.drain('peek');
    (await nthStart(2)).finish(DRAINED);
    expect(await next).toBe(DRAINED);
  });
});
