import type { Model } from '../../model/model-graph.js';
import type { Condition } from '../condition.js';
import { allOf } from '../condition.js';
import type { Row, RowValue } from '../row.js';
import type { Aggregate, RowsQuery } from '../row-reader.js';
import { sumDecimals } from './decimal-sum.js';
import { getColumn } from './model-parts.js';
import type { PrismaArguments, PrismaRecord } from './prisma-client-port.js';
import { readPrismaValue } from './prisma-output.js';

/** Where an aggregate's value comes from. */
export type AggregateSource =
  /** Prisma's `aggregate` and `groupBy`. */
  | { readonly kind: 'prisma' }
  /** The first row of an order: Prisma's `_min` and `_max` know neither enums, booleans nor microseconds. */
  | { readonly kind: 'extreme'; readonly query: AggregateRows }
  /** Rows' exact texts added up: Prisma's sum of decimals has lost the zeros at its end. */
  | { readonly kind: 'decimals'; readonly query: AggregateRows };

/** The part of a query that says which rows, and what of them, an aggregate is made of. */
export type AggregateRows = Omit<RowsQuery, 'model'>;

export function findAggregateSource(
  model: Model,
  { fn, column }: Aggregate,
  where: Condition,
): AggregateSource {
  if (fn === 'count') return { kind: 'prisma' };
  if (column === null) throw new TypeError(`The aggregate ${fn} needs a column.`);
  const rows: AggregateRows = {
    columns: [column],
    where: allOf(where, { kind: 'null', column, negated: true }),
    order: [],
    limit: null,
    offset: 0,
    after: null,
  };
  if (fn === 'min' || fn === 'max') {
    const direction = fn === 'min' ? 'asc' : 'desc';
    return { kind: 'extreme', query: { ...rows, order: [{ column, direction, nulls: 'last' }], limit: 1 } };
  }
  const isDecimalSum = fn === 'sum' && getColumn(model, column).type === 'Decimal';
  return isDecimalSum ? { kind: 'decimals', query: rows } : { kind: 'prisma' };
}

/** The aggregate's value over the rows of its `AggregateRows`. */
export function aggregateRowsRead({ fn, column }: Aggregate, rows: readonly Row[]): RowValue {
  const values = rows.map((row) => row[column ?? ''] ?? null);
  return fn === 'sum' ? sumDecimals(values.map(String)) : (values[0] ?? null);
}

/** Arguments of Prisma's `aggregate` and `groupBy` for those that Prisma answers; empty for none. */
export function toAggregateArguments(aggregates: readonly Aggregate[]): PrismaArguments {
  const byFunction: Record<string, Record<string, true>> = {};
  for (const { fn, column } of aggregates) {
    byFunction[`_${fn}`] = { ...byFunction[`_${fn}`], [fn === 'count' ? '_all' : (column ?? '')]: true };
  }
  return byFunction;
}

/** The aggregate's value in an answer to `toAggregateArguments`; `record` null for a group without rows. */
export function readAggregate(
  model: Model,
  { fn, column }: Aggregate,
  record: PrismaRecord | null,
): RowValue {
  const values = (record?.[`_${fn}`] ?? {}) as PrismaRecord;
  if (fn === 'count') return Number(values._all ?? 0);
  const { type, name } = getColumn(model, column ?? '');
  const value = readPrismaValue(getColumn(model, name), values[name]);
  const isWholeSum = fn === 'sum' && (type === 'Int' || type === 'BigInt');
  return isWholeSum && value !== null ? String(value) : value;
}
