import { BoundedCache } from '../../kernel/bounded-cache.js';
import type { Statement } from '../../model/sql/statement.js';
import type { Condition } from '../condition.js';
import type { PlanInput, PlanShape, ReadPlan } from '../plan/read-plan.js';
import { type InputShape, shapeOfCondition, shapeOfPage } from './input-shape.js';
import type { ModelSql, ModelSqlCatalog } from './model-sql.js';
import { buildPlanStatement } from './plan-statement.js';

const MAX_TEXTS = 1_000;
const MAX_CHARACTERS = 4_000_000;

/**
 * The statements of plans. Their texts are long, and the same for all plans of a shape whose inputs are of the same
 * form, whatever their values: they are written once, and only the parameters are gathered for each request.
 */
export class PlanStatements {
  private readonly recipes = new WeakMap<PlanShape, Recipe>();
  /** What inputs come to that are the same for every request: those without variables. */
  private readonly pages = new WeakMap<PlanInput, InputShape>();
  private readonly texts = new BoundedCache<string>({ maxEntries: MAX_TEXTS, maxWeight: MAX_CHARACTERS });
  private shapes = 0;

  constructor(private readonly catalog: ModelSqlCatalog) {}

  /** How many texts are kept at present. */
  get size(): number {
    return this.texts.size;
  }

  get(plan: ReadPlan): Statement {
    const { id, steps } = this.getRecipe(plan.shape);
    let key = `${id}`;
    const values: (string | null)[] = [];
    const add = ({ signature, values: more }: InputShape) => {
      key += `|${signature}`;
      for (const value of more) values.push(value);
    };
    for (const step of steps) add('fixed' in step ? step.fixed : this.getInputShape(plan, step));
    if (plan.total !== null)
      add(shapeOfCondition(this.catalog, this.catalog.get(plan.shape.model), plan.total));
    return { text: this.getText(key, plan), values };
  }

  private getText(key: string, plan: ReadPlan): string {
    let text = this.texts.get(key);
    if (text === undefined) {
      text = buildPlanStatement(this.catalog, plan).text;
      this.texts.set(key, text, { weight: key.length + text.length, ttlMs: null });
    }
    return text;
  }

  private getInputShape({ inputs }: ReadPlan, { input: index, model, isPage }: InputStep): InputShape {
    const input = inputs[index];
    if (input === undefined) throw new TypeError(`A plan lacks its input ${index}.`);
    if (!isPage) return shapeOfCondition(this.catalog, model, input.where);
    let shape = this.pages.get(input);
    if (shape === undefined) {
      shape = shapeOfPage(this.catalog, model, input);
      this.pages.set(input, shape);
    }
    return shape;
  }

  private getRecipe(shape: PlanShape): Recipe {
    let recipe = this.recipes.get(shape);
    if (recipe === undefined) {
      const steps: Step[] = [];
      this.addRows(steps, shape, 0);
      recipe = { id: this.shapes++, steps };
      this.recipes.set(shape, recipe);
    }
    return recipe;
  }

  /** In the order in which `buildPlanStatement` takes parameters. */
  private addRows(steps: Step[], shape: PlanShape, input: number): void {
    steps.push({ input, model: this.catalog.get(shape.model), isPage: true });
    this.addChildren(steps, shape);
  }

  private addChildren(steps: Step[], shape: PlanShape): void {
    const model = this.catalog.get(shape.model);
    for (const child of shape.children) {
      if (child.when !== null) steps.push({ fixed: this.fix(model, child.when) });
      const target = this.catalog.get(model.getRelation(child.relation).target);
      if (child.kind === 'many') {
        this.addRows(steps, child.row, child.input);
      } else {
        steps.push({ input: child.input, model: target, isPage: false });
        if (child.kind === 'one') this.addChildren(steps, child.row);
      }
    }
  }

  private fix(model: ModelSql, condition: Condition): InputShape {
    // Part of the plan's shape, which the key names: only its parameters are of interest.
    return { signature: '', values: shapeOfCondition(this.catalog, model, condition).values };
  }
}

interface Recipe {
  readonly id: number;
  readonly steps: readonly Step[];
}

type Step = InputStep | { readonly fixed: InputShape };

/** An input's parameters: those of its whole page, or of its condition alone. */
interface InputStep {
  readonly input: number;
  readonly model: ModelSql;
  readonly isPage: boolean;
}
