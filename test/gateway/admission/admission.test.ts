import fc from 'fast-check';
import { Admission, type AdmissionOptions, type Leave } from '../../../src/gateway/admission/admission.js';
import { OverloadedError } from '../../../src/gateway/admission/overloaded-error.js';
import { Tiers } from '../../../src/identity/tiers.js';

const LIMITS = { maxPerNode: 2, maxPerCaller: 2, maxQueued: 3, maxWaitMs: 60_000, maxEventLoopLagMs: 100 };
const TIERS = new Tiers();

const open = (limits: Partial<typeof LIMITS> = {}, options: Partial<AdmissionOptions> = {}) =>
  new Admission({ limits: { ...LIMITS, ...limits }, tiers: TIERS, ...options });

/** All that is due without waiting. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Enters under a name that is noted once it is in or refused. */
function createDoor(admission: Admission) {
  const events: string[] = [];
  const leaves = new Map<string, Leave>();
  return {
    events,
    enter(name: string, tier = 'anonymous', caller = name, operations = 1, signal?: AbortSignal) {
      return admission
        .enter({ caller, tier, operations, ...(signal && { signal }) })
        .then((leave) => {
          leaves.set(name, leave);
          events.push(`${name} in`);
        })
        .catch((error: unknown) => {
          if (!(error instanceof OverloadedError)) throw error;
          events.push(`${name} refused`);
        });
    },
    async leave(name: string) {
      leaves.get(name)!();
      await settle();
    },
  };
}

