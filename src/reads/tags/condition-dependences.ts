import type { Model, ModelGraph, Relation } from '../../model/model-graph.js';
import type { Condition } from '../condition.js';
import type { Dependences } from './dependences.js';
import { ALL_ROWS } from './row-scope.js';

/**
 * The columns of the model's own rows that a condition looks at. What it asks of related rows is added to
 * `dependences` on the way.
 */
export function findOwnColumns(
  graph: ModelGraph,
  model: Model,
  where: Condition,
  dependences: Dependences,
): ReadonlySet<string> {
  const columns = new Set<string>();
  collect(graph, model, where, dependences, columns);
  return columns;
}

function collect(
  graph: ModelGraph,
  model: Model,
  where: Condition,
  dependences: Dependences,
  columns: Set<string>,
): void {
  switch (where.kind) {
    case 'all':
    case 'any':
      for (const part of where.of) collect(graph, model, part, dependences, columns);
      return;
    case 'not':
      collect(graph, model, where.of, dependences, columns);
      return;
    case 'related': {
      const relation = getRelation(model, where.relation);
      for (const column of relation.link.local) columns.add(column);
      addRelated(graph, model, relation, where.where, dependences);
      return;
    }
    default:
      columns.add(where.column);
  }
}

/** Whether a related row exists hangs on which there are, on what brings them together, and on the inner condition. */
function addRelated(
  graph: ModelGraph,
  model: Model,
  relation: Relation,
  where: Condition,
  dependences: Dependences,
): void {
  const target = getModel(graph, relation.target);
  const columns = new Set(findOwnColumns(graph, target, where, dependences));
  if (relation.link.kind === 'join') dependences.addRows(relation.link.table, ALL_ROWS, ['A', 'B']);
  if (isHeldInPlace(model, relation, dependences)) {
    dependences.addColumns(target.name, ALL_ROWS, columns);
    return;
  }
  for (const column of relation.link.foreign) columns.add(column);
  dependences.addRows(target.name, ALL_ROWS, columns);
}

/**
 * Whether foreign keys see to it that a related row comes before and goes after whatever refers to it, so that it
 * neither appears nor vanishes by itself.
 */
export function isHeldInPlace(model: Model, relation: Relation, dependences: Dependences): boolean {
  const { link } = relation;
  const holder = link.kind === 'join' ? link.table : model.name;
  const enforced = dependences.findSpec(holder)?.enforced ?? [];
  return link.kind === 'join'
    ? enforced.includes('A') && enforced.includes('B')
    : link.keyOn === 'local' && enforced.includes(relation.name);
}

export function getModel(graph: ModelGraph, name: string): Model {
  const model = graph.models.get(name);
  if (model === undefined) throw new TypeError(`There is no model ${name}.`);
  return model;
}

export function getRelation(model: Model, name: string): Relation {
  const relation = model.relations.get(name);
  if (relation === undefined) throw new TypeError(`The model ${model.name} has no relation ${name}.`);
  return relation;
}
