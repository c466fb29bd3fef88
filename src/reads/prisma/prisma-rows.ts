import type { Model } from '../../model/model-graph.js';
import type { Row, RowValue } from '../row.js';
import type { OrderTerm } from '../row-reader.js';
import { needsExactText } from './exact-text.js';
import { findIdentity, getColumn } from './model-parts.js';
import type { PrismaRecord, PrismaSelect, PrismaSource } from './prisma-client-port.js';
import { readPrismaValue } from './prisma-output.js';
import { selectExactValues } from './raw-select.js';

/** How some columns of a model are read: what Prisma selects, and what a second statement adds. */
export interface RowPlan {
  readonly model: Model;
  readonly select: PrismaSelect;
  /** Columns that Prisma selects. */
  readonly selected: readonly string[];
  /** Columns that a second statement reads; none for rows without identity. */
  readonly exact: readonly string[];
}

export function createRowPlan(model: Model, columns: readonly string[]): RowPlan {
  const wanted = [...new Set(columns)];
  const identity = findIdentity(model);
  const isExact = (name: string): boolean => identity !== null && needsExactText(getColumn(model, name));
  const exact = wanted.filter(isExact);
  const selected = new Set(wanted.filter((name) => !isExact(name)));
  if (exact.length > 0) for (const name of identity ?? []) selected.add(name);
  // Prisma can't select nothing.
  if (selected.size === 0)
    for (const name of identity ?? [...model.columns.keys()].slice(0, 1)) selected.add(name);
  return {
    model,
    select: Object.fromEntries([...selected].map((name) => [name, true])),
    selected: [...selected],
    exact,
  };
}

/**
 * Rows of what Prisma gave, entry i for record i. Null for a row that went between the two statements: Prisma's
 * and the one that reads its exact texts.
 */
export async function readRows(
  source: PrismaSource,
  plan: RowPlan,
  records: readonly PrismaRecord[],
): Promise<readonly (Row | null)[]> {
  const { model, selected, exact } = plan;
  const rows = records.map((record) => {
    const row: Record<string, RowValue> = {};
    for (const name of selected) row[name] = readPrismaValue(getColumn(model, name), record[name]);
    return row;
  });
  if (exact.length === 0 || rows.length === 0) return rows;
  const identity = findIdentity(model) ?? [];
  const keys = records.map((record) =>
    identity.map((name) => readPrismaValue(getColumn(model, name), record[name])),
  );
  const columns = exact.map((name) => getColumn(model, name));
  const values = await selectExactValues(source, model, keys, columns);
  return rows.map((row, index) => {
    const found = values[index] ?? null;
    if (found === null) return null;
    return { ...row, ...Object.fromEntries(exact.map((name, at) => [name, found[at] ?? null])) };
  });
}

export function toPrismaOrder(model: Model, order: readonly OrderTerm[]): readonly PrismaSelect[] {
  // Prisma gives rows of a view without @id only in some order, so any: that of its first column.
  if (order.length === 0 && model.kind === 'view') {
    return [...model.columns.keys()].slice(0, 1).map((column) => ({ [column]: 'asc' }));
  }
  return order.map(({ column, direction, nulls }) => {
    // A required column takes no word on nulls.
    if (!getColumn(model, column).isNullable) return { [column]: direction };
    return { [column]: { sort: direction, nulls } };
  });
}