describe('admission', () => {
  it('lets in as many as there is room for, and the next when one leaves', async () => {
    const admission = open();
    const door = createDoor(admission);
    for (const name of ['a', 'b', 'c']) void door.enter(name);
    await settle();
    expect(door.events).toEqual(['a in', 'b in']);
    expect([admission.inFlight, admission.queued]).toEqual([2, 1]);
    await door.leave('a');
    expect(door.events).toEqual(['a in', 'b in', 'c in']);
    await door.leave('b');
    await door.leave('c');
    expect([admission.inFlight, admission.queued]).toEqual([0, 0]);
  });

  it('counts somebody who leaves twice once', async () => {
    const admission = open();
    const leave = await admission.enter({ caller: 'a', tier: 'staff' });
    leave();
    leave();
    expect(admission.inFlight).toBe(0);
  });

  it('lets the most trusted in first, and equals in their order', async () => {
    const door = createDoor(open({ maxPerNode: 1 }));
    void door.enter('first');
    void door.enter('a');
    void door.enter('b');
    void door.enter('trusted', 'premium');
    await settle();
    for (const name of ['first', 'trusted', 'a', 'b']) await door.leave(name);
    expect(door.events).toEqual(['first in', 'trusted in', 'a in', 'b in']);
  });

  it('lets in first, of equals, whoever has the least in flight', async () => {
    const door = createDoor(open({ maxPerNode: 3, maxPerCaller: 3 }));
    for (const name of ['1', '2', '3']) void door.enter(name, 'anonymous', 'greedy');
    void door.enter('4', 'anonymous', 'greedy');
    void door.enter('modest');
    await settle();
    await door.leave('1');
    expect(door.events.slice(3)).toEqual(['modest in']);
  });

  it('holds a caller to a bound of its own, without holding up others', async () => {
    const door = createDoor(open({ maxPerNode: 5 }));
    for (const name of ['1', '2', '3']) void door.enter(name, 'staff', 'greedy');
    void door.enter('other');
    await settle();
    expect(door.events).toEqual(['1 in', '2 in', 'other in']);
    await door.leave('2');
    expect(door.events.at(-1)).toBe('3 in');
  });

  it('refuses who finds the line full', async () => {
    const admission = open();
    const door = createDoor(admission);
    for (const name of 'abcdef') void door.enter(name);
    await settle();
    expect(door.events).toEqual(['a in', 'b in', 'f refused']);
    await expect(admission.enter({ caller: 'g', tier: 'anonymous' })).rejects.toMatchObject({
      code: 'OVERLOADED',
      retryAfterSeconds: 60,
      message:
        'This server has as much to do as it takes on, 2 operations and 2 of one caller (3 others wait): ask again in a while',
    });
  });

  it('has the least trusted give way where the line is full', async () => {
    const door = createDoor(open());
    for (const name of 'abcde') void door.enter(name);
    void door.enter('trusted', 'authenticated');
    await settle();
    expect(door.events).toEqual(['a in', 'b in', 'e refused']);
    void door.enter('unknown', 'no such tier');
    await settle();
    expect(door.events.at(-1)).toBe('unknown refused');
  });

  it('has whoever waits most often give way where equals have filled the line', async () => {
    const door = createDoor(open());
    for (const name of '12345') void door.enter(name, 'anonymous', 'greedy');
    void door.enter('modest');
    await settle();
    expect(door.events).toEqual(['1 in', '2 in', '5 refused']);
    void door.enter('6', 'anonymous', 'greedy');
    await settle();
    expect(door.events.at(-1)).toBe('6 refused');
  });

  it('refuses at once where nobody may wait', async () => {
    const door = createDoor(open({ maxQueued: 0 }));
    for (const name of 'abc') void door.enter(name, 'staff');
    await settle();
    expect(door.events).toEqual(['a in', 'b in', 'c refused']);
  });

  it('refuses who has waited too long, and forgets them', async () => {
    const admission = open({ maxPerNode: 1, maxWaitMs: 5 });
    await admission.enter({ caller: 'a', tier: 'anonymous' });
    await expect(admission.enter({ caller: 'b', tier: 'staff' })).rejects.toThrow('waited for 5 ms');
    expect([admission.inFlight, admission.queued]).toEqual([1, 0]);
  });

  it('forgets who has gone while waiting', async () => {
    const admission = open({ maxPerNode: 1 });
    const door = createDoor(admission);
    const gone = new AbortController();
    void door.enter('a');
    void door.enter('b', 'staff', 'b', 1, gone.signal);
    void door.enter('c');
    gone.abort();
    void door.enter('late', 'staff', 'late', 1, gone.signal);
    await settle();
    expect(admission.queued).toBe(1);
    await door.leave('a');
    expect(door.events).toEqual(['a in', 'b refused', 'late refused', 'c in']);
  });

  it('counts the operations of a batch, and keeps one that waits for much from being overtaken', async () => {
    const door = createDoor(open({ maxPerNode: 4, maxPerCaller: 4 }));
    void door.enter('a', 'anonymous', 'a', 3);
    void door.enter('batch', 'anonymous', 'batch', 2);
    void door.enter('small');
    await settle();
    expect(door.events).toEqual(['a in']);
    void door.enter('trusted', 'staff');
    await settle();
    expect(door.events.at(-1)).toBe('trusted in');
    await door.leave('a');
    expect(door.events.slice(2)).toEqual(['batch in', 'small in']);
  });

  it('has a batch larger than all there is take everything', async () => {
    const admission = open();
    const leave = await admission.enter({ caller: 'a', tier: 'anonymous', operations: 50 });
    expect(admission.inFlight).toBe(2);
    leave();
    expect(admission.inFlight).toBe(0);
  });

  it('takes the more trust the later the event loop is', async () => {
    const lag = { lagMs: 0 };
    const admission = open({ maxPerNode: 100 }, { lag });
    const isIn = (tier: string) =>
      admission.enter({ caller: tier, tier }).then(
        (leave) => {
          leave();
          return true;
        },
        () => false,
      );
    const admitted = async (lagMs: number) => {
      lag.lagMs = lagMs;
      const all = await Promise.all(TIERS.names.map(isIn));
      return all.filter(Boolean).length;
    };
    expect(await admitted(99)).toBe(4);
    expect(await admitted(100)).toBe(3);
    expect(await admitted(250)).toBe(2);
    expect(await admitted(100_000)).toBe(1);
    await expect(admission.enter({ caller: 'a', tier: 'anonymous' })).rejects.toThrow('100000 ms late');
    expect(
      await open({ maxEventLoopLagMs: 0 }, { lag }).enter({ caller: 'a', tier: 'anonymous' }),
    ).toBeDefined();
  });

  it('keeps to its bounds and loses nobody, whatever happens', async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('enter' as const),
          caller: fc.integer({ min: 0, max: 3 }),
          tier: fc.constantFrom(...TIERS.names),
          operations: fc.integer({ min: 1, max: 4 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), at: fc.nat() }) },
    );
    const bounds = fc.record({
      maxPerNode: fc.integer({ min: 1, max: 6 }),
      maxPerCaller: fc.integer({ min: 1, max: 4 }),
      maxQueued: fc.integer({ min: 0, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(bounds, fc.array(step, { maxLength: 60 }), async (limits, steps) => {
        const admission = open(limits);
        const inside: { caller: number; operations: number; leave: Leave }[] = [];
        let [asked, admitted, refused] = [0, 0, 0];
        for (const action of steps) {
          if (action.kind === 'leave') {
            if (inside.length > 0) inside.splice(action.at % inside.length, 1)[0]!.leave();
          } else {
            const { caller, tier } = action;
            const operations = Math.min(action.operations, limits.maxPerNode, limits.maxPerCaller);
            asked += 1;
            void admission.enter({ caller: String(caller), tier, operations: action.operations }).then(
              (leave) => {
                admitted += 1;
                inside.push({ caller, operations, leave });
              },
              () => {
                refused += 1;
              },
            );
          }
          await settle();
          const sum = inside.reduce((total, { operations }) => total + operations, 0);
          expect(sum).toBe(admission.inFlight);
          expect(sum).toBeLessThanOrEqual(limits.maxPerNode);
          expect(admission.queued).toBeLessThanOrEqual(limits.maxQueued);
          expect(admitted + refused + admission.queued).toBe(asked);
          for (const caller of [0, 1, 2, 3]) {
            const ofCaller = inside.filter((item) => item.caller === caller);
            expect(ofCaller.reduce((total, { operations }) => total + operations, 0)).toBeLessThanOrEqual(
              limits.maxPerCaller,
            );
          }
        }
        while (inside.length > 0) {
          inside.shift()!.leave();
          await settle();
        }
        expect([admission.inFlight, admission.queued]).toEqual([0, 0]);
        expect(admitted + refused).toBe(asked);
      }),
      { numRuns: 100 },
    );
  });
});
