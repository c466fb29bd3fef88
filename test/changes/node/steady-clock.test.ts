import { createSteadyClock } from '../../../src/changes/node/steady-clock.js';

let monotonicMs: number;
let wallMs: number;
let nowMs: () => number;
beforeEach(() => {
  [monotonicMs, wallMs] = [100, 1_000_000];
  nowMs = createSteadyClock({ monotonicMs: () => monotonicMs, wallMs: () => wallMs });
});

function pass(ms: number): void {
  monotonicMs += ms;
  wallMs += ms;
}

describe('a steady clock', () => {
  it('goes with the machine', () => {
    pass(50);
    expect(nowMs()).toBe(150);
    const real = createSteadyClock();
    const first = real();
    expect(real()).toBeGreaterThanOrEqual(first);
  });

  it('counts the time that the machine slept', () => {
    pass(50);
    wallMs += 3_600_000;
    expect(nowMs()).toBe(150 + 3_600_000);
    pass(50);
    expect(nowMs()).toBe(200 + 3_600_000);
  });

  it('does not go back with a wall clock that is set back, and counts sleep all the same', () => {
    wallMs -= 5_000;
    expect(nowMs()).toBe(100);
    wallMs += 700;
    expect(nowMs()).toBe(800);
  });

  it('does not mind that the wall clock shows whole milliseconds', () => {
    wallMs += 1;
    expect(nowMs()).toBe(100);
    wallMs -= 2;
    expect(nowMs()).toBe(100);
  });
});
