import type { Condition } from '../condition.js';
import type { RowValue } from '../row.js';
import type { Aggregate, OrderTerm } from '../row-reader.js';

/**
 * What one bound root field reads, as a tree: its rows, and below them the related rows, counts and aggregates that its
 * selection asks for. The shape depends on the operation alone and is made once; what depends on a request's variables
 * stands apart, in `PlanInput`s that the shape refers to by their index.
 */
export interface PlanShape {
  readonly model: string;
  /** Without duplicates; at least one. */
  readonly columns: readonly string[];
  readonly children: readonly PlanChild[];
}

/**
 * What is read beside a row. Its `slot` tells it from its siblings; with `when`, only rows that satisfy that condition
 * have it. `input` says which related rows.
 */
export type PlanChild = {
  readonly slot: string;
  readonly relation: string;
  readonly when: Condition | null;
  readonly input: number;
} & (
  | { readonly kind: 'one' | 'many'; readonly row: PlanShape }
  | { readonly kind: 'aggregate'; readonly aggregates: readonly Aggregate[] }
);

/** Which rows; as in `RowsQuery`. Only `many` uses more than `where`. */
export interface PlanInput {
  readonly where: Condition;
  readonly order: readonly OrderTerm[];
  readonly limit: number | null;
  readonly after: readonly RowValue[] | null;
}

/** A shape with the inputs of one request. */
export interface ReadPlan {
  readonly shape: PlanShape;
  /** The root's first. */
  readonly inputs: readonly PlanInput[];
  /** Where it is a condition, the rows that satisfy it are counted as well. */
  readonly total: Condition | null;
}

/**
 * A row as it is transported: the columns' cells in their order, then one cell per child: a tuple or null for `one`,
 * tuples or null (for none) for `many`, cells for `aggregate`. Cells become row values by the layout's decoders.
 */
export type Tuple = readonly unknown[];

/** How the cells of a shape's tuples become values, in the shape's own form. A reader makes it once per shape. */
export interface SelectionLayout {
  readonly columns: readonly ColumnLayout[];
  readonly children: readonly ChildLayout[];
}

export interface ColumnLayout {
  readonly name: string;
  readonly decode: DecodeCell;
  /** What a NULL is read as. */
  readonly absent: RowValue;
}

export type ChildLayout =
  | { readonly kind: 'one' | 'many'; readonly slot: string; readonly row: SelectionLayout }
  | { readonly kind: 'aggregate'; readonly slot: string; readonly decode: readonly DecodeCell[] };

/** Makes a row value of a cell; for aggregates of null too. */
export type DecodeCell = (cell: unknown) => RowValue;

/** What a plan's statement answered. */
export interface PlanResult {
  readonly tuples: readonly Tuple[];
  /** Null where the plan asks for none. */
  readonly total: number | null;
}

/** A reader that answers whole plans, in one statement each. Failures are those of `RowReader`. */
export interface PlanReader {
  /** The same object for the same shape. */
  getLayout(shape: PlanShape): SelectionLayout;
  readPlan(plan: ReadPlan): Promise<PlanResult>;
}
