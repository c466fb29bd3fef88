import type { LimitsMetrics } from '../telemetry/metrics.js';
import { findRuleKind, RULE_KINDS } from './charge.js';
import { DECIDERS, type Decision, type LimitedOperation, type Limiter, OUTCOMES } from './limiter.js';

/**
 * Counts what another limiter decides, looks apart. It adds up what one turn of the event loop brings: a counter with
 * labels costs as much as the rest of a decision.
 */
export class CountedLimiter implements Limiter {
  readonly #limiter: Limiter;
  readonly #metrics: LimitsMetrics;
  /** By the text of their labels. */
  readonly #charges = new Map<string, number>();
  readonly #operations = new Map<string, number>();

  constructor(limiter: Limiter, metrics: LimitsMetrics) {
    this.#limiter = limiter;
    this.#metrics = metrics;
  }

  async take(operation: LimitedOperation): Promise<Decision> {
    const decision = await this.#limiter.take(operation);
    this.#count(decision);
    return decision;
  }

  peek(operation: LimitedOperation): Promise<Decision> {
    return this.#limiter.peek(operation);
  }

  #count({ outcome, decider, charges, isBlockedNow }: Decision): void {
    if (this.#operations.size === 0) setImmediate(() => this.#tell());
    add(this.#operations, `${outcome} ${decider}`);
    if (isBlockedNow) this.#metrics.blocks.inc({ event: 'blocked' });
    // Of one who is blocked nobody asked for the budgets.
    if (outcome === 'blocked') return;
    for (const { charge, hasRoom } of charges) {
      add(this.#charges, `${findRuleKind(charge.rule)} ${hasRoom ? 'granted' : 'denied'}`);
    }
  }

  #tell(): void {
    for (const outcome of OUTCOMES) {
      for (const decider of DECIDERS) {
        const count = this.#operations.get(`${outcome} ${decider}`);
        if (count !== undefined) this.#metrics.operations.inc({ outcome, decider }, count);
      }
    }
    for (const rule of RULE_KINDS) {
      for (const outcome of ['granted', 'denied'] as const) {
        const count = this.#charges.get(`${rule} ${outcome}`);
        if (count !== undefined) this.#metrics.decisions.inc({ rule, outcome }, count);
      }
    }
    this.#operations.clear();
    this.#charges.clear();
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
