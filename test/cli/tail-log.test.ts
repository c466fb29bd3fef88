import pc from 'picocolors';
import type { ChangeLog, ChangeRecord } from '../../src/changes/log/change-log.js';
import { MemoryChangeLog } from '../../src/changes/log/memory-change-log.js';
import { renderChange } from '../../src/cli/changes/render-change.js';
import { type TailEvent, tailLog } from '../../src/cli/changes/tail-log.js';

const BEGIN_MS = 1_000;

function recordOf(id: number, prev: number, ...tags: string[]): ChangeRecord {
  return { id, prev, lsn: '0/1', tags, isHorizon: false };
}

/** A tail of a log that the test writes, with the events that it has told. */
function tail(log: ChangeLog) {
  const stopping = new AbortController();
  const events: TailEvent[] = [];
  const watchers = new Set<() => void>();
  let looks = 0;
  const notify = (): void => {
    for (const watcher of watchers) watcher();
  };
  const ended = tailLog({
    log,
    drain: async () => {
      looks += 1;
      notify();
    },
    intervalMs: 1,
    stop: stopping.signal,
    onReady: () => undefined,
    onEvent(event) {
      events.push(event);
      notify();
    },
  });
  function until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        watchers.delete(look);
        resolve();
      };
      watchers.add(look);
      look();
    });
  }
  return {
    events,
    until,
    /** Waits for a whole look at the log that begins from now on. */
    async look() {
      const from = looks;
      await until(() => looks > from + 1);
    },
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function append(log: MemoryChangeLog, record: ChangeRecord | null, head: number, epoch = 'one') {
  await log.append({ record, heartbeat: { epoch, head, lsn: '0/1', timeMs: BEGIN_MS } }, 0);
}

describe('Watching the log', () => {
  it('tells what comes from now on, and not what was there', async () => {
    const log = new MemoryChangeLog({ maxReadRecords: 2 });
    const watch = tail(log);
    await watch.look();
    await append(log, recordOf(1, 0, 'Animal:1'), 1);
    await watch.look();
    for (const id of [2, 3, 4, 5, 6]) await append(log, recordOf(id, id - 1, `Animal:${id}`), id);
    await watch.until(() => watch.events.length === 5);
    await watch.stop();
    expect(watch.events).toEqual(
      [2, 3, 4, 5, 6].map((id) => ({
        kind: 'record',
        epoch: 'one',
        record: recordOf(id, id - 1, `Animal:${id}`),
      })),
    );
  });

  it('tells of what the log has lost', async () => {
    const log = new MemoryChangeLog();
    await append(log, null, 3);
    const watch = tail(log);
    await watch.look();
    await append(log, recordOf(9, 7, 'Animal:1'), 9);
    await append(log, null, 11);
    await watch.until(() => watch.events.length === 3);
    await watch.stop();
    expect(watch.events).toEqual([
      { kind: 'gap', epoch: 'one', from: 3, to: 7 },
      { kind: 'record', epoch: 'one', record: recordOf(9, 7, 'Animal:1') },
      { kind: 'gap', epoch: 'one', from: 9, to: 11 },
    ]);
  });

  it('tells of a new epoch, which begins anew', async () => {
    const log = new MemoryChangeLog();
    await append(log, null, 3);
    const watch = tail(log);
    await watch.look();
    await append(log, recordOf(2, 0, 'Animal:1'), 2, 'two');
    await watch.until(() => watch.events.length === 2);
    await watch.stop();
    expect(watch.events).toEqual([
      { kind: 'epoch', epoch: 'two' },
      { kind: 'record', epoch: 'two', record: recordOf(2, 0, 'Animal:1') },
    ]);
  });

  it('tells once that the log is away, and that it is back', async () => {
    const log = new MemoryChangeLog();
    await append(log, null, 1);
    let isAway = false;
    const faulty: ChangeLog = {
      kind: 'memory',
      readTime: () => log.readTime(),
      append: (entry) => log.append(entry, 0),
      read: (after) => (isAway ? Promise.reject(new Error('gone')) : log.read(after)),
      close: () => log.close(),
    };
    const watch = tail(faulty);
    await watch.look();
    isAway = true;
    await watch.look();
    await watch.look();
    isAway = false;
    await watch.until(() => watch.events.length === 2);
    await watch.look();
    await watch.stop();
    expect(watch.events).toEqual([{ kind: 'away', reason: 'gone' }, { kind: 'back' }]);
  });
});

describe('A line of the log', () => {
  const at = new Date(2026, 0, 2, 3, 4, 5, 6);
  const plain = { colors: pc.createColors(false), model: null, isJson: false };
  const event = (tags: string[], isHorizon = false): TailEvent => ({
    kind: 'record',
    epoch: 'one',
    record: { ...recordOf(42, 41, ...tags), isHorizon },
  });

  it('has time, position and tags', () => {
    expect(renderChange(event(['Animal:7', 'Animal.name']), at, plain)).toBe(
      '03:04:05.006  one:42  Animal:7  Animal.name',
    );
  });

  it('names so many tags and no more', () => {
    const tags = Array.from({ length: 43 }, (_, index) => `Animal:${index}`);
    expect(renderChange(event(tags), at, plain)).toMatch(/ {2}Animal:39 {2}… and 3 more$/);
    expect(renderChange(event(tags), at, { ...plain, isJson: true })).toContain('"Animal:42"');
  });

  it('says what else happened', () => {
    const lines = [
      event([], true),
      { kind: 'gap', epoch: 'one', from: 3, to: 7 } as const,
      { kind: 'epoch', epoch: 'two' } as const,
      { kind: 'away', reason: 'gone' } as const,
      { kind: 'back' } as const,
    ].map((each) => renderChange(each, at, plain));
    expect(lines).toEqual([
      '03:04:05.006  one:42  too much to name: all that is older is void',
      '03:04:05.006  one:7  not in the log any more: all that is older is void',
      '03:04:05.006  two  a new epoch: PostgreSQL may have lost commits, all that is older is void',
      "03:04:05.006  the log can't be watched: gone",
      '03:04:05.006  the log is back',
    ]);
  });

  it('shows one model only, where that is asked for', () => {
    const ofAnimals = { ...plain, model: 'Animal' };
    const tags = ['Animal:7', 'AnimalGroup:1', '_Animal+', 'Animal+taxonId=3', 'Animal~', 'Animal*'];
    expect(renderChange(event(tags), at, ofAnimals)).toBe(
      '03:04:05.006  one:42  Animal:7  Animal+taxonId=3  Animal~  Animal*',
    );
    expect(renderChange(event(['Keeper:7']), at, ofAnimals)).toBeNull();
    expect(renderChange(event([], true), at, ofAnimals)).toContain('too much');
    expect(renderChange(event(['_Friendship+A=1']), at, { ...plain, model: '_Friendship' })).toContain('A=1');
  });

  it('is an object where machines read it', () => {
    const json = { ...plain, isJson: true };
    expect(JSON.parse(renderChange(event(['Animal:7']), at, json) ?? '')).toEqual({
      time: at.toISOString(),
      kind: 'record',
      epoch: 'one',
      id: 42,
      prev: 41,
      lsn: '0/1',
      isHorizon: false,
      tags: ['Animal:7'],
    });
    expect(JSON.parse(renderChange({ kind: 'back' }, at, json) ?? '')).toEqual({
      time: at.toISOString(),
      kind: 'back',
    });
  });
});
