import type { BlockPolicy } from '../../src/limits/blocks/block-policy.js';
import type { Blocks } from '../../src/limits/blocks/blocks.js';
import type { Charge } from '../../src/limits/charge.js';
import type { Decision, LimitedOperation, Limiter } from '../../src/limits/limiter.js';

/** Whose clock a test turns; no other caller is to be asked for. */
export const CALLERS = ['user:1', 'user:2', 'address:10.0.0.1'] as const;

export interface LimiterSubject {
  readonly limiter: Limiter;
  readonly blocks: Blocks;
  /** Milliseconds since 1970, with a fraction where that matters. */
  setNow(nowMs: number): Promise<void>;
  remove(): Promise<void>;
}

export type OpenSubject = (options: { readonly blocks: BlockPolicy }) => Promise<LimiterSubject>;

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** In the middle of nothing: no window begins here. */
const START = 1_790_000_012_345;

export function charge(part: Partial<Charge> = {}): Charge {
  return {
    rule: 'requests:60',
    key: CALLERS[0],
    limit: 3,
    windowMs: MINUTE,
    amount: 1,
    onLoss: 'local-share',
    ...part,
  };
}

/** All at once, so that they share a call where there are calls. */
export function takeEach(limiter: Limiter, operations: readonly LimitedOperation[]): Promise<Decision[]> {
  return Promise.all(operations.map((operation) => limiter.take(operation)));
}

