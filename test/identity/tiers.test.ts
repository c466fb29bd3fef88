import { DEFAULT_TIERS, type TierDefinition, Tiers } from '../../src/identity/tiers.js';

const ANONYMOUS_TIER: TierDefinition = {
  ...{ name: 'anonymous', windows: [{ limit: 1, seconds: 1 }], costPerMinute: 1, maxOperationCost: 1 },
};

describe('tiers', () => {
  it('have the windows that the documentation shows, unless an app says otherwise', () => {
    const { all, names } = new Tiers();
    expect(names).toEqual(['anonymous', 'authenticated', 'premium', 'staff']);
    expect(all.map(({ windows }) => windows.map(({ limit, seconds }) => [limit, seconds]))).toEqual([
      ...[50, 200, 1_000, 5_000].map((limit, tier) => [
        [limit, 3_600],
        [[20, 60, 120, 300][tier], 60],
      ]),
    ]);
    expect(all.filter(({ isStaff }) => isStaff === true).map(({ name }) => name)).toEqual(['staff']);
  });

  it('are ordered; one that is not known may nothing, and grants nothing', () => {
    const tiers = new Tiers();
    for (const [have, tier] of tiers.names.entries()) {
      for (const [want, required] of tiers.names.entries()) {
        expect(tiers.isAtLeast(tier, required)).toBe(have >= want);
      }
      expect(tiers.isAtLeast('gold', tier)).toBe(false);
      expect(tiers.isAtLeast(tier, 'gold')).toBe(false);
    }
    expect(tiers.find('premium')).toBe(DEFAULT_TIERS[2]);
    expect(tiers.find('gold')).toBeNull();
    expect(tiers.explainUnknown('premum')).toBe('there is no tier "premum" (did you mean "premium"?)');
  });

  it.each<[string, readonly TierDefinition[], RegExp]>([
    ['none at all', [], /the first tier must be "anonymous"/],
    ['two of one name', [ANONYMOUS_TIER, ANONYMOUS_TIER], /two tiers have one name/],
    ['another one first', [{ ...ANONYMOUS_TIER, name: 'a' }, ANONYMOUS_TIER], /the first tier must be/],
    ['a name with a blank', [ANONYMOUS_TIER, { ...ANONYMOUS_TIER, name: 'a b' }], /"a b" is not a name/],
    ['no requests', [{ ...ANONYMOUS_TIER, windows: [{ limit: 0, seconds: 1 }] }], /0 requests in 1 seconds/],
    ['half a second', [{ ...ANONYMOUS_TIER, windows: [{ limit: 1, seconds: 0.5 }] }], /1 requests in 0.5/],
    ['no time', [{ ...ANONYMOUS_TIER, windows: [{ limit: 1, seconds: 0 }] }], /in 0 seconds/],
    ['a year', [{ ...ANONYMOUS_TIER, windows: [{ limit: 1, seconds: 31_536_000 }] }], /in 31536000 seconds/],
    ['no points', [{ ...ANONYMOUS_TIER, costPerMinute: 0 }], /costPerMinute is 0/],
    ['part of a point', [{ ...ANONYMOUS_TIER, maxOperationCost: 1.5 }], /maxOperationCost is 1.5/],
    ['too many points', [{ ...ANONYMOUS_TIER, costPerMinute: 1e10 }], /costPerMinute is 10000000000/],
  ])('can not be %s', (_, tiers, message) => {
    expect(() => new Tiers(tiers)).toThrow(message);
  });
});
