import { findTrialSecret } from '../identity/development-access.js';
import { signDevelopmentToken } from '../identity/development-token.js';
import type { Tiers } from '../identity/tiers.js';
import { ANONYMOUS } from '../identity/viewer.js';
import type { Config } from '../kernel/config/config.js';

/** A token to try things out with. */
export interface TierToken {
  readonly tier: string;
  readonly token: string;
}

/** One for each tier that signs in, for user 1 and a day; none outside of development and its embedded database. */
export async function signTierTokens(config: Config, tiers: Tiers): Promise<readonly TierToken[]> {
  const secret = findTrialSecret(config);
  if (secret === null) return [];
  const names = tiers.names.filter((name) => name !== ANONYMOUS.tier);
  return Promise.all(
    names.map(async (tier) => ({
      tier,
      token: await signDevelopmentToken({ secret, viewerId: '1', tier }),
    })),
  );
}
