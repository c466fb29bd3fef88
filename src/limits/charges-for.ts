import type { TierDefinition } from '../identity/tiers.js';
import type { LossPolicies } from '../kernel/config/config.js';
import type { Charge } from './charge.js';

export const DEFAULT_LOSS_POLICIES: LossPolicies = Object.freeze({
  requests: 'local-share',
  cost: 'local-share',
  field: 'local-share',
});

const COST_WINDOW_SECONDS = 60;

/** `requests:3600` */
export function requestsRule(seconds: number): string {
  let rule = requestsRules.get(seconds);
  if (rule === undefined) {
    rule = `requests:${seconds}`;
    requestsRules.set(seconds, rule);
  }
  return rule;
}

/** Each text once, and looked up from then on without being hashed anew: as many as tiers have windows. */
const requestsRules = new Map<number, string>();

export const COST_RULE = `cost:${COST_WINDOW_SECONDS}`;

/** `field:Query.search:3600` */
export function fieldRule(coordinate: string, seconds: number): string {
  return `field:${coordinate}:${seconds}`;
}

/**
 * What one operation of a tier's caller is charged: one request in each of the tier's windows, and its cost in points.
 * Field limits come on top.
 *
 * @param cost in points; parts of one count as one
 */
export function chargesFor(
  tier: TierDefinition,
  caller: { readonly key: string },
  cost: number,
  policies: LossPolicies = DEFAULT_LOSS_POLICIES,
): readonly Charge[] {
  const { key } = caller;
  const charges: Charge[] = [];
  for (const { limit, seconds } of tier.windows) {
    const rule = requestsRule(seconds);
    charges.push({ rule, key, limit, windowMs: seconds * 1000, amount: 1, onLoss: policies.requests });
  }
  charges.push({
    rule: COST_RULE,
    key,
    limit: tier.costPerMinute,
    windowMs: COST_WINDOW_SECONDS * 1000,
    amount: Math.ceil(cost),
    onLoss: policies.cost,
  });
  return charges;
}

/** What is charged for a field that has a limit of its own, selected `amount` times. */
export function chargeForField(
  field: {
    readonly coordinate: string;
    readonly limit: number;
    readonly seconds: number;
    readonly amount: number;
  },
  caller: { readonly key: string },
  policies: LossPolicies = DEFAULT_LOSS_POLICIES,
): Charge {
  const { coordinate, limit, seconds, amount } = field;
  return {
    rule: fieldRule(coordinate, seconds),
    key: caller.key,
    limit,
    windowMs: seconds * 1000,
    amount,
    onLoss: policies.field,
  };
}
