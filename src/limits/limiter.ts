import type { Charge } from './charge.js';

/** An operation that wants to be carried out. */
export interface LimitedOperation {
  /** Granted whole or denied whole. */
  readonly charges: readonly Charge[];
  /** Whom violations count against and blocks apply to, as `findBlockSubject` names it. Null: nobody. */
  readonly subject: string | null;
}

/** How the budget of one charge stands after the decision. */
export interface ChargeState {
  readonly charge: Charge;
  /** Whether this budget had room; if not all had, nothing was charged. */
  readonly hasRoom: boolean;
  /** Units left. */
  readonly remaining: number;
  /**
   * Until `remaining` grows, as the oldest of what counts leaves the window; of a charge without room, until its amount
   * has room. 0: nothing counts. Null: never, the amount is above the limit.
   */
  readonly resetMs: number | null;
}

/**
 * - `granted`: all is charged.
 * - `limited`: some budget had no room; nothing is charged.
 * - `blocked`: its subject is blocked; nothing is charged.
 * - `unavailable`: a rule's policy is `closed`, and the windows can't be reached; nothing is charged.
 */
export const OUTCOMES = ['granted', 'limited', 'blocked', 'unavailable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Who counted: Redis for all nodes, this process because it is alone, or because Redis is lost. */
export const DECIDERS = ['redis', 'memory', 'fallback'] as const;
export type Decider = (typeof DECIDERS)[number];

export interface Decision {
  readonly outcome: Outcome;
  /** In the order of the operation's. */
  readonly charges: readonly ChargeState[];
  /** The rules without room, or the closed ones. */
  readonly deniedBy: readonly string[];
  /** Until the operation could be granted. 0: it is. Null: never. */
  readonly retryMs: number | null;
  readonly decider: Decider;
  /** When it was decided, to the microsecond, by the clock that the windows go by. */
  readonly timeMs: number;
  /** This very denial was one too many: the subject is blocked from now on. */
  readonly isBlockedNow: boolean;
}

/**
 * Counts what callers use, in sliding windows: at no time is more than a rule's limit granted within its window.
 * Implementations: `MemoryLimiter` (one node), `RedisLimiter` (many), `GuardedLimiter` (many, also without Redis).
 */
export interface Limiter {
  /**
   * Grants and charges, or denies. Several that are asked for at once are decided each by itself, in order: one may be
   * granted after another was denied.
   *
   * Who counts in this process decides at once, without a promise.
   *
   * @throws RangeError for amounts and limits that can't be
   */
  take(operation: LimitedOperation): Decision | Promise<Decision>;
  /** What `take` would answer, without charging anything or counting a violation. */
  peek(operation: LimitedOperation): Decision | Promise<Decision>;
}
