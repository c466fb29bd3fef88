import type { CaptureSpec } from '../../changes/capture/capture-spec.js';
import type { Column, Model, ModelGraph, Relation } from '../../model/model-graph.js';
import type { Condition } from '../condition.js';
import type {
  PlanChild,
  PlanInput,
  PlanResult,
  PlanShape,
  ReadPlan,
  SelectionLayout,
  Tuple,
} from '../plan/read-plan.js';
import type { Key, Row, RowValue } from '../row.js';
import type {
  Aggregate,
  AggregateQuery,
  KeyedQuery,
  OrderTerm,
  RelatedAggregateQuery,
  RelatedQuery,
  RowsQuery,
} from '../row-reader.js';
import { findOwnColumns, getModel, getRelation, isHeldInPlace } from './condition-dependences.js';
import { Dependences, type ReadDependences } from './dependences.js';
import { ALL_ROWS, type Bound, findBounds, findScope, type RowScope } from './row-scope.js';
import type { Tagged } from './tag-columns.js';

/** A plan whose shape has the columns that tags are made of. */
export type TaggedPlan = Omit<ReadPlan, 'shape'> & { readonly shape: Tagged<PlanShape> };

/**
 * Tells what answers depend on, so that a change which alters an answer meets at least one of its tags: exactly where
 * the specs have tags for it, else coarser, never finer. Made once for a graph and what is captured of it; holds
 * nothing of a request.
 */
export class ReadTags {
  constructor(
    private readonly graph: ModelGraph,
    private readonly specs: ReadonlyMap<string, CaptureSpec>,
  ) {}

  ofRows(query: Tagged<RowsQuery>, rows: readonly Row[]): ReadDependences {
    return this.#gather((reading) => {
      reading.addPage(query.model, query, [], isComplete(query, rows.length));
      reading.addShown(query.model, rows);
    });
  }

  /** One row that somebody has, by its key. */
  ofRow(model: string, row: Row): ReadDependences {
    return this.#gather((reading) => reading.addShown(model, [row]));
  }

  ofKeyed(query: Tagged<KeyedQuery>, rows: readonly (Row | null)[]): ReadDependences {
    return this.#gather((reading) => {
      const bound = { columns: query.keyColumns, tuples: query.keys };
      reading.addPage(query.model, { where: query.where, order: [] }, [bound], true);
      reading.addShown(
        query.model,
        rows.filter((row) => row !== null),
      );
    });
  }

  ofRelated(query: Tagged<RelatedQuery>, rows: readonly (readonly Row[])[]): ReadDependences {
    return this.#gather((reading) => {
      const isWhole = rows.every((list) => isComplete(query, list.length));
      reading.addRelated(query.parentModel, query.relation, query.parents, query, isWhole);
      for (const list of rows) reading.addShown(query.model, list);
    });
  }

  ofAggregate(query: AggregateQuery): ReadDependences {
    return this.#gather((reading) => reading.addAggregate(query.model, query.where, query.aggregates));
  }

  ofRelatedAggregate(query: RelatedAggregateQuery): ReadDependences {
    return this.#gather((reading) => {
      const { parentModel, relation, parents, where, aggregates } = query;
      reading.addRelated(parentModel, relation, parents, { where, order: [] }, true, aggregates);
    });
  }

  /** `layout` is the plan reader's for the plan's shape. */
  ofPlan(plan: TaggedPlan, layout: SelectionLayout, result: PlanResult): ReadDependences {
    return this.#gather((reading) => {
      const { shape, inputs, total } = plan;
      const root = getInput(inputs, 0);
      reading.addPage(shape.model, root, [], isComplete(root, result.tuples.length));
      if (total !== null) reading.addAggregate(shape.model, total, []);
      reading.addTuples(shape, layout, inputs, result.tuples);
    });
  }

  #gather(read: (reading: Reading) => void): ReadDependences {
    const dependences = new Dependences(this.specs);
    read(new Reading(this.graph, dependences));
    return dependences.finish();
  }
}

/** The part of a query that says which rows, in which order. */
interface Page {
  readonly where: Condition;
  readonly order: readonly OrderTerm[];
}

interface Cut {
  readonly limit: number | null;
  readonly offset?: number;
  readonly after: readonly RowValue[] | null;
}

/** Whether every row that satisfies the condition is shown: its order then decides nothing that its tags don't tell. */
function isComplete({ limit, offset = 0, after }: Cut, rowCount: number): boolean {
  return offset === 0 && after === null && (limit === null || rowCount < limit);
}

/** One answer's dependences on their way. */
class Reading {
  constructor(
    private readonly graph: ModelGraph,
    private readonly dependences: Dependences,
  ) {}

  /** Which rows of a model there are within bounds, how they are picked, and how they are ordered. */
  addPage(
    modelName: string,
    { where, order }: Page,
    bounds: readonly Bound[],
    isWhole: boolean,
    aggregates: readonly Aggregate[] = [],
  ): void {
    const model = getModel(this.graph, modelName);
    const columns = this.#columnsOf(model, { where, order }, isWhole, aggregates);
    const scope = this.#findScope(model.name, [...bounds, ...findBounds(where)]);
    this.dependences.addRows(model.name, scope, columns);
  }

  addAggregate(model: string, where: Condition, aggregates: readonly Aggregate[]): void {
    this.addPage(model, { where, order: [] }, [], true, aggregates);
  }

