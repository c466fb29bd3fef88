import { Trust } from '../../../src/changes/node/trust.js';

let nowMs: number;
let trust: Trust;
beforeEach(() => {
  nowMs = 1_000;
  trust = new Trust({ maxLagMs: 100, nowMs: () => nowMs });
});

describe('trust', () => {
  it('wants a drain of the node itself, and a proof', () => {
    expect([trust.isTrusted, trust.fault, trust.lagMs]).toEqual([false, 'starting', null]);
    trust.prove(1_000);
    expect([trust.isTrusted, trust.fault]).toEqual([false, 'starting']);
    trust.start();
    expect([trust.isTrusted, trust.fault, trust.lagMs]).toEqual([true, null, 0]);
  });

  it('lasts for the lag bound from what was proven, by the clock that does not jump', () => {
    trust.start();
    trust.prove(990);
    trust.prove(950);
    nowMs = 1_090;
    expect(trust.isTrusted).toBe(true);
    nowMs = 1_091;
    expect([trust.isTrusted, trust.fault, trust.lagMs]).toEqual([false, 'lagging', 101]);
    trust.prove(1_091);
    expect(trust.isTrusted).toBe(true);
  });

  it('is lost at once with the epoch in which it was proven', () => {
    trust.start();
    trust.prove(1_000);
    trust.forget();
    expect([trust.isTrusted, trust.fault, trust.lagMs]).toEqual([false, 'lagging', null]);
  });

  it('is suspended while a write waits to be told of', () => {
    trust.start();
    trust.prove(1_000);
    trust.addPendingWrite();
    trust.addPendingWrite();
    expect([trust.isTrusted, trust.fault]).toEqual([false, 'pending-write']);
    trust.settlePendingWrites(1);
    expect(trust.fault).toBe('pending-write');
    trust.settlePendingWrites(1);
    expect(trust.fault).toBeNull();
  });

  it('names what keeps it from being proven, until it is', () => {
    trust.start();
    trust.noteFailure('log-away');
    expect(trust.fault).toBe('log-away');
    trust.prove(1_000);
    nowMs = 2_000;
    expect(trust.fault).toBe('lagging');
    trust.noteFailure('not-captured');
    trust.addPendingWrite();
    expect(trust.fault).toBe('not-captured');
  });
});
