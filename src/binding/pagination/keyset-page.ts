import type { RowValue } from '../../reads/row.js';
import type { PageLimits } from '../resolvers.js';
import { type Connection, createConnection } from './connection.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { type PageArguments, parsePageArguments } from './page-arguments.js';

/** The order that a connection's cursors belong to. */
export interface CursorOrder<Node> {
  /** Names the order, so that cursors of different orders or searches don't mix. */
  readonly orderName: string;
  /** The values that the order compares, the key's last; exact texts rather than rounded numbers. */
  readonly cursorValues: (node: Node) => readonly RowValue[];
  /** How many values a cursor of this order has. */
  readonly cursorLength: number;
}

/** What a page asks of whoever reads its rows. */
export interface KeysetRequest {
  /** One more than the page has, which tells whether there is another. */
  readonly limit: number;
  /** Rows strictly after these values of the order; null: no bound. */
  readonly after: readonly RowValue[] | null;
  /** Rows strictly before these. */
  readonly before: readonly RowValue[] | null;
  /** True: rows from the end, in reversed order. */
  readonly isBackward: boolean;
}

/** What a hand-written connection is made of. */
export interface KeysetPageOptions<Node> extends CursorOrder<Node> {
  readonly args: PageArguments;
  readonly limits: PageLimits;
  readonly load: (request: KeysetRequest) => Promise<readonly Node[]>;
  readonly totalCount: () => Promise<number>;
}

/** Reads a page's arguments. @throws SluiceError `BAD_USER_INPUT` */
export function readKeysetRequest(
  args: PageArguments,
  limits: PageLimits,
  order: Pick<CursorOrder<unknown>, 'orderName' | 'cursorLength'>,
): KeysetRequest {
  const request = parsePageArguments(args, limits);
  const decode = (cursor: string | null, name: string) =>
    cursor === null ? null : decodeCursor(cursor, order.orderName, order.cursorLength, name);
  return {
    limit: request.rows + 1,
    after: decode(request.after, 'after'),
    before: decode(request.before, 'before'),
    isBackward: request.isBackward,
  };
}

/** Makes a connection of the rows that `request` asked for. */
export function finishKeysetPage<Node>(
  request: KeysetRequest,
  order: CursorOrder<Node>,
  rows: readonly Node[],
  totalCount: () => Promise<number>,
): Connection<Node> {
  const page = rows.slice(0, request.limit - 1);
  return createConnection({
    nodes: request.isBackward ? page.reverse() : page,
    cursorOf: (node) => encodeCursor(order.orderName, order.cursorValues(node)),
    isBackward: request.isBackward,
    hasMore: rows.length >= request.limit,
    hasAfter: request.after !== null,
    hasBefore: request.before !== null,
    totalCount,
  });
}

/**
 * A keyset-paginated connection over rows that a resolver reads by hand, with the arguments, cursors and faults of a
 * bound one.
 */
export async function createKeysetPage<Node>(options: KeysetPageOptions<Node>): Promise<Connection<Node>> {
  const request = readKeysetRequest(options.args, options.limits, options);
  return finishKeysetPage(request, options, await options.load(request), options.totalCount);
}
