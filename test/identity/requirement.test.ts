import {
  describeRequirement,
  isStaff,
  meetsRequirement,
  type Requirement,
} from '../../src/identity/requirement.js';
import { Tiers } from '../../src/identity/tiers.js';
import { ANONYMOUS, type Viewer } from '../../src/identity/viewer.js';

const TIERS = new Tiers();
const viewer = (parts: Partial<Viewer> = {}): Viewer => ({
  id: '1',
  tier: 'authenticated',
  scopes: [],
  isAuthenticated: true,
  ...parts,
});
const meets = (who: Viewer, requirement: Requirement) => meetsRequirement(who, requirement, TIERS);

describe('a requirement', () => {
  it('to have signed in is met by whoever has', () => {
    expect(meets(viewer(), { kind: 'authenticated' })).toBe(true);
    expect(meets(ANONYMOUS, { kind: 'authenticated' })).toBe(false);
  });

  it('of a tier is met by that one and those above it, once signed in', () => {
    const premium: Requirement = { kind: 'tier', tier: 'premium' };
    expect(
      ['authenticated', 'premium', 'staff', 'gold', ''].map((tier) => meets(viewer({ tier }), premium)),
    ).toEqual([false, true, true, false, false]);
    expect(meets(viewer({ tier: 'staff', isAuthenticated: false }), premium)).toBe(false);
  });

  it('of scopes is met by all of one list, once signed in', () => {
    const scopes: Requirement = { kind: 'scopes', anyOf: [['a'], ['b', 'c']] };
    expect(meets(viewer({ scopes: ['a'] }), scopes)).toBe(true);
    expect(meets(viewer({ scopes: ['c', 'b'] }), scopes)).toBe(true);
    expect(meets(viewer({ scopes: ['b'] }), scopes)).toBe(false);
    expect(meets(viewer({ scopes: ['A'] }), scopes)).toBe(false);
    expect(meets(viewer({ scopes: ['a'], isAuthenticated: false }), scopes)).toBe(false);
  });

  it('says what it takes', () => {
    expect(describeRequirement({ kind: 'authenticated' })).toBe('a viewer who has signed in');
    expect(describeRequirement({ kind: 'tier', tier: 'premium' })).toBe('the tier "premium"');
    expect(describeRequirement({ kind: 'scopes', anyOf: [['a'], ['b', 'c']] })).toBe(
      'the scope "a" or the scopes "b" and "c"',
    );
  });

  it('and all rows are seen by staff alone, once signed in', () => {
    expect(isStaff(viewer({ tier: 'staff' }), TIERS)).toBe(true);
    expect(isStaff(viewer({ tier: 'premium' }), TIERS)).toBe(false);
    expect(isStaff(viewer({ tier: 'gold' }), TIERS)).toBe(false);
    expect(isStaff(viewer({ tier: 'staff', isAuthenticated: false }), TIERS)).toBe(false);
  });
});
