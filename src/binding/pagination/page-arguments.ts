import { badUserInput } from '../../kernel/sluice-error.js';
import type { PageLimits } from '../resolvers.js';

/** The arguments of a Relay connection as they come; null counts as absent. */
export interface PageArguments {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

/** A page that can be read: so many rows, from the front or from the back. */
export interface PageRequest {
  readonly rows: number;
  /** True: the last rows, read in reversed order. */
  readonly isBackward: boolean;
  readonly after: string | null;
  readonly before: string | null;
}

/**
 * Reads a connection's arguments.
 *
 * @throws SluiceError `BAD_USER_INPUT` for `first` and `last` together, and for numbers below 1 or above the maximum
 */
export function parsePageArguments(args: PageArguments, limits: PageLimits): PageRequest {
  const first = args.first ?? null;
  const last = args.last ?? null;
  if (first !== null && last !== null)
    throw badUserInput(['first'], "and last can't be given together: a page has one direction");
  const name = last === null ? 'first' : 'last';
  const rows = first ?? last ?? limits.defaultPageRows;
  return {
    rows: checkRows(rows, name, limits),
    isBackward: last !== null,
    after: args.after ?? null,
    before: args.before ?? null,
  };
}

/** @throws SluiceError `BAD_USER_INPUT` where `rows` is below 1 or above the maximum */
export function checkRows(rows: number, argumentName: string, limits: PageLimits): number {
  if (rows < 1) throw badUserInput([argumentName], `must be at least 1, not ${rows}`);
  if (rows > limits.maxPageRows)
    throw badUserInput([argumentName], `must be at most ${limits.maxPageRows}, not ${rows}`);
  return rows;
}
