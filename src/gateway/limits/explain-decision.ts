import { SluiceError } from '../../kernel/sluice-error.js';
import { findRuleKind } from '../../limits/charge.js';
import type { ChargeState, Decision } from '../../limits/limiter.js';

/** The error of an operation that its caller's budgets have no room for; null where they have. */
export function explainDecision(decision: Decision, tier: string): SluiceError | null {
  const seconds = toRetrySeconds(decision);
  const when = seconds === null ? 'it never will' : `ask again in ${seconds} seconds`;
  switch (decision.outcome) {
    case 'granted':
      return null;
    case 'blocked':
      return new SluiceError('BLOCKED', `The limits were overrun too often: ${when}`);
    case 'unavailable':
      return new SluiceError('LIMITS_UNAVAILABLE', `Limits can't be counted at the moment: ${when}`);
    case 'limited': {
      const denied = decision.charges.filter(({ hasRoom }) => !hasRoom).map(describeBudget);
      return new SluiceError('RATE_LIMITED', `No more than ${denied.join(' and ')} (${tier}): ${when}`);
    }
  }
}

/** Whole seconds until the operation could be granted, at least 1; null: it can't ever. */
export function toRetrySeconds({ retryMs }: Decision): number | null {
  return retryMs === null ? null : Math.max(1, Math.ceil(retryMs / 1000));
}

function describeBudget({ charge: { rule, limit, windowMs } }: ChargeState): string {
  const kind = findRuleKind(rule);
  const span = `in ${windowMs / 1000} seconds`;
  if (kind === 'requests') return `${limit} requests ${span}`;
  if (kind === 'cost') return `${limit} points ${span}`;
  return `${limit} times ${rule.split(':')[1]} ${span}`;
}
