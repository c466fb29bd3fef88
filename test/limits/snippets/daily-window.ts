import type { TierDefinition } from '../../../src/identity/tiers.js';

export const partner: TierDefinition = {
  name: 'partner',
  windows: [
    { limit: 20_000, seconds: 86_400 },
    { limit: 2_000, seconds: 3_600 },
    { limit: 100, seconds: 60 },
  ],
  costPerMinute: 50_000,
  maxOperationCost: 10_000,
};
