import type { Decision } from './limiter.js';

/** How one of a caller's budgets stands, for people and programs to read. */
export interface Budget {
  /** `requests:60`, `cost:60`, `field:Query.search:3600` */
  readonly name: string;
  readonly limit: number;
  readonly remaining: number;
  readonly windowSeconds: number;
  /** Until `remaining` grows; null: it doesn't. */
  readonly resetSeconds: number | null;
}

/** What an operation was charged, and what is left. */
export interface RateLimit {
  readonly tier: string;
  /** Points that the operation costs. */
  readonly cost: number;
  /** Points that one operation may cost. */
  readonly maxOperationCost: number;
  /** Decided, told, and not enforced. */
  readonly isDryRun: boolean;
  readonly budgets: readonly Budget[];
}

export function describeBudgets({ charges }: Decision): readonly Budget[] {
  return charges.map(({ charge: { rule, limit, windowMs }, remaining, resetMs }) => ({
    name: rule,
    limit,
    remaining,
    windowSeconds: windowMs / 1000,
    resetSeconds: resetMs === null ? null : Math.ceil(resetMs / 1000),
  }));
}