  /** The rows that some parents' values lead to. */
  addRelated(
    parentModel: string,
    relationName: string,
    parents: readonly Key[],
    page: Page,
    isWhole: boolean,
    aggregates: readonly Aggregate[] = [],
  ): void {
    const parent = getModel(this.graph, parentModel);
    const relation = getRelation(parent, relationName);
    const { link } = relation;
    if (link.kind === 'columns') {
      const bounds = this.#haveSameTexts(parent, relation)
        ? [{ columns: link.foreign, tuples: parents }]
        : [];
      const model = getModel(this.graph, relation.target);
      const columns = [...this.#columnsOf(model, page, isWhole, aggregates), ...link.foreign];
      const scope = this.#findScope(model.name, [...bounds, ...findBounds(page.where)]);
      this.dependences.addRows(model.name, scope, columns);
      return;
    }
    const links = this.#findScope(link.table, [{ columns: [link.localJoinColumn], tuples: parents }]);
    this.dependences.addRows(link.table, links, ['A', 'B']);
    const target = getModel(this.graph, relation.target);
    const columns = this.#columnsOf(target, page, isWhole, aggregates);
    if (isHeldInPlace(parent, relation, this.dependences)) {
      this.dependences.addColumns(target.name, ALL_ROWS, columns);
    } else {
      this.dependences.addRows(target.name, ALL_ROWS, [...columns, ...link.foreign]);
    }
  }

  /** Rows that an answer shows. */
  addShown(model: string, rows: readonly Row[]): void {
    for (const row of rows) this.dependences.addRow(model, (column) => row[column]);
  }

  /** Tuples of a plan, and all that was planned below them. */
  addTuples(
    shape: PlanShape,
    layout: SelectionLayout,
    inputs: readonly PlanInput[],
    tuples: readonly Tuple[],
  ): void {
    const getValue = (tuple: Tuple, column: string): RowValue | undefined => {
      const index = shape.columns.indexOf(column);
      const cell = tuple[index];
      return index < 0 || cell === null ? undefined : layout.columns[index]?.decode(cell);
    };
    for (const tuple of tuples) {
      this.dependences.addRow(shape.model, (column) => getValue(tuple, column));
    }
    const model = getModel(this.graph, shape.model);
    for (const [index, child] of shape.children.entries()) {
      const cells = tuples.map((tuple) => tuple[shape.columns.length + index]);
      const parents = tuples.flatMap((tuple): Key[] => {
        const key = getRelation(model, child.relation).link.local.map(
          (column) => getValue(tuple, column) ?? null,
        );
        return key.includes(null) ? [] : [key];
      });
      this.#addChild(shape, layout, inputs, { child, index, cells, parents });
    }
  }

  #addChild(
    shape: PlanShape,
    layout: SelectionLayout,
    inputs: readonly PlanInput[],
    found: {
      readonly child: PlanChild;
      readonly index: number;
      readonly cells: readonly unknown[];
      readonly parents: readonly Key[];
    },
  ): void {
    const { child, index, cells, parents } = found;
    const input = getInput(inputs, child.input);
    if (child.kind === 'aggregate') {
      this.addRelated(
        shape.model,
        child.relation,
        parents,
        { where: input.where, order: [] },
        true,
        child.aggregates,
      );
      return;
    }
    const lists = cells.map((cell): readonly Tuple[] => {
      if (cell === null || cell === undefined) return [];
      return child.kind === 'one' ? [cell as Tuple] : (cell as readonly Tuple[]);
    });
    const isWhole = child.kind === 'one' || lists.every((list) => isComplete(input, list.length));
    this.addRelated(shape.model, child.relation, parents, input, isWhole);
    const below = layout.children[index];
    if (below !== undefined && below.kind !== 'aggregate')
      this.addTuples(child.row, below.row, inputs, lists.flat());
  }

  #columnsOf(
    model: Model,
    { where, order }: Page,
    isWhole: boolean,
    aggregates: readonly Aggregate[],
  ): ReadonlySet<string> {
    const columns = new Set(findOwnColumns(this.graph, model, where, this.dependences));
    if (!isWhole) for (const { column } of order) columns.add(column);
    for (const { column } of aggregates) if (column !== null) columns.add(column);
    return columns;
  }

  #findScope(model: string, bounds: readonly Bound[]): RowScope {
    const spec = this.dependences.findSpec(model);
    return spec === null ? ALL_ROWS : findScope(spec, bounds);
  }

  /** Whether equal values on both sides of a relation have one text; else the parents' can't name a slice. */
  #haveSameTexts(parent: Model, { target, link }: Relation): boolean {
    const foreignModel = getModel(this.graph, target);
    return link.local.every((name, index) => {
      const [local, foreign] = [
        parent.columns.get(name),
        foreignModel.columns.get(link.foreign[index] ?? ''),
      ];
      return local !== undefined && foreign !== undefined && classOf(local) === classOf(foreign);
    });
  }
}

function getInput(inputs: readonly PlanInput[], index: number): PlanInput {
  const input = inputs[index];
  if (input === undefined) throw new TypeError(`A plan lacks its input ${index}.`);
  return input;
}

const TEXT_CLASSES: ReadonlyMap<string, string> = new Map([
  ['int2', 'integer'],
  ['int4', 'integer'],
  ['int8', 'integer'],
  ['varchar', 'text'],
]);

function classOf({ pgType }: Column): string {
  return TEXT_CLASSES.get(pgType) ?? pgType;
}