/** What any limiter does, wherever it counts. */
export function describeLimiter(open: OpenSubject): void {
  let subject: LimiterSubject;
  let limiter: Limiter;
  const start = async (blocks: Partial<BlockPolicy> = {}): Promise<void> => {
    subject = await open({ blocks: { violations: 10, windowMs: HOUR, blockMs: 24 * HOUR, ...blocks } });
    limiter = subject.limiter;
    await subject.setNow(START);
  };
  const at = (offsetMs: number): Promise<void> => subject.setNow(START + offsetMs);
  const take = async (...charges: Charge[]): Promise<Decision> => limiter.take({ charges, subject: null });
  const peek = async (...charges: Charge[]): Promise<Decision> => limiter.peek({ charges, subject: null });
  const figures = ({ outcome, charges }: Decision): unknown[] => [
    outcome,
    ...charges.map(({ hasRoom, remaining, resetMs }) => [hasRoom, remaining, resetMs]),
  ];
  afterEach(() => subject.remove());

  describe('one window', () => {
    beforeEach(() => start());

    it('grants as many as its limit says, then none until the first has left', async () => {
      expect(figures(await take(charge()))).toEqual(['granted', [true, 2, MINUTE]]);
      await at(10_000);
      expect(figures(await take(charge()))).toEqual(['granted', [true, 1, MINUTE - 10_000]]);
      expect(figures(await take(charge()))).toEqual(['granted', [true, 0, MINUTE - 10_000]]);
      await at(MINUTE - 1);
      expect(await take(charge())).toMatchObject({
        outcome: 'limited',
        deniedBy: ['requests:60'],
        retryMs: 1,
        charges: [{ hasRoom: false, remaining: 0, resetMs: 1, charge: { rule: 'requests:60' } }],
      });
      await at(MINUTE);
      expect(figures(await take(charge()))).toEqual(['granted', [true, 0, 10_000]]);
      expect(figures(await take(charge()))).toEqual(['limited', [false, 0, 10_000]]);
    });

    it('counts a grant for no less than its length, to the fraction of a millisecond', async () => {
      await at(0.25);
      await take(charge({ limit: 1 }));
      await at(MINUTE + 0.2);
      expect((await take(charge({ limit: 1 }))).outcome).toBe('limited');
      await at(MINUTE + 1);
      expect((await take(charge({ limit: 1 }))).outcome).toBe('granted');
    });

    it('takes amounts, and says when one that it denies would have room', async () => {
      expect(figures(await take(charge({ limit: 10, amount: 4 })))).toEqual(['granted', [true, 6, MINUTE]]);
      await at(1_000);
      await take(charge({ limit: 10, amount: 3 }));
      await at(2_000);
      await take(charge({ limit: 10, amount: 2 }));
      expect(figures(await take(charge({ limit: 10, amount: 2 })))).toEqual([
        'limited',
        [false, 1, MINUTE - 2_000],
      ]);
      expect(figures(await take(charge({ limit: 10, amount: 5 })))).toEqual([
        'limited',
        [false, 1, MINUTE - 2_000],
      ]);
      expect(figures(await take(charge({ limit: 10, amount: 6 })))).toEqual([
        'limited',
        [false, 1, MINUTE - 1_000],
      ]);
      expect(figures(await take(charge({ limit: 10, amount: 10 })))).toEqual(['limited', [false, 1, MINUTE]]);
      expect(figures(await take(charge({ limit: 10, amount: 1 })))).toEqual([
        'granted',
        [true, 0, MINUTE - 2_000],
      ]);
    });

    it('never grants more than its limit at once, and says that waiting is of no use', async () => {
      const decision = await take(charge({ amount: 4 }));
      expect(figures(decision)).toEqual(['limited', [false, 3, null]]);
      expect(decision.retryMs).toBeNull();
      expect(figures(await take(charge({ amount: 3 })))).toEqual(['granted', [true, 0, MINUTE]]);
    });

    it('shows how it stands for an amount of nothing, also where it is full', async () => {
      expect(figures(await take(charge({ amount: 0 })))).toEqual(['granted', [true, 3, 0]]);
      await take(charge({ amount: 3 }));
      expect(figures(await take(charge({ amount: 0 })))).toEqual(['granted', [true, 0, MINUTE]]);
    });

    it('is empty again once all has left', async () => {
      await take(charge({ amount: 3 }));
      await at(MINUTE);
      expect(figures(await peek(charge()))).toEqual(['granted', [true, 3, 0]]);
      expect(figures(await take(charge({ amount: 3 })))).toEqual(['granted', [true, 0, MINUTE]]);
    });

    it('tells the time of its decision', async () => {
      await at(0.5);
      expect((await take(charge())).timeMs).toBeCloseTo(START + 0.5, 2);
    });
  });

  describe('several charges', () => {
    beforeEach(() => start());

    it('are granted whole or denied whole', async () => {
      const few = charge({ rule: 'requests:60', limit: 1 });
      const many = charge({ rule: 'requests:3600', limit: 10, windowMs: HOUR });
      expect(figures(await take(few, many))).toEqual(['granted', [true, 0, MINUTE], [true, 9, HOUR]]);
      const denied = await take(many, few);
      expect(figures(denied)).toEqual(['limited', [true, 9, HOUR], [false, 0, MINUTE]]);
      expect(denied.deniedBy).toEqual(['requests:60']);
      expect(figures(await peek(many))).toEqual(['granted', [true, 9, HOUR]]);
    });

    it('say each of them whether it had room, and wait for the last that has', async () => {
      const charges = [
        charge({ rule: 'a:60', limit: 1 }),
        charge({ rule: 'b:3600', limit: 1, windowMs: HOUR }),
        charge({ rule: 'c:60', limit: 1 }),
      ];
      await take(charges[0]!, charges[1]!);
      const denied = await take(...charges);
      expect(denied.deniedBy).toEqual(['a:60', 'b:3600']);
      expect(denied.retryMs).toBe(HOUR);
      expect(figures(await take(charges[2]!))).toEqual(['granted', [true, 0, MINUTE]]);
    });

    it('of one rule add up', async () => {
      expect(figures(await take(charge({ amount: 2 }), charge({ amount: 2 })))).toEqual([
        'limited',
        [true, 3, 0],
        [false, 3, null],
      ]);
      expect(figures(await take(charge({ amount: 2 }), charge({ amount: 1 })))).toEqual([
        'granted',
        [true, 0, MINUTE],
        [true, 0, MINUTE],
      ]);
    });

    it('of different rules and callers are counted apart', async () => {
      await take(charge({ amount: 3 }));
      for (const other of [charge({ key: CALLERS[1] }), charge({ rule: 'field:Query.zoo:60' })]) {
        expect((await take(other)).outcome).toBe('granted');
      }
    });

    it('of several callers may be charged together', async () => {
      const charges = CALLERS.map((key) => charge({ key, limit: 2 }));
      expect(figures(await take(...charges))).toEqual(['granted', ...CALLERS.map(() => [true, 1, MINUTE])]);
    });

    it('may be none at all', async () => {
      expect(await take()).toMatchObject({ outcome: 'granted', charges: [], deniedBy: [], retryMs: 0 });
    });

    it('that nobody can count are refused', async () => {
      for (const part of [
        { amount: -1 },
        { amount: 1.5 },
        { amount: Number.NaN },
        { limit: 0 },
        { limit: 2 ** 31 },
        { windowMs: 0 },
        { windowMs: 1e12 },
      ]) {
        await expect(take(charge(part))).rejects.toThrow(RangeError);
      }
    });
  });

  describe('a batch', () => {
    beforeEach(() => start());

    it('is decided one by one, in order', async () => {
      const ask = (amount: number) => ({ charges: [charge({ amount })], subject: null });
      const decisions = await takeEach(limiter, [2, 2, 1, 1].map(ask));
      expect(decisions.map(({ outcome }) => outcome)).toEqual(['granted', 'limited', 'granted', 'limited']);
      expect(decisions.map(({ charges }) => charges[0]?.remaining)).toEqual([1, 1, 0, 0]);
    });

    it('of many operations grants no more than one after another would', async () => {
      const operations = Array.from({ length: 1_000 }, (_, n) => ({
        charges: [
          charge({ limit: 400, key: CALLERS[n % 2]! }),
          charge({ rule: 'cost:60', limit: 2_000, key: CALLERS[n % 2]! }),
        ],
        subject: null,
      }));
      const decisions = await takeEach(limiter, operations);
      expect(decisions.map(({ outcome }) => outcome)).toEqual(
        operations.map((_, n) => (n < 800 ? 'granted' : 'limited')),
      );
    });
  });

  describe('a look', () => {
    beforeEach(() => start());

    it('tells what taking would, and takes nothing', async () => {
      expect(figures(await peek(charge({ amount: 2 })))).toEqual(['granted', [true, 3, 0]]);
      await take(charge({ amount: 2 }));
      for (let n = 0; n < 3; n++) {
        expect(figures(await peek(charge({ amount: 2 })))).toEqual(['limited', [false, 1, MINUTE]]);
        expect(figures(await peek(charge()))).toEqual(['granted', [true, 1, MINUTE]]);
      }
    });

    it('is no violation', async () => {
      await take(charge({ amount: 3 }));
      for (let n = 0; n < 20; n++) {
        await at(n * 10_000);
        await limiter.peek({ charges: [charge({ amount: 5 })], subject: CALLERS[0] });
      }
      expect(await subject.blocks.findEnd(CALLERS[0])).toBeNull();
    });
  });

  describe('a limit that changes', () => {
    beforeEach(() => start());

    it('counts what was granted before', async () => {
      await take(charge({ amount: 3 }));
      expect(figures(await take(charge({ limit: 5, amount: 2 })))).toEqual(['granted', [true, 0, MINUTE]]);
      expect(figures(await take(charge({ limit: 2 })))).toEqual(['limited', [false, 0, MINUTE]]);
    });

    it('also from a log to sub-buckets and back', async () => {
      await take(charge({ limit: 1_000, amount: 900 }));
      await at(30_000);
      expect((await take(charge({ limit: 5_000, amount: 200 }))).charges[0]?.remaining).toBe(3_900);
      // As if its tier was lowered: nothing is forgotten.
      expect((await take(charge({ limit: 1_000 }))).outcome).toBe('limited');
      await at(MINUTE);
      expect(figures(await take(charge({ limit: 1_000, amount: 800 })))[0]).toBe('granted');
      expect(figures(await take(charge({ limit: 1_000 })))[0]).toBe('limited');
    });
  });

  describe('a limit above 1,000', () => {
    beforeEach(() => start());

    it('counts in sixtieths of its window, always for too long rather than too short', async () => {
      const big = charge({ limit: 2_000, amount: 2_000 });
      await take(big);
      await at(MINUTE);
      expect((await peek(big)).outcome).toBe('limited');
      await at(MINUTE + 1_000);
      expect((await peek(big)).outcome).toBe('granted');
    });

    it('of a billion is counted to the unit', async () => {
      const limit = 1_000_000_000;
      for (let n = 0; n < 12; n++) {
        await at(n * 2 * MINUTE);
        expect((await take(charge({ limit, amount: limit - 1 }))).outcome).toBe('granted');
        expect((await take(charge({ limit, amount: 1 }))).outcome).toBe('granted');
        expect((await take(charge({ limit, amount: 1 }))).outcome).toBe('limited');
      }
    });
  });

  describe('a window of a day', () => {
    beforeEach(() => start());

    it('holds beside the others', async () => {
      const day = charge({ rule: 'requests:86400', limit: 2, windowMs: 24 * HOUR });
      await take(day, charge());
      await at(HOUR);
      await take(day, charge());
      await at(24 * HOUR - 1);
      expect((await take(day, charge())).deniedBy).toEqual(['requests:86400']);
      await at(24 * HOUR);
      expect((await take(day, charge())).outcome).toBe('granted');
    });
  });

  describe('violations', () => {
    /** Denied once, by a window of a minute. */
    const violate = async (offsetMs: number, key: string = CALLERS[0]): Promise<Decision> => {
      await at(offsetMs);
      const full = charge({ key, limit: 1, amount: 2 });
      return limiter.take({ charges: [full], subject: key });
    };

    it('block at the tenth within an hour, for a day', async () => {
      await start();
      for (let n = 0; n < 9; n++) expect((await violate(n * MINUTE)).isBlockedNow).toBe(false);
      const last = await violate(9 * MINUTE);
      expect(last).toMatchObject({ outcome: 'limited', isBlockedNow: true });
      const operation = { charges: [charge()], subject: CALLERS[0] };
      await at(10 * MINUTE);
      const blocked = await limiter.take(operation);
      expect(blocked).toMatchObject({ outcome: 'blocked', deniedBy: [], isBlockedNow: false });
      expect(blocked.retryMs).toBe(24 * HOUR - MINUTE);
      expect((await limiter.peek(operation)).outcome).toBe('blocked');
      await at(9 * MINUTE + 24 * HOUR - 1);
      expect((await limiter.take(operation)).outcome).toBe('blocked');
      await at(9 * MINUTE + 24 * HOUR);
      expect(figures(await limiter.take(operation))).toEqual(['granted', [true, 2, MINUTE]]);
      // It begins anew.
      expect((await violate(26 * HOUR)).isBlockedNow).toBe(false);
    });

    it('are one per window at most, however often it is run into', async () => {
      await start({ violations: 3 });
      for (let n = 0; n < 100; n++) expect((await violate(n * 500)).isBlockedNow).toBe(false);
      await violate(MINUTE);
      expect((await violate(2 * MINUTE - 1)).isBlockedNow).toBe(false);
      expect((await violate(2 * MINUTE)).isBlockedNow).toBe(true);
    });

    it('are one per operation at most, however many rules it breaks', async () => {
      await start({ violations: 3 });
      const charges = ['a', 'b', 'c', 'd'].map((name) =>
        charge({ rule: `field:Query.${name}:60`, limit: 1, amount: 2 }),
      );
      for (let n = 0; n < 5; n++) {
        expect((await limiter.take({ charges, subject: CALLERS[0] })).isBlockedNow).toBe(false);
      }
    });

    it('count only within their own window', async () => {
      await start({ violations: 3, windowMs: 10 * MINUTE });
      await violate(0);
      await violate(5 * MINUTE);
      expect((await violate(10 * MINUTE)).isBlockedNow).toBe(false);
      expect((await violate(12 * MINUTE)).isBlockedNow).toBe(true);
    });

    it('count against nobody where there is no subject, or where nobody is to be blocked', async () => {
      await start({ violations: 1 });
      for (let n = 0; n < 3; n++) await take(charge({ amount: 4 }));
      expect((await take(charge())).outcome).toBe('granted');
      await subject.remove();
      await start({ violations: 0 });
      for (let n = 0; n < 3; n++) expect((await violate(n * MINUTE)).isBlockedNow).toBe(false);
    });

    it('of one caller are not another one’s', async () => {
      await start({ violations: 2 });
      await violate(0, CALLERS[0]);
      await violate(0, CALLERS[1]);
      expect((await violate(MINUTE, CALLERS[0])).isBlockedNow).toBe(true);
      await at(2 * MINUTE);
      expect(
        (await limiter.take({ charges: [charge({ key: CALLERS[1] })], subject: CALLERS[1] })).outcome,
      ).toBe('granted');
    });

    it('charge nothing while blocked', async () => {
      await start({ violations: 1 });
      await violate(0);
      for (let n = 0; n < 5; n++) {
        expect(figures(await limiter.take({ charges: [charge()], subject: CALLERS[0] }))).toEqual([
          'blocked',
          [true, 3, 0],
        ]);
      }
    });

    it('within one batch block the rest of it', async () => {
      await start({ violations: 1 });
      const [good, bad] = [charge(), charge({ rule: 'cost:60', limit: 1, amount: 2 })];
      const decisions = await takeEach(
        limiter,
        [good, bad, good].map((each) => ({ charges: [each], subject: CALLERS[0] })),
      );
      expect(decisions.map(({ outcome }) => outcome)).toEqual(['granted', 'limited', 'blocked']);
      expect(decisions.map(({ isBlockedNow }) => isBlockedNow)).toEqual([false, true, false]);
    });
  });
}
