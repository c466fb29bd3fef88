import { badUserInput } from '../../kernel/sluice-error.js';
import { allOf } from '../../reads/condition.js';
import type { RowsRequest, RowTarget } from '../bindings.js';
import { readFilter } from '../inputs/read-filter.js';
import { readOrder } from '../inputs/read-order.js';

/** The aggregate that counts rows. */
export const COUNT = Object.freeze({ fn: 'count', column: null } as const);

/** Arguments of a field over many rows, as GraphQL coerced them. */
export interface RowsArguments {
  readonly filter?: unknown;
  readonly orderBy?: unknown;
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** Which rows the arguments ask for, and in which order. @throws SluiceError `BAD_USER_INPUT` */
export function readRowsRequest(target: RowTarget, args: RowsArguments): RowsRequest {
  return {
    where: readWhere(target, args),
    order: readOrder(target.order, args.orderBy, target.model, ['orderBy']),
  };
}

/** The condition of a filter argument together with what the type hides. @throws SluiceError `BAD_USER_INPUT` */
export function readWhere(target: RowTarget, args: RowsArguments): RowsRequest['where'] {
  if (target.filter === null) {
    if (args.filter !== undefined && args.filter !== null)
      throw badUserInput(['filter'], 'is not taken here');
    return target.where();
  }
  return allOf(target.where(), readFilter(target.filter, args.filter, ['filter']));
}
