import type { Blocks } from '../../src/limits/blocks/blocks.js';
import type { Limiter } from '../../src/limits/limiter.js';
import { CALLERS, charge } from './limiter-contract.js';

export interface BlocksSubject {
  readonly limiter: Limiter;
  readonly blocks: Blocks;
}

/** What any list of blocks does. Its limiter blocks at the first violation, for an hour. */
export function describeBlocks(open: () => Promise<BlocksSubject>): void {
  let limiter: Limiter;
  let blocks: Blocks;
  beforeEach(async () => {
    ({ limiter, blocks } = await open());
  });
  const HOUR = 3_600_000;
  const take = (key: string, amount = 1) =>
    limiter.take({ charges: [charge({ key, amount })], subject: key });
  const block = async (key: string): Promise<void> => {
    expect((await take(key, 4)).isBlockedNow).toBe(true);
    await untilListed(key);
  };
  /** It is written down once it is in force. */
  const untilListed = async (key: string): Promise<void> => {
    for (let n = 0; n < 1_000; n++) {
      if ((await blocks.list(10)).some(({ subject, lifted }) => subject === key && lifted === null)) return;
    }
    throw new Error(`${key} is never listed`);
  };

  it('is empty at first', async () => {
    expect(await blocks.list(10)).toEqual([]);
    expect(await blocks.findEnd(CALLERS[0])).toBeNull();
    expect(await blocks.lift(CALLERS[0], 'user:1')).toBe(false);
  });

  it('tells who is blocked, since and until when, and for which rules', async () => {
    const before = Date.now();
    await block(CALLERS[0]);
    const [record] = await blocks.list(10);
    expect(record).toMatchObject({ subject: CALLERS[0], rules: ['requests:60'], lifted: null });
    expect(record!.blockedAtMs).toBeGreaterThanOrEqual(before - 1);
    expect(record!.untilMs - record!.blockedAtMs).toBe(HOUR);
    expect(Math.abs((await blocks.findEnd(CALLERS[0]))! - record!.untilMs)).toBeLessThanOrEqual(1_000);
    expect(await blocks.findEnd(CALLERS[1])).toBeNull();
  });

  it('lists those first that end last, as many as were asked for', async () => {
    for (const key of CALLERS) await block(key);
    const all = await blocks.list(10);
    expect(all.map(({ subject }) => subject).sort()).toEqual([...CALLERS].sort());
    const ends = all.map(({ untilMs }) => untilMs);
    expect(ends).toEqual([...ends].sort((a, b) => b - a));
    expect(await blocks.list(2)).toEqual(all.slice(0, 2));
  });

  it('lets one in again who is lifted, and remembers who did that', async () => {
    await block(CALLERS[0]);
    expect((await take(CALLERS[0])).outcome).toBe('blocked');
    expect(await blocks.lift(CALLERS[0], 'user:7')).toBe(true);
    expect(await blocks.lift(CALLERS[0], 'user:8')).toBe(false);
    expect((await take(CALLERS[0])).outcome).toBe('granted');
    expect(await blocks.findEnd(CALLERS[0])).toBeNull();
    const [record] = await blocks.list(10);
    expect(record).toMatchObject({ subject: CALLERS[0], lifted: { by: 'user:7', atMs: expect.any(Number) } });
  });

  it('has a new record for one who is blocked again', async () => {
    await block(CALLERS[0]);
    await blocks.lift(CALLERS[0], 'user:7');
    const again = await limiter.take({
      charges: [charge({ rule: 'cost:60', amount: 4 })],
      subject: CALLERS[0],
    });
    expect(again.isBlockedNow).toBe(true);
    await untilListed(CALLERS[0]);
    expect(await blocks.list(10)).toMatchObject([{ rules: ['cost:60'], lifted: null }]);
  });
}
