import type { ChangeRecord, LogReading } from '../../../src/changes/log/change-log.js';
import { MemoryChangeLog } from '../../../src/changes/log/memory-change-log.js';
import { AppliedLog } from '../../../src/changes/node/applied-log.js';
import { LogFollower } from '../../../src/changes/node/log-follower.js';
import { Trust } from '../../../src/changes/node/trust.js';

const NONE = new Uint32Array();

function record(id: number, prev: number): ChangeRecord {
  return { id, prev, lsn: '0/0', tags: [`Animal:${id}`], isHorizon: false };
}

function setUp(options: ConstructorParameters<typeof MemoryChangeLog>[0] = {}) {
  let clockMs = 1_000;
  const nowMs = (): number => clockMs;
  const log = new MemoryChangeLog({ nowMs, ...options });
  const applied = new AppliedLog();
  const trust = new Trust({ maxLagMs: 100, nowMs });
  trust.start();
  return {
    ...{ log, applied, trust, follower: new LogFollower({ applied, trust, nowMs }) },
    pass: (ms: number) => {
      clockMs += ms;
    },
    append: (id: number, prev: number, epoch = 'e1', timeMs = clockMs) =>
      log.append({ record: record(id, prev), heartbeat: { epoch, head: id, lsn: '0/0', timeMs } }, 0),
  };
}

describe('a node that follows the log', () => {
  it('reads on to its end, however many readings that takes', async () => {
    const { follower, log, applied, trust, append } = setUp({ maxReadRecords: 3 });
    for (let id = 1; id <= 10; id++) await append(id, id - 1);
    const { reading } = await follower.follow(log);
    expect(applied.position).toEqual({ epoch: 'e1', id: 10 });
    expect(applied.horizon).toBe(0);
    expect(reading.records.map(({ id }) => id)).toEqual([10]);
    expect(trust.isTrusted).toBe(true);
  });

  it('proves nothing by the log`s clock that lies further back than the bound', async () => {
    const { follower, log, trust, append, pass } = setUp();
    await append(1, 0);
    pass(101);
    await follower.follow(log);
    expect(trust.isTrusted).toBe(false);
    expect(trust.lagMs).toBe(101);
  });

  it('proves nothing by a heartbeat from the future', async () => {
    const { follower, log, applied, trust, append } = setUp();
    await append(1, 0, 'e1', 1_001);
    await follower.follow(log);
    expect(applied.position.id).toBe(1);
    expect(trust.lagMs).toBeNull();
  });

  it('proves nothing by an empty log', async () => {
    const { follower, log, applied, trust } = setUp();
    await follower.follow(log);
    expect(applied.position.id).toBe(0);
    expect(trust.lagMs).toBeNull();
  });

  it('shares one reading among those who come while it runs', async () => {
    const { follower, log, append } = setUp();
    await append(1, 0);
    const [one, other] = await Promise.all([follower.follow(log), follower.follow(log)]);
    expect(other).toBe(one);
    expect(await follower.follow(log)).not.toBe(one);
  });

  it('begins anew in another epoch, in which nothing is proven yet but by its own heartbeat', async () => {
    const { follower, log, applied, trust, append, pass } = setUp();
    await append(5, 4);
    await follower.follow(log);
    await append(7, 6, 'e2');
    pass(101);
    await follower.follow(log);
    expect(applied.position).toEqual({ epoch: 'e2', id: 7 });
    expect(applied.horizon).toBe(6);
    expect(trust.isTrusted).toBe(false);
    // A server that was left behind still speaks of the first.
    await append(9, 8, 'e1');
    await follower.follow(log);
    expect(applied.position).toEqual({ epoch: 'e2', id: 7 });
    expect(trust.isTrusted).toBe(false);
  });

  it('goes on with another epoch that begins while it reads', async () => {
    const { follower, log, applied, append } = setUp({ maxReadRecords: 2 });
    for (let id = 1; id <= 4; id++) await append(id, id - 1);
    const following = follower.follow(log);
    await append(5, 4, 'e2');
    await following;
    expect(applied.position.epoch).toBe('e2');
    expect(applied.isValid({ epoch: 'e2', id: 3 }, NONE, NONE)).toBe(false);
  });

  it('keeps what it has applied when a later reading fails', async () => {
    class Failing extends MemoryChangeLog {
      reads = 0;
      override async read(after: Parameters<MemoryChangeLog['read']>[0]): Promise<LogReading> {
        this.reads++;
        if (this.reads === 2) throw new Error('no answer');
        return super.read(after);
      }
    }
    const { follower, applied, append: _, ...rest } = setUp();
    const log = new Failing({ maxReadRecords: 2, nowMs: () => 1_000 });
    for (let id = 1; id <= 4; id++) {
      await log.append(
        { record: record(id, id - 1), heartbeat: { epoch: 'e1', head: id, lsn: '', timeMs: 1_000 } },
        0,
      );
    }
    await expect(follower.follow(log)).rejects.toThrow('no answer');
    expect(applied.position.id).toBe(2);
    expect(rest.trust.isTrusted).toBe(false);
    await follower.follow(log);
    expect(applied.position.id).toBe(4);
    expect(applied.horizon).toBe(0);
  });
});
