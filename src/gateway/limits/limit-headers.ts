import { findResetSeconds } from '../../limits/budgets.js';
import { findRuleKind } from '../../limits/charge.js';
import type { ChargeState, Decision } from '../../limits/limiter.js';

/** As draft-ietf-httpapi-ratelimit-headers-10 has them: structured fields, an item for each budget. */
export const RATE_LIMIT_HEADER = 'ratelimit';
export const RATE_LIMIT_POLICY_HEADER = 'ratelimit-policy';

/** Where headers are set. */
export interface BudgetHeaders {
  readonly headers: { set(name: string, value: string): unknown };
}

/**
 * How the caller's own budgets stand, without those of single fields: `"requests-60";r=19;t=60`, `r` being what is left
 * and `t` the seconds until that grows, beside the policy `"requests-60";q=20;w=60`.
 */
export function tellBudgets(http: BudgetHeaders, { outcome, charges }: Decision): void {
  // Of one who is blocked nobody asked how the budgets stand.
  if (outcome === 'blocked') return;
  let policies = '';
  let states = '';
  for (const state of charges) {
    if (findRuleKind(state.charge.rule) === 'field') continue;
    const separator = policies === '' ? '' : ', ';
    policies += separator + writePolicy(state);
    states += separator + writeState(state);
  }
  if (policies === '') return;
  http.headers.set(RATE_LIMIT_POLICY_HEADER, policies);
  http.headers.set(RATE_LIMIT_HEADER, states);
}

function writePolicy({ charge: { rule, limit, windowMs } }: ChargeState): string {
  return `${quoteName(rule)};q=${limit};w=${windowMs / 1000}`;
}

function writeState(state: ChargeState): string {
  const resetSeconds = findResetSeconds(state);
  const reset = resetSeconds === null ? '' : `;t=${resetSeconds}`;
  return `${quoteName(state.charge.rule)};r=${state.remaining}${reset}`;
}

/** A name for each window of each tier: written once. */
const MAX_NAMES = 1_000;
const names = new Map<string, string>();

function quoteName(rule: string): string {
  let name = names.get(rule);
  if (name === undefined) {
    name = `"${rule.replace(':', '-')}"`;
    if (names.size < MAX_NAMES) names.set(rule, name);
  }
  return name;
}
