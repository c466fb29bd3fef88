import fc from 'fast-check';
import type { ChangeRecord } from '../../../src/changes/log/change-log.js';
import { AppliedLog } from '../../../src/changes/node/applied-log.js';
import { NOWHERE } from '../../../src/changes/position.js';
import { hashTag } from '../../../src/changes/tags/hash-tag.js';

const NONE = new Uint32Array();
const hashes = (...tags: string[]): Uint32Array => Uint32Array.from(tags, hashTag);

function record(id: number, prev: number, ...tags: string[]): ChangeRecord {
  return { id, prev, lsn: '0/0', tags, isHorizon: false };
}

function openLog(epoch = 'e1'): AppliedLog {
  const log = new AppliedLog();
  log.adopt(epoch);
  return log;
}

describe('an applied log', () => {
  it('knows nothing at first, in no epoch', () => {
    const log = new AppliedLog();
    expect(log.position).toEqual(NOWHERE);
    expect(log.isValid({ epoch: 'e1', id: 5 }, hashes('Animal:1'), NONE)).toBe(false);
  });

  it('voids what is stamped before a change of one of its tags, or of its model', () => {
    const log = openLog();
    const stamp = { epoch: 'e1', id: 0 };
    log.apply(record(1, 0, 'Animal:1', 'Keeper*'));
    expect(log.isValid(stamp, hashes('Animal:2'), hashes('Animal*'))).toBe(true);
    expect(log.isValid(stamp, hashes('Animal:2', 'Animal:1'), NONE)).toBe(false);
    expect(log.isValid(stamp, NONE, hashes('Animal*', 'Keeper*'))).toBe(false);
    expect(log.isValid(log.position, hashes('Animal:1'), hashes('Keeper*'))).toBe(true);
  });

  it('skips what it has, and raises the horizon over what it has missed', () => {
    const log = openLog();
    log.apply(record(1, 0));
    log.apply(record(1, 0, 'Animal:1'));
    expect(log.isValid({ epoch: 'e1', id: 0 }, hashes('Animal:1'), NONE)).toBe(true);
    log.apply(record(9, 7));
    expect(log.horizon).toBe(7);
    expect(log.position.id).toBe(9);
    expect(log.isValid({ epoch: 'e1', id: 6 }, NONE, NONE)).toBe(false);
    expect(log.isValid({ epoch: 'e1', id: 7 }, NONE, NONE)).toBe(true);
  });

  it('raises the horizon to where the changes were too many to name', () => {
    const log = openLog();
    log.apply({ ...record(3, 0), isHorizon: true });
    expect(log.horizon).toBe(3);
    expect(log.isValid({ epoch: 'e1', id: 2 }, NONE, NONE)).toBe(false);
  });

  it('catches up with a head whose records are lost, never back', () => {
    const log = openLog();
    log.apply(record(4, 0));
    log.catchUp(3);
    expect([log.position.id, log.horizon]).toEqual([4, 0]);
    log.catchUp(6);
    expect([log.position.id, log.horizon]).toEqual([6, 6]);
  });

  it('begins empty in a new epoch, and never returns to one that it has left', () => {
    const log = openLog('e1');
    log.apply(record(5, 4, 'Animal:1'));
    expect(log.adopt('e2')).toBe(true);
    expect(log.position).toEqual({ epoch: 'e2', id: 0 });
    expect(log.horizon).toBe(0);
    expect(log.isValid({ epoch: 'e2', id: 0 }, hashes('Animal:1'), NONE)).toBe(true);
    expect(log.isValid({ epoch: 'e1', id: 9 }, NONE, NONE)).toBe(false);
    expect(log.adopt('e1')).toBe(false);
    expect(log.adopt('e2')).toBe(true);
    expect(log.position.epoch).toBe('e2');
  });

  it('never holds an entry for valid that a complete memory of the log would not', () => {
    const tag = fc.integer({ min: 0, max: 30 }).map((n) => `Animal:${n}`);
    // Records of a whole log, of which a reader misses some.
    const log = fc.array(
      fc.record({
        step: fc.integer({ min: 1, max: 3 }),
        tags: fc.array(tag, { maxLength: 4 }),
        isHorizon: fc.boolean(),
        isLost: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(log, fc.array(tag, { maxLength: 3 }), fc.nat(80), (steps, tags, stampId) => {
        const applied = openLog();
        const complete: ChangeRecord[] = [];
        let head = 0;
        for (const { step, isLost, isHorizon, ...rest } of steps) {
          const next: ChangeRecord = {
            ...record(head + step, head),
            ...rest,
            isHorizon: isHorizon && rest.tags.length === 4,
          };
          head = next.id;
          complete.push(next);
          if (!isLost) applied.apply(next);
        }
        applied.catchUp(head);
        const isTrulyValid = complete.every(
          ({ id, isHorizon, tags: told }) =>
            id <= stampId || (!isHorizon && !told.some((each) => tags.includes(each))),
        );
        const isValid = applied.isValid({ epoch: 'e1', id: stampId }, hashes(...tags), NONE);
        if (isValid) expect(isTrulyValid).toBe(true);
        if (isTrulyValid && stampId >= head) expect(isValid).toBe(true);
      }),
    );
  });
});
