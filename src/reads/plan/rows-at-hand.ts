import { encodeStable } from '../../kernel/stable-encoding.js';
import type { RowSpec } from '../read-spec.js';
import type { Key, Row } from '../row.js';
import { findPlanned, type PlannedRow, withoutPlanned } from './hydrate.js';
import type { PlanChild, PlanShape } from './read-plan.js';

/**
 * Rows that a request's plans have read, found again by a key: a hand-written resolver that asks the loaders for one of
 * them costs no statement. Nothing is looked through before somebody asks.
 */
export class RowsAtHand {
  private readonly read: { readonly shape: PlanShape; readonly rows: readonly PlannedRow[] }[] = [];
  private indexes = new Map<RowSpec, ReadonlyMap<string, Row>>();

  add(shape: PlanShape, rows: readonly PlannedRow[]): void {
    this.read.push({ shape, rows });
    if (this.indexes.size > 0) this.indexes = new Map();
  }

  /** Null where no plan has read a row with this key and all of the columns; the database may have one. */
  find(spec: RowSpec, key: Key): Row | null {
    // Whether another condition holds of a row isn't known of its columns.
    if (this.read.length === 0 || spec.where.kind !== 'all' || spec.where.of.length > 0) return null;
    let index = this.indexes.get(spec);
    if (index === undefined) {
      index = this.createIndex(spec);
      this.indexes.set(spec, index);
    }
    return index.get(encodeStable(key)) ?? null;
  }

  private createIndex(spec: RowSpec): ReadonlyMap<string, Row> {
    const index = new Map<string, Row>();
    for (const { shape, rows } of this.read) collect(spec, shape, rows, index);
    return index;
  }
}

function collect(
  spec: RowSpec,
  shape: PlanShape,
  rows: readonly PlannedRow[],
  index: Map<string, Row>,
): void {
  const columns = new Set(shape.columns);
  const isWanted =
    shape.model === spec.model && [...spec.columns, ...spec.keyColumns].every((name) => columns.has(name));
  for (const row of rows) {
    if (isWanted) index.set(encodeStable(spec.keyColumns.map((name) => row[name])), withoutPlanned(row));
    for (const child of shape.children) {
      if (child.kind !== 'aggregate') collect(spec, child.row, rowsOf(child, row), index);
    }
  }
}

function rowsOf(child: PlanChild, row: PlannedRow): readonly PlannedRow[] {
  // What is not of an aggregate is a row, rows or none.
  const planned = findPlanned(row, child.slot) as PlannedRow | readonly PlannedRow[] | null | undefined;
  return [planned ?? []].flat();
}
