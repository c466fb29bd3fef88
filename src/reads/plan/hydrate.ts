import type { Row, RowValue } from '../row.js';
import type { ChildLayout, SelectionLayout, Tuple } from './read-plan.js';

/** What is planned below a row: related rows, or the values of aggregates. */
export type Planned = PlannedRow | null | readonly PlannedRow[] | readonly RowValue[];

/** Where a row keeps what was planned below it: under no text, so that no column's name can meet it. */
const PLANNED = Symbol('planned');

/** A row with what was planned below it, by slot. */
export type PlannedRow = Row & { readonly [PLANNED]?: Readonly<Record<string, Planned>> };

/** What was planned in a slot of a row; undefined where nothing was. */
export function findPlanned(row: PlannedRow, slot: string): Planned | undefined {
  return row[PLANNED]?.[slot];
}

/** The row's columns alone. */
export function withoutPlanned(row: PlannedRow): Row {
  if (!(PLANNED in row)) return row;
  const { [PLANNED]: _, ...columns } = row;
  return columns;
}

/** Makes rows of a plan's tuples. */
export function hydrateRows(layout: SelectionLayout, tuples: readonly Tuple[]): readonly PlannedRow[] {
  return tuples.map((tuple) => hydrateRow(layout, tuple));
}

function hydrateRow(layout: SelectionLayout, tuple: Tuple): PlannedRow {
  const row: Record<string, RowValue> & { [PLANNED]?: Record<string, Planned> } = {};
  let position = 0;
  for (const { name, decode, absent } of layout.columns) {
    const cell = tuple[position++];
    row[name] = cell === null ? absent : decode(cell);
  }
  if (layout.children.length === 0) return row;
  const planned: Record<string, Planned> = {};
  for (const child of layout.children) planned[child.slot] = hydrateChild(child, tuple[position++]);
  row[PLANNED] = planned;
  return row;
}

function hydrateChild(child: ChildLayout, cell: unknown): Planned {
  if (child.kind === 'aggregate') {
    // Null where the row is none of those that have it.
    const cells = (cell ?? NO_ROWS) as Tuple;
    return child.decode.map((decode, index) => decode(cells[index] ?? null));
  }
  if (child.kind === 'many')
    return cell === null ? NO_ROWS : hydrateRows(child.row, cell as readonly Tuple[]);
  return cell === null ? null : hydrateRow(child.row, cell as Tuple);
}

const NO_ROWS: readonly PlannedRow[] = Object.freeze([]);
