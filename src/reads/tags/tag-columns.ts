import type { CaptureSpec } from '../../changes/capture/capture-spec.js';
import type { ModelGraph } from '../../model/model-graph.js';
import type { PlanChild, PlanShape } from '../plan/read-plan.js';
import type { KeyedQuery, RelatedQuery, RowsQuery } from '../row-reader.js';
import { getModel, getRelation } from './condition-dependences.js';

declare const TAGGED: unique symbol;

/**
 * A query whose answer tells which rows it shows: their keys are among the columns, and in a plan what brings related
 * rows together. Only `TagColumns` makes one; without these columns an answer would depend on whole tables.
 */
export type Tagged<Query> = Query & { readonly [TAGGED]: true };

type Specs = ReadonlyMap<string, CaptureSpec>;

/** Adds to queries the columns that their answers' tags are made of. They stand behind those that were asked for. */
export class TagColumns {
  readonly #shapes = new WeakMap<PlanShape, Tagged<PlanShape>>();

  constructor(
    private readonly graph: ModelGraph,
    private readonly specs: Specs,
  ) {}

  addToQuery<Query extends RowsQuery | KeyedQuery | RelatedQuery>(query: Query): Tagged<Query> {
    const columns = [...new Set([...query.columns, ...this.#keyOf(query.model)])];
    return { ...query, columns } as Query as Tagged<Query>;
  }

  /** The same object for the same shape. */
  addToShape(shape: PlanShape): Tagged<PlanShape> {
    let tagged = this.#shapes.get(shape);
    if (tagged === undefined) {
      tagged = this.#createShape(shape);
      this.#shapes.set(shape, tagged);
      this.#shapes.set(tagged, tagged);
    }
    return tagged;
  }

  #createShape(shape: PlanShape): Tagged<PlanShape> {
    const model = getModel(this.graph, shape.model);
    const links = shape.children.flatMap((child) => getRelation(model, child.relation).link.local);
    const children = shape.children.map(
      (child): PlanChild =>
        child.kind === 'aggregate' ? child : { ...child, row: this.addToShape(child.row) },
    );
    const columns = [...new Set([...shape.columns, ...this.#keyOf(shape.model), ...links])];
    return { model: shape.model, columns, children } as PlanShape as Tagged<PlanShape>;
  }

  #keyOf(model: string): readonly string[] {
    return this.specs.get(model)?.key?.map(({ name }) => name) ?? [];
  }
}
