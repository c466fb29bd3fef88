import type { OperationCosts } from '../../binding/cost/operation-costs.js';
import type { Caller } from '../../identity/caller.js';
import { StaffGate } from '../../identity/staff-gate.js';
import type { Tiers } from '../../identity/tiers.js';
import type { Config } from '../../kernel/config/config.js';
import type { RedisClient } from '../../kernel/redis-client.js';
import { AllowList } from '../../limits/blocks/allow-list.js';
import { StaffBlocks } from '../../limits/blocks/staff-blocks.js';
import { createLimits } from '../../limits/create-limits.js';
import type { Logger } from '../../telemetry/logger.js';
import type { LimitsMetrics } from '../../telemetry/metrics.js';
import type { RequestListener } from '../request-listener.js';
import { createLimitsListener } from './limits-listener.js';
import { OperationLimits, type OperationLimitsParts } from './operation-limits.js';
import { RecentDenials } from './recent-denials.js';

export interface OpenLimitsOptions {
  readonly config: Config['limits'];
  /** Null: it is not known what operations cost, and nobody is held to limits. */
  readonly costs: OperationCosts | null;
  readonly tiers: Tiers;
  readonly redis: RedisClient | null;
  /** Keeps apart what shares a Redis. */
  readonly place: string;
  readonly metrics: LimitsMetrics;
  readonly log: Logger;
}

/** What a gateway holds its callers to limits with; all null where it doesn't. */
export interface GatewayLimits {
  readonly listener: RequestListener | null;
  /** Callers who need not be listened to. */
  readonly denials: RecentDenials | null;
  readonly staffBlocks: StaffBlocks | null;
  /** For one operation; null: nobody is held to limits. */
  createLimits(caller: Caller): OperationLimits | null;
}

/** @throws SluiceError `CONFIG_INVALID` for an allow-list that can't be read */
export function openLimits(options: OpenLimitsOptions): GatewayLimits {
  const { config, costs, tiers, redis, place, metrics, log } = options;
  if (costs === null || config.mode === 'off') {
    return { listener: null, denials: null, staffBlocks: null, createLimits: () => null };
  }
  const isDryRun = config.mode === 'dry-run';
  const { limiter, blocks } = createLimits({
    ...{ settings: config, redis, place, metrics, log },
    onWouldDeny: ({ outcome, deniedBy, charges }) =>
      log.info(
        { key: charges[0]?.charge.key, outcome, rules: deniedBy },
        'Beyond its limits: would be refused',
      ),
  });
  const denials = new RecentDenials();
  const parts: OperationLimitsParts = {
    ...{ limiter, tiers, costs, isDryRun, denials },
    policies: config.onLoss,
    allowed: new AllowList(config.allowList),
    onWouldRefuse: ({ message }, { key }) => log.info({ key }, `Would be refused: ${message}`),
  };
  return {
    listener: createLimitsListener(parts),
    denials,
    staffBlocks: new StaffBlocks(blocks, new StaffGate(tiers)),
    createLimits: (caller) => new OperationLimits(parts, caller),
  };
}
