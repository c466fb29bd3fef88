import { SluiceError } from '../../kernel/sluice-error.js';
import type { Row } from '../../reads/row.js';
import { checkRows } from '../pagination/page-arguments.js';
import type { PageLimits } from '../resolvers.js';

/** How many rows a list reads: what `first` says, else one more than the most that a list may hold. */
export function listLimit(first: number | null | undefined, limits: PageLimits): number {
  return first === undefined || first === null ? limits.maxPageRows + 1 : checkRows(first, 'first', limits);
}

/**
 * A list's rows, as they were read with `listLimit`. A list that is longer than the bound is an error rather than
 * cut short in silence.
 *
 * @throws SluiceError `LIST_TOO_LARGE`
 */
export function checkListLength(rows: readonly Row[], place: string, limits: PageLimits): readonly Row[] {
  if (rows.length <= limits.maxPageRows) return rows;
  const problem = `${place} holds more than ${limits.maxPageRows} rows`;
  throw new SluiceError(
    'LIST_TOO_LARGE',
    `${problem}: ask for fewer with first, or page through a connection`,
  );
}
