import { createSteadyClock } from '../../changes/node/steady-clock.js';
import { type BlockPolicy, NO_BLOCKS } from '../blocks/block-policy.js';
import { type Charge, checkCharge } from '../charge.js';
import { describeDenial } from '../describe-denial.js';
import type { ChargeState, Decider, Decision, LimitedOperation, Limiter } from '../limiter.js';
import { findGranuleMs } from '../windows/granule.js';
import { SlidingWindow } from '../windows/sliding-window.js';
import { type Account, MemoryAccounts } from './memory-accounts.js';
import { MemoryBlocks } from './memory-blocks.js';

export interface MemoryLimiterOptions {
  /** Callers that are remembered; see `MemoryAccounts`. Default: 100,000. */
  readonly maxKeys?: number;
  /** Default: nobody is blocked. */
  readonly blocks?: BlockPolicy;
  readonly decider?: Decider;
  /** Default: a clock that never goes back, and that also counts while the machine sleeps. */
  readonly nowMs?: () => number;
  /** How often a caller had to be forgotten before all of its windows had passed. */
  readonly onEvicted?: () => void;
}

/** A budget as one operation finds it. */
interface OpenBudget {
  readonly window: SlidingWindow;
  /** What the operation wants of it so far: two of its charges may be of one rule. */
  wanted: number;
}

interface OpenCharge {
  readonly charge: Charge;
  readonly budget: OpenBudget;
  /** What the operation wants with this charge where there is no room for that, else 0. */
  missed: number;
}

/** Counts for this process alone. */
export class MemoryLimiter implements Limiter {
  readonly blocks: MemoryBlocks;
  readonly #accounts: MemoryAccounts;
  readonly #policy: BlockPolicy;
  readonly #decider: Decider;
  readonly #nowMs: () => number;

  constructor(options: MemoryLimiterOptions = {}) {
    this.#nowMs = options.nowMs ?? createSteadyClock();
    const maxKeys = options.maxKeys ?? 100_000;
    this.#accounts = new MemoryAccounts({ maxKeys, onEvicted: options.onEvicted ?? (() => undefined) });
    this.blocks = new MemoryBlocks({ maxBlocks: maxKeys, nowMs: this.#nowMs });
    this.#policy = options.blocks ?? NO_BLOCKS;
    this.#decider = options.decider ?? 'memory';
  }

  /** Callers that are remembered. */
  get size(): number {
    return this.#accounts.size;
  }

  take(operation: LimitedOperation): Decision {
    return this.decide(operation, 'take');
  }

  peek(operation: LimitedOperation): Decision {
    return this.decide(operation, 'peek');
  }

  decide({ charges, subject }: LimitedOperation, mode: 'take' | 'peek'): Decision {
    for (const charge of charges) checkCharge(charge);
    const nowMs = this.#nowMs();
    const open = this.#open(charges, nowMs);
    for (const each of open) {
      const { charge, budget } = each;
      const { used } = budget.window.read(nowMs, charge.windowMs);
      const wanted = budget.wanted + charge.amount;
      if (charge.amount > 0 && used + wanted > charge.limit) each.missed = wanted;
      else budget.wanted = wanted;
    }
    const blockedMs = subject === null ? 0 : this.blocks.findRemainingMs(subject);
    const isLimited = open.some(({ missed }) => missed > 0);
    const outcome = blockedMs > 0 ? 'blocked' : isLimited ? 'limited' : 'granted';
    if (mode === 'take' && outcome === 'granted') this.#charge(open, nowMs);
    const isBlockedNow =
      mode === 'take' && outcome === 'limited' && subject !== null && this.#violate(subject, open, nowMs);
    const states = open.map((each) => describeCharge(each, nowMs));
    const retryMs = isBlockedNow ? this.#policy.blockMs : Math.ceil(blockedMs);
    return {
      outcome,
      charges: states,
      ...describeDenial(states, outcome, retryMs),
      decider: this.#decider,
      timeMs: nowMs,
      isBlockedNow,
    };
  }

  #open(charges: readonly Charge[], nowMs: number): OpenCharge[] {
    const open: OpenCharge[] = [];
    for (const charge of charges) {
      const { key, rule } = charge;
      // Few at a time, and nearly always of rules of their own.
      const same = open.find(({ charge: other }) => other.rule === rule && other.key === key);
      const budget = same?.budget ?? {
        window: this.#accounts.find(key, nowMs)?.windows.get(rule) ?? new SlidingWindow(),
        wanted: 0,
      };
      open.push({ charge, budget, missed: 0 });
    }
    return open;
  }

  #charge(open: readonly OpenCharge[], nowMs: number): void {
    for (const { charge, budget } of open) {
      if (budget.wanted === 0) continue;
      const { key, rule, limit, windowMs } = charge;
      budget.window.add(budget.wanted, stampOf(charge, nowMs), windowMs, nowMs);
      budget.wanted = 0;
      const lifeMs = windowMs + findGranuleMs(limit, windowMs);
      this.#accounts.touch(key, nowMs, lifeMs).windows.set(rule, budget.window);
    }
  }

  /**
   * One violation at most, however many rules it breaks, and none for a rule that was broken within its window already.
   *
   * @returns whether it was one too many
   */
  #violate(subject: string, open: readonly OpenCharge[], nowMs: number): boolean {
    if (this.#policy.violations === 0) return false;
    const broken = open.filter(({ missed }) => missed > 0);
    const isNew = broken.some(({ charge, budget }) => budget.window.violatedAtMs + charge.windowMs <= nowMs);
    if (!isNew) return false;
    for (const { charge, budget } of broken) {
      budget.window.violatedAtMs = Math.ceil(nowMs);
      this.#accounts.touch(charge.key, nowMs, charge.windowMs).windows.set(charge.rule, budget.window);
    }
    const { windowMs, violations, blockMs } = this.#policy;
    const account: Account = this.#accounts.touch(subject, nowMs, windowMs);
    account.violations.add(1, Math.ceil(nowMs), windowMs, nowMs);
    if (account.violations.read(nowMs, windowMs).used < violations) return false;
    account.violations.clear();
    this.blocks.block(
      subject,
      broken.map(({ charge }) => charge.rule),
      blockMs,
    );
    return true;
  }
}

function describeCharge({ charge, budget, missed }: OpenCharge, nowMs: number): ChargeState {
  const { limit, windowMs } = charge;
  const { window } = budget;
  const { used, oldestMs } = window.read(nowMs, windowMs);
  const remaining = Math.max(0, limit - used);
  if (missed === 0) {
    const resetMs = used === 0 ? 0 : Math.ceil(oldestMs + windowMs - nowMs);
    return { charge, hasRoom: true, remaining, resetMs };
  }
  if (missed > limit) return { charge, hasRoom: false, remaining, resetMs: null };
  const freeingMs = window.findFreeing(used + missed - limit, nowMs, windowMs);
  return { charge, hasRoom: false, remaining, resetMs: Math.ceil(freeingMs + windowMs - nowMs) };
}

function stampOf({ limit, windowMs }: Charge, nowMs: number): number {
  const granuleMs = findGranuleMs(limit, windowMs);
  return Math.ceil(nowMs / granuleMs) * granuleMs;
}
