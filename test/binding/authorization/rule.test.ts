import {
  FREE,
  isMet,
  requireAll,
  requireOneOf,
  requireRules,
} from '../../../src/binding/authorization/rule.js';

const met = (...indexes: number[]) => [0, 1, 2, 3].map((index) => indexes.includes(index));

describe('a rule', () => {
  it("of nothing is everyone's", () => {
    expect(isMet(FREE, met())).toBe(true);
    expect(requireAll([])).toEqual(FREE);
    expect(requireOneOf([])).toBe(FREE);
  });

  it('of several requirements holds where all are met, whatever their order', () => {
    const rule = requireAll([2, 0, 2]);
    expect(rule).toEqual(requireAll([0, 2]));
    expect([met(0, 2), met(0), met(2), met()].map((who) => isMet(rule, who))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('of alternatives holds where one does', () => {
    const rule = requireOneOf([requireAll([0, 1]), requireAll([2])]);
    expect([met(0, 1), met(2), met(0), met(1), met(3)].map((who) => isMet(rule, who))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('of alternatives is free where one is, and the one where all are the same', () => {
    expect(requireOneOf([requireAll([0]), FREE])).toBe(FREE);
    expect(requireOneOf([requireAll([0, 1]), requireAll([1, 0])])).toEqual(requireAll([0, 1]));
  });

  it('of rules holds where all do, each clause once', () => {
    const either = requireOneOf([requireAll([0]), requireAll([1])]);
    const rule = requireRules(either, requireAll([2]), either, FREE);
    expect(rule).toHaveLength(2);
    expect([met(0, 2), met(1, 2), met(2), met(0, 1)].map((who) => isMet(rule, who))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
