import { isPromise } from '../kernel/is-promise.js';
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
  readonly #charges = createCounts(RULE_KINDS, VERDICTS);
  readonly #operations = createCounts(OUTCOMES, DECIDERS);
  #isTelling = false;

  constructor(limiter: Limiter, metrics: LimitsMetrics) {
    this.#limiter = limiter;
    this.#metrics = metrics;
  }

  take(operation: LimitedOperation): Decision | Promise<Decision> {
    const decision = this.#limiter.take(operation);
    return isPromise(decision) ? decision.then((decided) => this.#count(decided)) : this.#count(decision);
  }

  peek(operation: LimitedOperation): Decision | Promise<Decision> {
    return this.#limiter.peek(operation);
  }

  #count(decision: Decision): Decision {
    const { outcome, decider, charges, isBlockedNow } = decision;
    if (!this.#isTelling) {
      this.#isTelling = true;
      setImmediate(() => this.#tell());
    }
    this.#operations[outcome][decider] += 1;
    if (isBlockedNow) this.#metrics.blocks.inc({ event: 'blocked' });
    // Of one who is blocked nobody asked for the budgets.
    if (outcome === 'blocked') return decision;
    for (const { charge, hasRoom } of charges) {
      this.#charges[findRuleKind(charge.rule)][hasRoom ? 'granted' : 'denied'] += 1;
    }
    return decision;
  }

  #tell(): void {
    this.#isTelling = false;
    for (const outcome of OUTCOMES) {
      const counts = this.#operations[outcome];
      for (const decider of DECIDERS) {
        if (counts[decider] === 0) continue;
        this.#metrics.operations.inc({ outcome, decider }, counts[decider]);
        counts[decider] = 0;
      }
    }
    for (const rule of RULE_KINDS) {
      const counts = this.#charges[rule];
      for (const outcome of VERDICTS) {
        if (counts[outcome] === 0) continue;
        this.#metrics.decisions.inc({ rule, outcome }, counts[outcome]);
        counts[outcome] = 0;
      }
    }
  }
}

const VERDICTS = ['granted', 'denied'] as const;

/** A number for each pair of names, all 0. */
function createCounts<Row extends string, Column extends string>(
  rows: readonly Row[],
  columns: readonly Column[],
): Record<Row, Record<Column, number>> {
  const zeros = () => Object.fromEntries(columns.map((column) => [column, 0])) as Record<Column, number>;
  return Object.fromEntries(rows.map((row) => [row, zeros()])) as Record<Row, Record<Column, number>>;
}
