import type { ChangeLog, ChangeRecord, LogEntry } from '../../../src/changes/log/change-log.js';

export interface LogSubject {
  readonly log: ChangeLog;
  remove(): Promise<void>;
}

export interface SubjectOptions {
  readonly maxRecords?: number;
  readonly maxReadRecords?: number;
}

export function record(id: number, prev: number, tags: readonly string[] = [`Animal:${id}`]): ChangeRecord {
  return { id, prev, lsn: `0/${id}`, tags, isHorizon: false };
}

export function entry(epoch: string, timeMs: number, record: ChangeRecord | null, head = 0): LogEntry {
  const id = record?.id ?? head;
  return { record, heartbeat: { epoch, head: id, lsn: `0/${id}`, timeMs } };
}

/** As it would be written down; tags may come to be only when they are asked for. */
function plain({ id, prev, lsn, tags, isHorizon }: ChangeRecord): ChangeRecord {
  return { id, prev, lsn, tags, isHorizon };
}

/** What any log of changes does, whoever keeps it. */
export function describeChangeLog(open: (options?: SubjectOptions) => Promise<LogSubject>): void {
  let subject: LogSubject;
  let log: ChangeLog;
  const start = async (options?: SubjectOptions): Promise<void> => {
    subject = await open(options);
    log = subject.log;
  };
  const append = async (...entries: LogEntry[]): Promise<boolean[]> => {
    const { connection } = await log.readTime();
    const answers: boolean[] = [];
    for (const each of entries) answers.push(await log.append(each, connection));
    return answers;
  };
  afterEach(() => subject.remove());

  it('is empty at first, and tells the time all the same', async () => {
    await start();
    const before = await log.readTime();
    const reading = await log.read({ epoch: '', id: 0 });
    expect(reading).toMatchObject({ heartbeat: null, records: [], isPartial: false });
    expect(reading.timeMs).toBeGreaterThanOrEqual(before.timeMs);
    expect(reading.connection).toBe(before.connection);
  });

  it('gives back what was appended, from the beginning of the epoch to one who comes from another', async () => {
    await start();
    const tags = ['Animal:7', 'Animal+name=a\nb%2C\u00e9\ud83d\udc18', 'Animal~'];
    const horizon: ChangeRecord = { ...record(9, 5, []), isHorizon: true };
    const nothing = record(12, 9, []);
    expect(
      await append(entry('e1', 10, record(5, 3, tags)), entry('e1', 20, horizon), entry('e1', 30, nothing)),
    ).toEqual([true, true, true]);
    const reading = await log.read({ epoch: 'other', id: 100 });
    expect(reading.records.map(plain)).toEqual([record(5, 3, tags), horizon, nothing]);
    expect(reading.heartbeat).toEqual({ epoch: 'e1', head: 12, lsn: '0/12', timeMs: 30 });
    expect((await log.read({ epoch: 'e1', id: 5 })).records.map(plain)).toEqual([horizon, nothing]);
    expect((await log.read({ epoch: 'e1', id: 10 })).records.map(plain)).toEqual([nothing]);
    expect((await log.read({ epoch: 'e1', id: 12 })).records).toEqual([]);
  });

  it('refuses ids that do not go forward, and writes nothing then', async () => {
    await start();
    expect(await append(entry('e1', 10, record(5, 0)), entry('e1', 20, record(5, 0)))).toEqual([true, false]);
    expect(await append(entry('e1', 20, record(4, 0)))).toEqual([false]);
    const reading = await log.read({ epoch: 'e1', id: 0 });
    expect(reading.records.map(({ id }) => id)).toEqual([5]);
    expect(reading.heartbeat?.timeMs).toBe(10);
  });

  it('lets a heartbeat stand against an older one, but not its record', async () => {
    await start();
    await append(entry('e1', 50, null, 1), entry('e1', 40, record(2, 1)), entry('e1', 45, null, 2));
    const reading = await log.read({ epoch: 'e1', id: 0 });
    expect(reading.heartbeat).toMatchObject({ head: 1, timeMs: 50 });
    expect(reading.records.map(({ id }) => id)).toEqual([2]);
    await append(entry('e1', 50, null, 2));
    expect((await log.read({ epoch: 'e1', id: 2 })).heartbeat).toMatchObject({ head: 2, timeMs: 50 });
  });

  it('begins anew with an epoch, whatever ids and times the last one had', async () => {
    await start();
    await append(entry('e1', 50, record(9, 0)), entry('e2', 40, record(3, 2)));
    const reading = await log.read({ epoch: 'e1', id: 9 });
    expect(reading.records.map(({ id }) => id)).toEqual([3]);
    expect(reading.heartbeat).toMatchObject({ epoch: 'e2', head: 3, timeMs: 40 });
  });

  it('keeps about as many records as it may', async () => {
    await start({ maxRecords: 200 });
    const ids = Array.from({ length: 1000 }, (_, index) => index + 1);
    await append(...ids.map((id) => entry('e1', id, record(id, id - 1))));
    const { records } = await log.read({ epoch: 'e1', id: 0 });
    expect(records.length).toBeGreaterThanOrEqual(200);
    expect(records.length).toBeLessThan(500);
    expect(records.at(-1)?.id).toBe(1000);
  });

  it('says when more follows than one reading brings', async () => {
    await start({ maxReadRecords: 4 });
    await append(...[1, 2, 3, 4, 5, 6].map((id) => entry('e1', id, record(id, id - 1))));
    const first = await log.read({ epoch: 'e1', id: 0 });
    expect(first).toMatchObject({ isPartial: true });
    expect(first.records.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    const second = await log.read({ epoch: 'e1', id: 4 });
    expect(second).toMatchObject({ isPartial: false });
    expect(second.records.map(({ id }) => id)).toEqual([5, 6]);
  });

  it('forgets on close, or lets go at least', async () => {
    await start();
    await append(entry('e1', 1, record(1, 0)));
    await log.close();
    expect(log.kind).toMatch(/memory|redis/);
  });
}
