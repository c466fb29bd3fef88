import { badUserInput } from '../../kernel/sluice-error.js';
import type { Model } from '../../model/model-graph.js';
import { allOf, type Condition } from '../../reads/condition.js';
import type { Row, RowValue } from '../../reads/row.js';
import type { OrderTerm, RowsQuery } from '../../reads/row-reader.js';
import type { RowsRequest } from '../bindings.js';
import { checkValue } from '../inputs/check-value.js';
import { nameOrder, reverseOrder } from '../inputs/read-order.js';
import type { Connection } from '../pagination/connection.js';
import {
  type CursorOrder,
  finishKeysetPage,
  type KeysetRequest,
  readKeysetRequest,
} from '../pagination/keyset-page.js';
import type { PageLimits } from '../resolvers.js';
import { beyond } from './beyond.js';
import type { RowsArguments } from './rows-request.js';

/** A bound connection whose arguments are read: which rows to read, and how they become the connection. */
export interface ConnectionRequest {
  readonly query: Omit<RowsQuery, 'model'>;
  readonly page: KeysetRequest;
  readonly cursors: CursorOrder<Row>;
  /** Rows that `totalCount` counts. */
  readonly counted: Condition;
  readonly finish: (rows: readonly Row[], totalCount: () => Promise<number>) => Connection<Row>;
}

/**
 * Reads the arguments of a bound connection, root or relation. `columns` are those that the selection needs; those of
 * the order are added.
 *
 * @throws SluiceError `BAD_USER_INPUT`
 */
export function readConnectionRequest(
  model: Model,
  request: RowsRequest,
  columns: readonly string[],
  args: RowsArguments,
  limits: PageLimits,
): ConnectionRequest {
  const { order } = request;
  const cursors: CursorOrder<Row> = {
    orderName: nameOrder(model, order),
    cursorLength: order.length,
    cursorValues: (row) => order.map((term) => row[term.column] ?? null),
  };
  const page = readKeysetRequest(args, limits, cursors);
  checkCursorValues(model, order, page.after, 'after');
  checkCursorValues(model, order, page.before, 'before');
  return {
    query: toQuery(model, request, page, [...new Set([...columns, ...order.map((term) => term.column)])]),
    page,
    cursors,
    counted: request.where,
    finish: (rows, totalCount) => finishKeysetPage(page, cursors, rows, totalCount),
  };
}

function toQuery(
  model: Model,
  request: RowsRequest,
  page: KeysetRequest,
  columns: readonly string[],
): Omit<RowsQuery, 'model'> {
  const order = page.isBackward ? reverseOrder(request.order) : request.order;
  const start = page.isBackward ? page.before : page.after;
  const end = page.isBackward ? page.after : page.before;
  // The far bound is rarely given, so it is a condition rather than a second position in every query.
  const where = end === null ? request.where : allOf(request.where, beyond(model, reverseOrder(order), end));
  return { columns, where, order, limit: page.limit, offset: 0, after: start };
}

function checkCursorValues(
  model: Model,
  order: readonly OrderTerm[],
  values: readonly RowValue[] | null,
  argumentName: string,
): void {
  if (values === null) return;
  for (const [index, term] of order.entries()) {
    const column = model.columns.get(term.column);
    const value = values[index] ?? null;
    if (column === undefined || value === null) continue;
    const expected =
      column.type === 'Boolean'
        ? 'boolean'
        : column.type === 'Int' || column.type === 'Float'
          ? 'number'
          : 'string';
    if (typeof value !== expected || checkValue(column, value) !== null) {
      throw badUserInput([argumentName], 'is not a cursor of this API');
    }
  }
}
