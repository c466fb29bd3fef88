import type { ChargeState, Decision } from './limiter.js';

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
  return charges.map((state) => ({
    name: state.charge.rule,
    limit: state.charge.limit,
    remaining: state.remaining,
    windowSeconds: state.charge.windowMs / 1000,
    resetSeconds: findResetSeconds(state),
  }));
}

/** Whole seconds until more is left. Of a moment ago it is the window, though that is only over a moment later. */
export function findResetSeconds({ charge, resetMs }: ChargeState): number | null {
  return resetMs === null ? null : Math.ceil(Math.min(resetMs, charge.windowMs) / 1000);
}
