import type { LossPolicy } from '../kernel/config/config.js';

/** So many units of one budget, asked for by one operation. */
export interface Charge {
  /**
   * `<kind>:…`, such as `requests:3600`, `cost:60`, `field:Query.search:3600`. One name has one window; its limit may
   * differ by caller and change at any time, and what was charged before counts on.
   */
  readonly rule: string;
  /** Whose budget, such as `viewer:42`. */
  readonly key: string;
  /** Units in any `windowMs`, 1 to 1,000,000,000. */
  readonly limit: number;
  /** Whole milliseconds. */
  readonly windowMs: number;
  /** Whole units; 0 asks only how the budget stands, and is always granted. */
  readonly amount: number;
  readonly onLoss: LossPolicy;
}

/** What rules are counted by: a closed set, whatever names there are. */
export const RULE_KINDS = ['requests', 'cost', 'field', 'other'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

export function findRuleKind(rule: string): RuleKind {
  if (rule.startsWith('requests:')) return 'requests';
  if (rule.startsWith('cost:')) return 'cost';
  return rule.startsWith('field:') ? 'field' : 'other';
}

const MAX_LIMIT = 1_000_000_000;
/** 366 days. */
const MAX_WINDOW_MS = 31_622_400_000;

/** @throws RangeError that names the charge and what can't be */
export function checkCharge({ rule, limit, windowMs, amount }: Charge): void {
  if (isWhole(amount, 0, Number.MAX_SAFE_INTEGER) && isWhole(limit, 1, MAX_LIMIT)) {
    if (isWhole(windowMs, 1, MAX_WINDOW_MS)) return;
  }
  throw new RangeError(`Charge ${rule}: ${amount} of ${limit} in ${windowMs} ms can't be counted`);
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
