import fc from 'fast-check';
import type { Model, ModelGraph } from '../../../src/model/model-graph.js';
import { ALWAYS } from '../../../src/reads/condition.js';
import type { PlanChild, PlanInput, PlanShape, ReadPlan } from '../../../src/reads/plan/read-plan.js';
import type { OrderTerm } from '../../../src/reads/row-reader.js';
import type { RandomQueries } from '../contract/random-queries.js';

interface DrawnShape {
  readonly model: Model;
  readonly columns: readonly string[];
  readonly children: readonly DrawnChild[];
}

interface DrawnChild {
  readonly relation: string;
  readonly isAggregate: boolean;
  readonly input: PlanInput;
  readonly below: DrawnShape;
}

/** Draws whole plans, two relations deep. */
export function randomPlan(graph: ModelGraph, queries: RandomQueries): fc.Arbitrary<ReadPlan> {
  const models = [...graph.models.values()].filter(({ kind }) => kind === 'table');
  return fc.constantFrom(...models).chain((model) =>
    fc
      .tuple(
        drawShape(graph, queries, model, 2),
        drawInput(queries, model, 1),
        fc.option(queries.condition(model, 1)),
      )
      .map(([drawn, input, total]) => {
        const inputs = [input];
        return { shape: number(drawn, inputs), inputs, total };
      }),
  );
}

function drawShape(
  graph: ModelGraph,
  queries: RandomQueries,
  model: Model,
  depth: number,
): fc.Arbitrary<DrawnShape> {
  const columns = fc.uniqueArray(fc.constantFrom(...model.columns.keys()), { minLength: 1, maxLength: 3 });
  const relations = [...model.relations.values()].filter(
    ({ target }) => graph.models.get(target)!.kind === 'table',
  );
  const child = (): fc.Arbitrary<DrawnChild> =>
    fc.constantFrom(...relations).chain((relation) => {
      const target = graph.models.get(relation.target)!;
      const isOne = relation.cardinality === 'one';
      return fc.record({
        relation: fc.constant(relation.name),
        isAggregate: isOne ? fc.constant(false) : fc.boolean(),
        input: isOne
          ? fc.constant({ where: ALWAYS, order: [], limit: null, after: null })
          : drawInput(queries, target, 0),
        below: drawShape(graph, queries, target, depth - 1),
      });
    });
  const children =
    depth === 0 || relations.length === 0 ? fc.constant([]) : fc.array(child(), { maxLength: 2 });
  return fc.record({ model: fc.constant(model), columns, children });
}

function drawInput(queries: RandomQueries, model: Model, depth: number): fc.Arbitrary<PlanInput> {
  const orderable = [...model.columns.values()].filter(({ isList, type }) => !isList && type !== 'Json');
  const key: OrderTerm[] = model.primaryKey!.map((column) => ({ column, direction: 'asc', nulls: 'last' }));
  return fc
    .record({
      where: fc.oneof(fc.constant(ALWAYS), queries.condition(model, depth)),
      first: fc.option(fc.constantFrom(...orderable)),
      limit: fc.option(fc.integer({ min: 1, max: 5 })),
    })
    .map(({ where, first, limit }) => {
      const terms: OrderTerm[] =
        first === null || model.primaryKey!.includes(first.name)
          ? key
          : [{ column: first.name, direction: 'desc', nulls: 'last' }, ...key];
      return { where, order: terms, limit, after: null };
    });
}

/** Inputs stand apart from the shape, which refers to them by number. */
function number(drawn: DrawnShape, inputs: PlanInput[]): PlanShape {
  const children = drawn.children.map((child, index): PlanChild => {
    const input = inputs.push(child.input) - 1;
    const at = { slot: `${index}`, relation: child.relation, when: null, input };
    if (child.isAggregate) return { ...at, kind: 'aggregate', aggregates: [{ fn: 'count', column: null }] };
    const row = number(child.below, inputs);
    const isMany = child.input.order.length > 0;
    return { ...at, kind: isMany ? 'many' : 'one', row };
  });
  return { model: drawn.model.name, columns: drawn.columns, children };
}
