import type { BlockPolicy } from '../blocks/block-policy.js';
import type { Charge } from '../charge.js';
import type { LimitedOperation } from '../limiter.js';
import { findGranuleMs } from '../windows/granule.js';
import type { RedisLimitKeys } from './redis-limit-keys.js';

/** An operation on its way to Redis. */
export interface BatchedOperation extends LimitedOperation {
  readonly mode: 'take' | 'peek';
}

/** As the script takes it. */
export interface EncodedBatch {
  readonly keys: readonly string[];
  readonly text: string;
}

interface Rule {
  readonly budget: number;
  readonly index: number;
  readonly limit: number;
  readonly windowMs: number;
}

/** What operations have in common is told once: callers of a tier have the same rules. */
export function encodeBatch(
  operations: readonly BatchedOperation[],
  keys: RedisLimitKeys,
  policy: BlockPolicy,
): EncodedBatch {
  const batch = new BatchTables(keys);
  const rows: number[] = [];
  for (const { mode, subject, charges } of operations) {
    const isCounted = subject !== null && policy.violations > 0;
    rows.push(mode === 'take' ? 1 : 0, isCounted ? batch.findSubject(subject) : 0, charges.length);
    for (const charge of charges) {
      const rule = batch.findRule(charge);
      rows.push(batch.findCaller(charge.key, rule.budget), rule.index, charge.amount);
    }
  }
  const { shapes, callers } = batch.findShapes();
  const violations = [policy.violations, policy.windowMs, policy.blockMs];
  return {
    keys: batch.keys,
    text: JSON.stringify([batch.budgets, batch.rules, shapes, callers, rows, violations]),
  };
}

/** Numbered from 1, as Lua does. */
class BatchTables {
  readonly keys: string[] = [];
  readonly budgets: (readonly [field: string, windowMs: number])[] = [];
  readonly rules: (readonly [budget: number, limit: number, granuleMs: number])[] = [];
  /** For each key 1 if it is a subject, else 0, and the budgets that are charged there. */
  readonly #callers: number[][] = [];
  readonly #names: RedisLimitKeys;
  readonly #indexes = new Map<string, number>();
  readonly #rules = new Map<string, Rule[]>();

  constructor(names: RedisLimitKeys) {
    this.#names = names;
  }

  findSubject(subject: string): number {
    const index = this.#findIndex(subject);
    const caller = this.#callers[index - 1];
    if (caller !== undefined) caller[0] = 1;
    return index;
  }

  findCaller(key: string, budget: number): number {
    const index = this.#findIndex(key);
    const caller = this.#callers[index - 1];
    // From 1: the first tells whether it is a subject.
    if (caller !== undefined && !caller.includes(budget, 1)) caller.push(budget);
    return index;
  }

  findRule({ rule: name, limit, windowMs }: Charge): Rule {
    let known = this.#rules.get(name);
    if (known === undefined) {
      known = [];
      this.#rules.set(name, known);
    }
    for (const rule of known) if (rule.limit === limit && rule.windowMs === windowMs) return rule;
    const sameWindow = known.find((rule) => rule.windowMs === windowMs);
    const budget = sameWindow?.budget ?? this.budgets.push([`${windowMs}:${name}`, windowMs]);
    const index = this.rules.push([budget, limit, findGranuleMs(limit, windowMs)]);
    const rule: Rule = { budget, index, limit, windowMs };
    known.push(rule);
    return rule;
  }

  /** Most callers are charged in the same budgets. */
  findShapes(): { readonly shapes: readonly (readonly number[])[]; readonly callers: readonly number[] } {
    const shapes: (readonly number[])[] = [];
    const known = new Map<string, number>();
    const callers = this.#callers.map((caller) => {
      const name = caller.join();
      const index = known.get(name) ?? shapes.push(caller);
      known.set(name, index);
      return index;
    });
    return { shapes, callers };
  }

  #findIndex(key: string): number {
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    const index = this.keys.push(this.#names.account(key));
    this.#callers.push([0]);
    this.#indexes.set(key, index);
    return index;
  }
}
