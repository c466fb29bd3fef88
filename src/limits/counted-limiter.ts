import { isPromise } from '../kernel/is-promise.js';
import type { LimitsMetrics } from '../telemetry/metrics.js';
import { TurnCounter } from '../telemetry/turn-counter.js';
import { findRuleKind, RULE_KINDS } from './charge.js';
import { DECIDERS, type Decision, type LimitedOperation, type Limiter, OUTCOMES } from './limiter.js';

const VERDICTS = ['granted', 'denied'] as const;

/** Counts what another limiter decides, looks apart. */
export class CountedLimiter implements Limiter {
  readonly #limiter: Limiter;
  readonly #metrics: LimitsMetrics;
  readonly #charges;
  readonly #operations;

  constructor(limiter: Limiter, metrics: LimitsMetrics) {
    this.#limiter = limiter;
    this.#metrics = metrics;
    this.#charges = createSeries(
      RULE_KINDS,
      VERDICTS,
      (rule, outcome) => new TurnCounter(metrics.decisions, { rule, outcome }),
    );
    this.#operations = createSeries(
      OUTCOMES,
      DECIDERS,
      (outcome, decider) => new TurnCounter(metrics.operations, { outcome, decider }),
    );
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
    this.#operations[outcome][decider].inc();
    if (isBlockedNow) this.#metrics.blocks.inc({ event: 'blocked' });
    // Of one who is blocked nobody asked for the budgets.
    if (outcome === 'blocked') return decision;
    for (const { charge, hasRoom } of charges) {
      this.#charges[findRuleKind(charge.rule)][hasRoom ? 'granted' : 'denied'].inc();
    }
    return decision;
  }
}

/** One for each pair of names. */
function createSeries<Row extends string, Column extends string, Series>(
  rows: readonly Row[],
  columns: readonly Column[],
  create: (row: Row, column: Column) => Series,
): Record<Row, Record<Column, Series>> {
  const createRow = (row: Row) =>
    Object.fromEntries(columns.map((column) => [column, create(row, column)])) as Record<Column, Series>;
  return Object.fromEntries(rows.map((row) => [row, createRow(row)])) as Record<Row, Record<Column, Series>>;
}
