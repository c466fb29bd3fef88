import { DEFAULT_TIERS, Tiers } from '../../src/identity/tiers.js';
import { findRuleKind } from '../../src/limits/charge.js';
import { chargeForField, chargesFor } from '../../src/limits/charges-for.js';
import { MemoryLimiter } from '../../src/limits/memory/memory-limiter.js';

const caller = { key: 'user:42' };

describe('what an operation is charged', () => {
  it('is one request in each of its tier’s windows, and its cost', () => {
    const tier = DEFAULT_TIERS[0]!;
    expect(chargesFor(tier, caller, 12)).toEqual([
      {
        rule: 'requests:3600',
        key: 'user:42',
        limit: 50,
        windowMs: 3_600_000,
        amount: 1,
        onLoss: 'local-share',
      },
      { rule: 'requests:60', key: 'user:42', limit: 20, windowMs: 60_000, amount: 1, onLoss: 'local-share' },
      { rule: 'cost:60', key: 'user:42', limit: 2_000, windowMs: 60_000, amount: 12, onLoss: 'local-share' },
    ]);
  });

  it('takes no less than its cost where weights are fractions', () => {
    expect(chargesFor(DEFAULT_TIERS[0]!, caller, 1.25).at(-1)).toMatchObject({ rule: 'cost:60', amount: 2 });
  });

  it('follows the policies for the loss of Redis that it is given', () => {
    const policies = { requests: 'open', cost: 'closed', field: 'local-share' } as const;
    const charges = chargesFor(DEFAULT_TIERS[1]!, caller, 1, policies);
    expect(charges.map(({ onLoss }) => onLoss)).toEqual(['open', 'open', 'closed']);
  });

  it('for a field names where it is', () => {
    expect(
      chargeForField({ coordinate: 'Query.search', limit: 10, seconds: 3_600, amount: 3 }, caller),
    ).toEqual({
      rule: 'field:Query.search:3600',
      key: 'user:42',
      limit: 10,
      windowMs: 3_600_000,
      amount: 3,
      onLoss: 'local-share',
    });
  });

  it('has rules of a few kinds', () => {
    const kinds = ['requests:60', 'cost:60', 'field:Query.search:60', 'mine', 'own:60', ''].map(findRuleKind);
    expect(kinds).toEqual(['requests', 'cost', 'field', 'other', 'other', 'other']);
  });
});

describe('a tier with a window of a day', () => {
  it('is held to it, beside its other windows', async () => {
    const { all } = new Tiers([
      {
        ...DEFAULT_TIERS[0]!,
        windows: [
          { limit: 30, seconds: 86_400 },
          { limit: 20, seconds: 60 },
        ],
      },
    ]);
    let nowMs = 0;
    const limiter = new MemoryLimiter({ nowMs: () => nowMs });
    const grantAll = async (): Promise<string[]> => {
      for (let granted: string[] = []; ; granted = [...granted, 'granted']) {
        const decision = await limiter.take({ charges: chargesFor(all[0]!, caller, 1), subject: null });
        if (decision.outcome !== 'granted') return [String(granted.length), ...decision.deniedBy];
      }
    };
    expect(await grantAll()).toEqual(['20', 'requests:60']);
    nowMs += 60_000;
    expect(await grantAll()).toEqual(['10', 'requests:86400']);
    nowMs += 86_400_000 - 60_000;
    expect(await grantAll()).toEqual(['20', 'requests:86400', 'requests:60']);
  });
});
