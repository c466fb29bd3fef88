import type { PlanShape, ReadPlan } from '../plan/read-plan.js';
import type { KeyedQuery, RelatedQuery, RowsQuery } from '../row-reader.js';
import type { ReadClass } from './statement-runner.js';

/**
 * Tells which reads are expected to be short: bounded lists and rows by their keys, and plans of nothing else. Counts,
 * aggregates and lists without an end are not, nor is what touches a model or relation that is to be planned anew for
 * its values each time.
 */
export class ReadClasses {
  private readonly customPlans: ReadonlySet<string>;
  private readonly shapes = new WeakMap<PlanShape, ReadClass>();

  /** @param customPlans names such as `Animal` and `Animal.foods` */
  constructor(customPlans: readonly string[]) {
    this.customPlans = new Set(customPlans);
  }

  ofRows({ model, limit }: RowsQuery): ReadClass {
    return limit === null || this.customPlans.has(model) ? 'long' : 'short';
  }

  ofKeyed({ model }: KeyedQuery): ReadClass {
    return this.customPlans.has(model) ? 'long' : 'short';
  }

  ofRelated({ parentModel, relation, model }: RelatedQuery): ReadClass {
    return this.customPlans.has(model) || this.customPlans.has(`${parentModel}.${relation}`)
      ? 'long'
      : 'short';
  }

  ofPlan({ shape, total }: ReadPlan): ReadClass {
    return total === null ? this.ofShape(shape) : 'long';
  }

  private ofShape(shape: PlanShape): ReadClass {
    let known = this.shapes.get(shape);
    if (known === undefined) {
      known = this.isShort(shape) ? 'short' : 'long';
      this.shapes.set(shape, known);
    }
    return known;
  }

  private isShort({ model, children }: PlanShape): boolean {
    if (this.customPlans.has(model)) return false;
    return children.every(
      (child) =>
        child.kind !== 'aggregate' &&
        !this.customPlans.has(`${model}.${child.relation}`) &&
        this.ofShape(child.row) === 'short',
    );
  }
}
